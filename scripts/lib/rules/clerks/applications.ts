import { AbiCoder, ZeroAddress, ZeroHash, keccak256 } from "ethers";

import type { EventOf } from "../../events/events.ts";
import type { Rulebook } from "../rulebook.ts";
import { Kind } from "./member.ts";

type Application = EventOf<"registry", "Applied">["args"];

/** What an application is known by: all that it says. */
const SAID = ["bytes3", "uint8", "address", "address", "tuple(bytes32 hash, string uri)[5]"];
/** A State proves all five criteria, a Partner the first. */
const PARTNERS_EVIDENCE = 1;

/** Who has applied, and with which evidence. */
export class ApplicationsClerk {
  /** Those that were not admitted, by their hash. */
  readonly pending = new Map<string, Application>();
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  applied(args: Application): void {
    const { desk } = this.book;
    const rule = "registry.Applied";
    const { code, kind, treasury, delegate, dossier, applicationHash } = args;
    const hash = keccak256(AbiCoder.defaultAbiCoder().encode(SAID, [code, kind, treasury, delegate, dossier]));
    desk.same(rule, { applicationHash: hash }, args);
    desk.law(rule, /^0x(4[1-9a-f]|5[0-9a]){3}$/.test(code), `${code}, which has applied, is not three capital letters`);
    desk.law(rule, !this.pending.has(applicationHash), `${code} has applied with the same words twice`);
    const needed = kind === Kind.State ? dossier : dossier.slice(0, PARTNERS_EVIDENCE);
    const proved = needed.every((one) => one.hash !== ZeroHash && one.uri !== "");
    desk.law(rule, proved, `${code} has applied without the evidence that its kind needs`);
    const two = treasury !== delegate && ![treasury, delegate].includes(ZeroAddress);
    desk.law(rule, two, `${code} has applied without two accounts`);
    this.pending.set(applicationHash, args);
  }

  /** The application that is admitted; undefined if there was none. */
  take(applicationHash: string): Application | undefined {
    const application = this.pending.get(applicationHash);
    this.pending.delete(applicationHash);
    return application;
  }
}
