// Proving what the fund stores and what its contracts are against the hash of a block, so that only the hash has to be
// trusted.
import { dataSlice, getAddress, keccak256, toBeHex } from "ethers";

import { CONTRACTS } from "../deployment/contracts.ts";
import type { Speaker } from "../events/events.ts";
import type { Finding } from "../rules/finding.ts";
import { Unproved, provedAccount, requireCode, requireHash, requireNoCode } from "./account-proof.ts";
import type { Slot } from "./account-proof.ts";
import { headerOf } from "../node/blocks.ts";
import type { Header } from "../node/blocks.ts";
import type { Node } from "../node/node.ts";

/** What of the fund one proof shows. Amounts in units. */
export interface FundState {
  head: string;
  reserve: bigint;
  pot: bigint;
  sequence: bigint;
  shortage: boolean;
  earmarked: bigint;
  committed: bigint;
}

export interface Proved {
  /** How many facts were proved. */
  checked: number;
  findings: Finding[];
  /** Undefined if the proof fails. */
  state: FundState | undefined;
}

/** Where CrisisFund keeps its books: slots 6 to 8, after those of its roles and its breaker. A test proves it. */
export const SLOTS = { book: 6n, head: 7n, totals: 8n } as const;

/** Where AttackRegister keeps how many councils it had, and its panel. A test proves it. */
export const REGISTER_SLOTS = { councils: 4n, panel: 10n } as const;

/** Proves the header by its hash, the fund's account and code by the header, and its books by the account. */
export async function prove(node: Node, fund: string, code: string, header: Header): Promise<Proved> {
  let state: FundState | undefined;
  const proved = await attempted(async (holds) => {
    requireHash(header);
    holds();
    const account = await provedAccount(node, ["fund", fund], Object.entries(SLOTS), header);
    holds(1 + account.slots.length);
    requireCode("fund", account, code);
    holds();
    state = stateOf(account.slots);
  });
  return { ...proved, state };
}

/** Proves that each other contract has the code that was looked at, and that the register names this council and this panel. */
export async function proveContracts(
  node: Node,
  addresses: Record<Speaker, string>,
  codes: Record<Speaker, string>,
  header: Header,
): Promise<Omit<Proved, "state">> {
  return await attempted(async (holds) => {
    requireHash(header);
    for (const [name, address] of Object.entries(addresses) as [Speaker, string][]) {
      if (name === "fund") continue;
      const slots = name === "register" ? Object.entries(REGISTER_SLOTS) : [];
      const account = await provedAccount(node, [name, address], slots, header);
      requireCode(name, account, codes[name]);
      holds(2);
      if (name !== "register") continue;
      const [councils = 0n, panel = 0n] = account.slots;
      requireAppointed("panel", addresses.panel, panel);
      const last: Slot = ["last council", BigInt(keccak256(toBeHex(REGISTER_SLOTS.councils, 32))) + councils - 1n];
      const {
        slots: [council = 0n],
      } = await provedAccount(node, [name, address], [last], header);
      requireAppointed("council", addresses.council, council);
      holds(2);
    }
  });
}

/** Proves that none of the fund's contracts had code in a block; `hash` is the block's, where that is proved. */
export async function proveNothing(
  node: Node,
  addresses: Record<Speaker, string>,
  block: number,
  hash: string | undefined,
): Promise<Omit<Proved, "state">> {
  const header = await headerOf(node, block);
  return await attempted(async (holds) => {
    requireHash(hash === undefined ? header : { ...header, hash });
    for (const name of CONTRACTS) {
      requireNoCode(name, await provedAccount(node, [name, addresses[name]], [], header), block);
      holds();
    }
  });
}

/** Counts what holds until something does not. */
async function attempted(act: (holds: (facts?: number) => void) => Promise<void>): Promise<Omit<Proved, "state">> {
  let checked = 0;
  try {
    await act((facts = 1) => {
      checked += facts;
    });
    return { checked, findings: [] };
  } catch (error) {
    if (!(error instanceof Unproved)) throw error;
    return { checked, findings: [{ rule: "proof", sentence: error.message }] };
  }
}

function requireAppointed(what: "council" | "panel", address: string, slot: bigint): void {
  const appointed = getAddress(dataSlice(toBeHex(slot, 32), 12));
  if (appointed !== address) throw new Unproved(`the ${what} in office is proved to be ${appointed}, not ${address}`);
}

/** The fund's books as its slots pack them. */
function stateOf([book = 0n, head = 0n, totals = 0n]: bigint[]): FundState {
  const field = (word: bigint, from: bigint, bits: bigint) => (word >> from) & ((1n << bits) - 1n);
  return {
    head: toBeHex(head, 32),
    reserve: field(book, 0n, 104n),
    pot: field(book, 104n, 104n),
    sequence: field(book, 208n, 40n),
    shortage: field(book, 248n, 8n) === 1n,
    earmarked: field(totals, 0n, 128n),
    committed: field(totals, 128n, 128n),
  };
}
