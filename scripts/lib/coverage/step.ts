// What reaches a chain, as lines that test/coverage/Replay.t.sol reads.
import { AbiCoder } from "ethers/abi";
import { ZeroAddress } from "ethers/constants";
import { keccak256 } from "ethers/crypto";

/** The order is that of `Kind` in test/coverage/Replay.t.sol. */
export const KINDS = ["end", "chain", "call", "create", "snapshot", "revert", "balance", "code", "storage"] as const;
export type Kind = (typeof KINDS)[number];

export interface Step {
  kind: Kind;
  /** Nothing of it stays: it was asked, not sent. */
  dry: boolean;
  /** Its block, and who made that. */
  block: bigint;
  timestamp: bigint;
  coinbase: string;
  from: string;
  /** The sender's, which the address of a creation depends on. */
  nonce: bigint;
  /** What is called or changed; of a creation, where it comes to lie, or nobody if that was not told. */
  to: string;
  /** Of a call in wei; the balance, the slot, the snapshot's number. */
  value: bigint;
  /** Of a creation: the contract of ours, `file:name`, whose creation code comes before `data`; of a chain: whose it is. */
  artifact: string;
  /** Also the code, or what the slot holds. */
  data: string;
  succeeded: boolean;
  /** The hash of what was returned if `dry`, nothing if that was not told; else the hash of each log in order. */
  outcomes: string[];
}

const FIELDS = [
  "uint8",
  "bool",
  "uint64",
  "uint64",
  "address",
  "address",
  "uint64",
  "address",
  "uint256",
  "string",
  "bytes",
  "bool",
  "bytes32[]",
];

const STEP = `tuple(${FIELDS.join(",")})`;
const ARTIFACT = 9;

const NOTHING: Omit<Step, "kind"> = {
  dry: false,
  block: 0n,
  timestamp: 0n,
  coinbase: ZeroAddress,
  from: ZeroAddress,
  nonce: 0n,
  to: ZeroAddress,
  value: 0n,
  artifact: "",
  data: "0x",
  succeeded: true,
  outcomes: [],
};

/** One line, without its end. */
export function lineOf(step: Partial<Step> & Pick<Step, "kind">): string {
  const s: Step = { ...NOTHING, ...step };
  const values = [
    KINDS.indexOf(s.kind),
    s.dry,
    s.block,
    s.timestamp,
    s.coinbase,
    s.from,
    s.nonce,
    s.to,
    s.value,
    s.artifact,
    s.data,
    s.succeeded,
    s.outcomes,
  ];
  return AbiCoder.defaultAbiCoder().encode([STEP], [values]);
}

/** Whose chain begins with a line, if one does. */
export function chainIn(line: string): string | undefined {
  // Its kind is the first word after the offset of the step.
  const kind = Number(`0x${line.slice(66, 130)}`);
  if (KINDS[kind] !== "chain") return undefined;
  return (AbiCoder.defaultAbiCoder().decode([STEP], line)[0] as unknown[])[ARTIFACT] as string;
}

export interface Log {
  address: string;
  topics: string[];
  data: string;
}

/** The hash of each log of a transaction. */
export function hashesOfLogs(logs: readonly Log[]): string[] {
  return logs.map(({ topics, data, address }) =>
    keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32[]", "bytes", "address"], [topics, data, address])),
  );
}
