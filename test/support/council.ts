import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { ContractTransactionResponse, Signer, TransactionReceipt } from "ethers";
import { TypedDataEncoder, ZeroAddress } from "ethers";

import type { ICouncil } from "../../typechain-types/index.ts";
import { DAY, Support, code, fileAttack, foundAlliance, propose } from "./alliance.ts";
import type { Action, Alliance, AllianceOptions, TestMember } from "./alliance.ts";
import { asContract } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { join } from "./registry.ts";

export const VOTING_PERIOD = 14n * DAY;
export const URGENT_PERIOD = 5n * DAY;
export const TIMELOCK_DELAY = 7n * DAY;
export const QUEUE_WINDOW = 14n * DAY;
export const EXECUTION_WINDOW = 30n * DAY;

/** What every urgent ballot is sent with: the amount the council publishes, and what its comment adds. */
export const URGENT_GAS = { gasLimit: 2_000_000 };

/** The bitmap in which `GovernorUnexpectedProposalState` names the states that would do. */
export const only = (state: bigint): string => "0x" + (1n << state).toString(16).padStart(64, "0");

/** An alliance a day after genesis, in which everybody is covered and nothing is due yet. */
export async function sittingCouncil(connection: Connection, options: AllianceOptions = {}) {
  const a = await foundAlliance(connection, {
    ...options,
    parameters: { founderCoverDelay: 0, ...options.parameters },
  });
  await a.time.increaseTo(a.genesis + DAY);
  return a;
}

/** The same with a vote open on an act that always works. */
export async function openCouncil(connection: Connection) {
  const a = await sittingCouncil(connection);
  return { a, proposalId: await openVote(a) };
}

/** The same with an urgent vote open, on an attack on the State of seat 0. */
export async function urgentCouncil(connection: Connection) {
  const a = await sittingCouncil(connection);
  const attack = await fileAttack(a, a.states[0]!);
  await a.time.increase(1n);
  return { a, ...attack };
}

/** As many valid codes of States. */
export function codesOf(count: number): string[] {
  const letter = (n: number) => String.fromCharCode(65 + (n % 26));
  return Array.from({ length: count }, (_, i) => `Q${letter(Math.floor(i / 26))}${letter(i)}`);
}

/** Rests or restores a member's vote, as the ledger does for a debt. */
export async function setVote(a: Alliance, m: TestMember, suspended: boolean): Promise<void> {
  await asContract(a, a.ledger, (ledger) => a.registry.connect(ledger).setVoteSuspended(m.code, suspended));
}

/** Leaves only the first `seats` States a vote. */
export async function shrinkTo(a: Alliance, seats: number): Promise<void> {
  for (const m of a.states.slice(seats)) await setVote(a, m, true);
}

/** Admits a State as the council does, without the vote. */
export async function admitState(
  a: Alliance,
  name: string,
  treasury: HardhatEthersSigner,
  delegate: HardhatEthersSigner,
): Promise<TestMember> {
  await join(a, { name, treasury, delegate });
  return { name, code: code(name), treasury, delegate };
}

/** Gives members new delegates by the members' own procedure; takes three days. */
export async function rotate(a: Alliance, ...changes: [TestMember, string][]): Promise<void> {
  for (const [m, to] of changes) await a.registry.connect(m.treasury).proposeKeys(m.code, ZeroAddress, to);
  await a.time.increase(3n * DAY);
  for (const [m] of changes) await a.registry.applyKeys(m.code);
}

/** An act of the council that always works. */
export function settingPeriod(a: Alliance, period = 10n * DAY): Action {
  return { target: a.council, data: a.council.interface.encodeFunctionData("setVotingPeriod", [period]) };
}

/** Proposes an act that always works, and opens the vote. */
export async function openVote(a: Alliance, actions: Action[] = [settingPeriod(a)]): Promise<bigint> {
  const proposalId = await propose(a, actions);
  await a.time.increase(1n);
  return proposalId;
}

/** Casts one ballot for each State, in order of seats. */
export async function cast(a: Alliance, proposalId: bigint, voters: TestMember[], support: number): Promise<void> {
  for (const { delegate } of voters) await a.council.connect(delegate).castVote(proposalId, support, URGENT_GAS);
}

/** Passes a proposal by the fewest ballots, and says when it was decided. */
export async function pass(a: Alliance, proposalId: bigint): Promise<bigint> {
  const { seats } = await a.council.ballotBox(proposalId);
  await cast(a, proposalId, a.states.slice(0, Number(seats / 2n) + 1), Support.For);
  return await a.council.decidedAt(proposalId);
}

/** Actions, values and description as the Governor's functions take them. */
export async function parts(actions: Action[]) {
  const targets = await Promise.all(actions.map(({ target }) => target.getAddress()));
  return { targets, values: actions.map(() => 0n), calldatas: actions.map(({ data }) => data) };
}

/** The action and the text of the urgent proposal on an attack. */
export async function recognition(a: Alliance, attackId: bigint) {
  const register = await a.register.getAddress();
  return {
    targets: [register],
    values: [0n],
    calldatas: [a.register.interface.encodeFunctionData("recognise", [attackId])],
    text: `Recognise attack ${attackId} #proposer=${register.toLowerCase()}`,
  };
}

/** Sends transactions that are mined in one block, so in one second and in this order. */
export async function inOneBlock(
  a: Alliance,
  ...sends: (() => Promise<ContractTransactionResponse>)[]
): Promise<TransactionReceipt[]> {
  const { provider } = a.ethers;
  await provider.send("evm_setAutomine", [false]);
  const sent: ContractTransactionResponse[] = [];
  try {
    for (const send of sends) sent.push(await send());
    await provider.send("evm_mine", []);
  } finally {
    await provider.send("evm_setAutomine", [true]);
  }
  const receipts = await Promise.all(sent.map(({ hash }) => provider.getTransactionReceipt(hash)));
  return receipts.map((receipt) => receipt!);
}

const BALLOT = {
  Ballot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};
const EXTENDED_BALLOT = {
  ExtendedBallot: [...BALLOT.Ballot, { name: "reason", type: "string" }, { name: "params", type: "bytes" }],
};

export interface BallotOptions {
  /** The account that votes, if it is not the signer. */
  voter?: string;
  nonce?: bigint;
  chainId?: bigint;
  verifyingContract?: string;
  name?: string;
  extended?: { reason: string; params: string };
}

/** A governor that takes ballots by signature. */
export type Ballots = Pick<Alliance, "ethers"> & { council: Pick<Alliance["council"], "nonces" | "getAddress"> };

/** The EIP-712 domain, types and message of a ballot. */
export async function ballotData(
  a: Ballots,
  voter: string,
  proposalId: bigint,
  support: number,
  options: BallotOptions = {},
) {
  const domain = {
    name: options.name ?? "Crisis Insurance Council",
    version: "1",
    chainId: options.chainId ?? (await a.ethers.provider.getNetwork()).chainId,
    verifyingContract: options.verifyingContract ?? (await a.council.getAddress()),
  };
  const nonce = options.nonce ?? (await a.council.nonces(voter));
  const types: Record<string, { name: string; type: string }[]> = options.extended ? EXTENDED_BALLOT : BALLOT;
  return { domain, types, message: { proposalId, support, voter, nonce, ...options.extended } };
}

/** The hash of a ballot that a contract account is asked about. */
export async function ballotHash(...args: Parameters<typeof ballotData>): Promise<string> {
  const { domain, types, message } = await ballotData(...args);
  return TypedDataEncoder.hash(domain, types, message);
}

/** A signature over a ballot. */
export async function signature(
  a: Ballots,
  signer: Signer,
  proposalId: bigint,
  support: number,
  options: BallotOptions = {},
): Promise<string> {
  const voter = options.voter ?? (await signer.getAddress());
  const { domain, types, message } = await ballotData(a, voter, proposalId, support, options);
  return await signer.signTypedData(domain, types, message);
}

/** A signed ballot as `castVotesBySig` takes it. */
export async function signed(
  a: Ballots,
  signer: Signer,
  proposalId: bigint,
  support: number,
  options: BallotOptions = {},
): Promise<ICouncil.BallotStruct> {
  const voter = options.voter ?? (await signer.getAddress());
  return { voter, support, signature: await signature(a, signer, proposalId, support, options) };
}

/** Another council over the same register, as the alliance might appoint one. */
export async function secondCouncil(a: Alliance) {
  return await a.ethers.deployContract("Council", [
    await a.timelock.getAddress(),
    await a.registry.getAddress(),
    await a.register.getAddress(),
    14n * DAY,
  ]);
}
