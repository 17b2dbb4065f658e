// Decoding what makes up most of a long history without building an object for every field on the way.
import { getAddress } from "ethers";

import { INTERFACES } from "./bindings.ts";
import { decode } from "./decode.ts";
import type { EventOf, LedgerEvent, Place, Speaker } from "./events.ts";
import { ENTRY, TRANSFER } from "../node/logs.ts";
import type { TimedLog } from "../node/logs.ts";

const WORD = 64;
const ADDRESSES_KEPT = 10_000;

/**
 * A log as the event it is, or undefined if the contract's interface knows no such event.
 * @throws if its data are not those of the event that its first topic names
 */
export function eventOf(by: Speaker, log: TimedLog): LedgerEvent | undefined {
  const { block, index, transaction, time } = log;
  const place = { block, index, transaction, time };
  if (by === "fund" && log.topics[0] === ENTRY) return entryOf(log, place);
  if (by === "token" && log.topics[0] === TRANSFER) return transferOf(log, place);
  return decode(by, log, place);
}

function entryOf({ topics, data }: TimedLog, place: Place): EventOf<"fund", "Entry"> {
  const [, seq = "", kind = "", member = ""] = topics;
  if (topics.length !== 4 || data.length !== 2 + 5 * WORD || !isPadded(member, 6, "right")) {
    throw new Error(`${INTERFACES.fund.getEvent("Entry")?.format() ?? "Entry"} has other data`);
  }
  const args = {
    seq: BigInt(seq),
    kind: BigInt(kind),
    member: member.slice(0, 8),
    party: addressIn(word(data, 0)),
    amount: BigInt(word(data, 1)),
    ref: word(data, 2),
    timestamp: BigInt(word(data, 3)),
    head: word(data, 4),
  };
  return { ...place, by: "fund", name: "Entry", args };
}

function transferOf({ topics, data }: TimedLog, place: Place): EventOf<"token", "Transfer"> {
  const [, from = "", to = ""] = topics;
  if (topics.length !== 3 || data.length !== 2 + WORD) throw new Error("a transfer has other data");
  const args = { from: addressIn(from), to: addressIn(to), value: BigInt(data) };
  return { ...place, by: "token", name: "Transfer", args };
}

function word(data: string, number: number): string {
  return `0x${data.slice(2 + number * WORD, 2 + (number + 1) * WORD)}`;
}

/** The checksum costs a hash, and few accounts act often. */
const addresses = new Map<string, string>();

function addressIn(padded: string): string {
  const known = addresses.get(padded);
  if (known !== undefined) return known;
  if (!isPadded(padded, 40, "left")) throw new Error(`${padded} is no address`);
  const address = getAddress(`0x${padded.slice(-40)}`);
  if (addresses.size >= ADDRESSES_KEPT) addresses.clear();
  addresses.set(padded, address);
  return address;
}

/** Whether a word is all zeros but for so many digits at its other end. */
function isPadded(padded: string, digits: number, side: "left" | "right"): boolean {
  const zeros = side === "left" ? padded.slice(2, 2 + WORD - digits) : padded.slice(2 + digits);
  return padded.length === 2 + WORD && /^0*$/.test(zeros);
}
