import { ethers as ethersLib } from "ethers";

import { DAY, PERIOD, YEAR, documentHash, documentUri } from "../replay/ledger.ts";
import type { Actor, Ledger } from "../replay/ledger.ts";
import type { Scene, State } from "./scene.ts";

/** Calls are due 30 days after they are made: who looks that often pays them in time. */
const LOOK = 30 * DAY;
const REPORT_EARLY = 30 * DAY;
/** More than any treasury needs in a lifetime, in base units. */
const PURSE = 10n ** 24n;

/** What treasuries do: pay at the beginning of each quarter and what a call asks, or do not; and report yearly. */
export class Payments {
  readonly #scene: Scene;
  #calls = 0n;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Gives every treasury its money and the fund its allowances. */
  async begin(): Promise<void> {
    const { ledger, office, states } = this.#scene;
    const { chain, fund, issuer, token } = ledger;
    const taker = await fund.getAddress();
    const treasuries = states.map(({ actor }) => actor.treasury);
    const mint = ({ address }: Actor["treasury"]) => token.mint.populateTransaction(address, PURSE);
    await chain.sendAll(treasuries.map((treasury) => ({ from: issuer, call: () => mint(treasury) })));
    const approve = () => token.approve.populateTransaction(taker, ethersLib.MaxUint256);
    await office.sendAll(
      "allowance",
      treasuries.map((treasury) => ({ from: treasury, call: approve })),
    );
  }

  enter(): void {
    const { ledger, timeline } = this.#scene;
    const { genesis, deployedAt } = ledger;
    for (let start = genesis; start < timeline.until; start += PERIOD) {
      timeline.at(start, () => this.#quarter());
      for (let look = start + LOOK; look < start + PERIOD; look += LOOK) timeline.at(look, () => this.#look());
    }
    for (let due = deployedAt + YEAR - REPORT_EARLY; due < timeline.until; due += YEAR) {
      timeline.at(due, () => this.#report());
    }
  }

  async #quarter(): Promise<void> {
    await this.#changeFortunes();
    await this.#restVotes();
    await this.#payAll();
    await this.#collect();
  }

  /** Who stops paying, and whose account the issuer blocks until the next quarter. */
  async #changeFortunes(): Promise<void> {
    const { behaviour, dice, happened, ledger, states } = this.#scene;
    const { chain, issuer, token } = ledger;
    const crisis = dice.chance(behaviour.crisis);
    if (crisis) happened.note("quarters of crisis");
    for (const state of states) {
      const { address } = state.actor.treasury;
      if (state.blocked) await chain.send(issuer, token.unblockAccount.populateTransaction(address));
      state.blocked = dice.chance(behaviour.blocked);
      if (state.blocked) {
        await chain.send(issuer, token.blockAccount.populateTransaction(address));
        happened.note("treasuries blocked");
      }
      if (state.paysFrom > chain.now) continue;
      const stops = dice.chance(behaviour.arrears);
      if (stops) happened.note("members in arrears");
      const quarters = stops ? dice.between(1, behaviour.longestArrears) : 1;
      if (stops || (crisis && dice.chance(behaviour.crisisShare))) state.paysFrom = chain.now + quarters * PERIOD;
    }
  }

  /** Anyone may rest the vote of a member whose debt has reached eight assessments. */
  async #restVotes(): Promise<void> {
    const { happened, ledger: l, office, states } = this.#scene;
    const stopped = states.filter((state) => !state.away && this.#stopped(state));
    const indebted = await Promise.all(stopped.map(({ actor }) => this.#isIndebted(actor)));
    for (const { actor } of stopped.filter((_, i) => indebted[i])) {
      await office.send("rest", l.relayer, l.ledger.suspendVote.populateTransaction(actor.bytes3));
      happened.note("votes rested for a debt");
    }
  }

  /** Whether its debt has reached eight assessments while its vote does not rest. */
  async #isIndebted({ bytes3 }: Actor): Promise<boolean> {
    const { ledger } = this.#scene.ledger;
    const [{ voteSuspended }, threshold, debt] = await Promise.all([
      ledger.account(bytes3),
      ledger.suspensionThreshold(bytes3),
      ledger.debtOf(bytes3),
    ]);
    return !voteSuspended && threshold > 0n && debt >= threshold;
  }

  /** Each pays all that it was asked and has not paid, due or not; who has left as well. */
  async #payAll(): Promise<void> {
    const { ledger: l, office, states } = this.#scene;
    const paying = states.filter((state) => !this.#stopped(state));
    const contributions = (await askedOf(l, paying)).map(({ actor: { bytes3, treasury }, amount }) => {
      return { from: treasury, call: () => l.ledger.contribute.populateTransaction(bytes3, amount) };
    });
    await office.sendAll("contribution", contributions);
  }

  /** Anyone may call for what is owed beyond earlier calls, and have transferred what later money brought. */
  async #look(): Promise<void> {
    const { happened, ledger: l, office } = this.#scene;
    const owed = await l.fund.owed();
    if (owed > 0n) happened.note("months in which something is owed");
    if (owed > 0n && (await l.ledger.issueCall.staticCall()) > 0n) {
      await office.send("call", l.relayer, l.ledger.issueCall.populateTransaction());
    }
    const issued = await l.ledger.callCount();
    if (issued !== this.#calls) await this.#payAll();
    this.#calls = issued;
    await this.#collect();
  }

  async #collect(): Promise<void> {
    const { ledger, office, states } = this.#scene;
    const { fund, relayer } = ledger;
    if ((await fund.pot()) === 0n) return;
    const balances = await Promise.all(states.map(({ actor }) => fund.balanceOf(actor.bytes3)));
    const ready = states.filter(({ blocked }, i) => !blocked && balances[i]?.collectable !== 0n);
    const collections = ready.map(({ actor }) => {
      return { from: relayer, call: () => fund.collect.populateTransaction(actor.bytes3) };
    });
    await office.sendAll("collection", collections);
  }

  async #report(): Promise<void> {
    const { behaviour, dice, ledger, office, states } = this.#scene;
    const { chain, registry } = ledger;
    const reporting = states.filter(({ away }) => !away && !dice.chance(behaviour.unreported));
    const reports = reporting.map(({ actor: { bytes3, code, treasury } }) => {
      const hash = documentHash(`${code}: human rights report of ${chain.now}`);
      const uri = documentUri(code, "human rights report", chain.now);
      return { from: treasury, call: () => registry.fileReport.populateTransaction(bytes3, hash, uri) };
    });
    await office.sendAll("humanRights", reports);
  }

  #stopped({ blocked, paysFrom }: State): boolean {
    return blocked || paysFrom > this.#scene.ledger.chain.now;
  }
}

/** What each of some members has been asked and has not paid; of who has paid all, nothing. */
export async function askedOf({ ledger }: Ledger, states: readonly State[]) {
  const [asked, accounts] = await Promise.all([
    Promise.all(states.map(({ actor }) => ledger.askedOf(actor.bytes3))),
    Promise.all(states.map(({ actor }) => ledger.account(actor.bytes3))),
  ]);
  const amounts = states.map(({ actor }, i) => ({ actor, amount: (asked[i] ?? 0n) - (accounts[i]?.paid ?? 0n) }));
  return amounts.filter(({ amount }) => amount > 0n);
}
