import { toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { lossUntil } from "./accrual.ts";
import { refusalOf } from "./chain.ts";
import { MEASURES } from "./data.ts";
import type { Case, Loss } from "./data.ts";
import { documentHash, documentUri } from "./ledger.ts";
import type { Actor, Ledger } from "./ledger.ts";
import type { ReplayParameters } from "./parameters.ts";
import type { Timeline } from "./timeline.ts";
import type { Treasuries } from "./treasuries.ts";
import { ballotInterval, decide, holdVote } from "./votes.ts";

const RECOGNISED = 6n;

/** The life of one attack on the ledger, from the cover of the trade to the closing, on the dates of the case. */
export class CaseStory {
  readonly case: Case;
  /** The vote that registered the trade; 0 if there was none. */
  exposureProposal = 0n;
  threatNotified = false;
  attackId = 0n;
  /** Why the ledger refused the filing, if it did. */
  refusal: string | undefined;
  done = false;
  /** When it is filed. */
  readonly filing: number;

  readonly #ledger: Ledger;
  readonly #timeline: Timeline;
  readonly #treasuries: Treasuries;
  readonly #parameters: ReplayParameters;
  readonly #losses: Loss[];
  readonly #member: Actor | undefined;

  constructor(
    ledger: Ledger,
    timeline: Timeline,
    treasuries: Treasuries,
    parameters: ReplayParameters,
    one: Case,
    losses: Loss[],
  ) {
    this.case = one;
    this.#ledger = ledger;
    this.#timeline = timeline;
    this.#treasuries = treasuries;
    this.#parameters = parameters;
    this.#losses = losses;
    this.#member = ledger.actors.find(({ code }) => code === one.member);
    this.filing = filingTime(one, parameters);
  }

  /** Enters what is known beforehand. */
  begin(registerTrade: boolean): void {
    const { announced, effective } = this.case;
    const member = this.#member;
    if (member !== undefined) {
      if (registerTrade)
        this.#timeline.at(exposureProposalTime(this.case, this.#parameters), () => this.#cover(member));
      const warning = announced + this.#parameters.officeHour;
      if (announced < effective) this.#timeline.at(warning, () => this.#warn(member));
    }
    this.#timeline.at(this.filing, () => this.#file());
  }

  async #cover(member: Actor): Promise<void> {
    const { coverage } = this.#ledger;
    const entry = { code: member.bytes3, coercer: toBytes3(this.case.coercer), exposure: exposureOf(this.case) };
    const data = coverage.interface.encodeFunctionData("setExposures", [[entry]]);
    const description = `Register the trade of ${member.code} with ${this.case.coercer}`;
    const proposal = { target: coverage, data, description };
    await decide(this.#ledger, this.#timeline, this.#parameters.votingShare, proposal, (proposalId) => {
      this.exposureProposal = proposalId;
    });
  }

  async #warn(member: Actor): Promise<void> {
    const { chain, register } = this.#ledger;
    const [hash, uri] = this.#document("threat");
    const call = register.notifyThreat.populateTransaction(member.bytes3, toBytes3(this.case.coercer), hash, uri);
    this.threatNotified = await this.#unlessRefused(() => chain.send(member.delegate, call));
    // What keeps the member from warning will keep it from filing, and is told then.
    this.refusal = undefined;
  }

  async #file(): Promise<void> {
    const { chain, register, council, relayer } = this.#ledger;
    const [hash, uri] = this.#document("evidence");
    const call = register.file.populateTransaction(
      toBytes3(this.case.member),
      toBytes3(this.case.coercer),
      MEASURES.indexOf(this.case.measure),
      this.case.effective,
      hash,
      uri,
      documentHash(this.case.id),
      this.#parameters.compensationShare,
    );
    // A country that is no member has no account here; whoever files for it is a stranger to the ledger.
    const filer = this.#member?.delegate ?? relayer;
    if (!(await this.#unlessRefused(() => chain.send(filer, call)))) {
      this.done = true;
      return;
    }
    this.attackId = await register.attackCount();
    const { proposalId } = await register.attack(this.attackId);
    const voters = this.#ledger.actors.filter(({ kind, code }) => kind === "State" && code !== this.case.member);
    const interval = ballotInterval(await council.URGENT_PERIOD(), this.#parameters.votingShare, voters.length);
    holdVote(this.#ledger, this.#timeline, { proposalId, voters, interval, decided: () => this.#recognised() });
  }

  async #recognised(): Promise<void> {
    const { chain, register } = this.#ledger;
    const status = await register.statusOf(this.attackId);
    if (status !== RECOGNISED) throw new Error(`The recognition of attack ${this.attackId} failed (status ${status}).`);
    const { officeHour } = this.#parameters;
    for (let round = 1; round <= Number(await register.ROUNDS()); ++round) {
      const { endsAt } = await register.round(this.attackId, round);
      this.#timeline.at(Math.max(Number(endsAt) + officeHour, chain.now + 1), () => this.#settle(round));
    }
    const { endsAt } = await register.round(this.attackId, await register.ROUNDS());
    const { ended } = this.case;
    if (ended === undefined || ended + officeHour > Number(endsAt)) return;
    this.#timeline.at(Math.max(ended + officeHour, chain.now + 1), () => this.#end());
  }

  async #end(): Promise<void> {
    const { chain, register } = this.#ledger;
    const member = this.#member;
    if (member === undefined) return;
    await chain.send(member.delegate, register.end.populateTransaction(this.attackId));
  }

  /** All assessors report the figure of the data; the last report settles and pays. After the last round the member closes. */
  async #settle(round: number): Promise<void> {
    const { chain, register, panel, assessors } = this.#ledger;
    const { open, endsAt } = await register.round(this.attackId, round);
    if (!open) return;
    const loss = lossUntil(this.#losses, Number(endsAt));
    for (const { account, member } of assessors) {
      const evidence = documentHash(`${this.case.id}: round ${round}, assessor named by ${member}`);
      await chain.send(account, panel.report.populateTransaction(this.attackId, round, loss, evidence));
    }
    if (BigInt(round) === (await register.lastRound(this.attackId))) await this.#close();
  }

  async #close(): Promise<void> {
    const { chain, register } = this.#ledger;
    const member = this.#member;
    if (member === undefined) return;
    await chain.send(member.delegate, register.close.populateTransaction(this.attackId));
    // An award taken back is paid at once; nothing else falls due between two quarters.
    const { awarded, payableSoFar } = await register.attack(this.attackId);
    if (awarded > payableSoFar) await this.#treasuries.pay(member);
    this.done = true;
  }

  #document(kind: string): [hash: string, uri: string] {
    return [documentHash(`${this.case.id}: ${kind}`), documentUri(this.case.id, kind)];
  }

  /** Sends; what a contract refuses is kept as the reason. */
  async #unlessRefused(send: () => Promise<void>): Promise<boolean> {
    const { registry, ledger, register, council } = this.#ledger;
    try {
      await send();
      return true;
    } catch (error) {
      this.refusal = refusalOf(error, [register, registry, ledger, council]);
      if (this.refusal === undefined) throw error;
      return false;
    }
  }
}

/** On the day the measure takes effect; if it was announced only later, on that day. */
export function filingTime({ announced, effective }: Case, { officeHour }: ReplayParameters): number {
  return Math.max(announced, effective) + officeHour;
}

/** When the council is asked to register the trade, so that it is covered when the attack begins. */
export function exposureProposalTime({ effective }: Case, parameters: ReplayParameters): number {
  return effective - parameters.exposureLead + parameters.officeHour;
}

/** The trade of a case as the book of cover keeps it; the data hold no share of all trade. */
export function exposureOf(one: Case): { baseline: bigint; dependence: number; source: string } {
  return { baseline: one.baseline, dependence: 0, source: documentHash(`${one.id}: ${one.note}`) };
}
