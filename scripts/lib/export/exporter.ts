import type { LedgerEvent, Speaker } from "../events/events.ts";

/** What is known before the first event. */
export interface ExportInfo {
  chainId: bigint;
  /** The contracts whose events are read. */
  contracts: Partial<Record<Speaker, string>>;
  token: { address: string; symbol: string; decimals: number };
  fromBlock: number;
  toBlock: number;
}

/** The fund's own views at the last block, amounts in base units. */
export interface FundState {
  block: number;
  /** The time of that block, in seconds since 1970. */
  time: number;
  reserve: bigint;
  pot: bigint;
  earmarked: bigint;
  committed: bigint;
  owed: bigint;
  sequence: bigint;
  head: string;
  /** What the token says the fund holds. */
  balance: bigint;
  members: { member: string; owed: bigint; collectable: bigint }[];
  /** `owed` and `held` are of the attack's earmark; `earmark` is what of it has left the pot. */
  attacks: { attackId: bigint; owed: bigint; held: bigint; earmark: bigint; commitment: bigint }[];
}

/** Writes events as they come, in the order of the chain, and keeps none of them. */
export interface Exporter {
  begin(info: ExportInfo): void;
  event(event: LedgerEvent): void;
  end(state: FundState): void;
}
