import { DAY, PERIOD, YEAR, documentHash } from "../replay/ledger.ts";
import { refusal } from "../rules/compare.ts";
import { judgesOf } from "./attack-life.ts";
import type { Ballots } from "./ballots.ts";
import { fileFirst, recogniseBy } from "./drill-case.ts";
import type { DrillCase } from "./drill-case.ts";
import type { Laws } from "./invariants.ts";
import { askedOf } from "./payments.ts";
import type { Scene, State } from "./scene.ts";

/** As the fund bounds a stop. */
const LONGEST_STOP = 28 * DAY;
const ROUND = 30 * DAY;
/** In so many periods a stranger has paid what every member is asked until nothing is owed. */
const PERIODS = 12;
/** As the Governor's enum has them: Pending and Active. */
const OPEN_STATES = 2n;
const PURSE = 1n << 100n;

/**
 * What an alliance does not live through every year is done at every year's end and taken back: a transfer that fails (9),
 * the breaker pulled (10), and the collecting of all that is owed by somebody who has no part in anything (12).
 */
export class Drills {
  readonly #scene: Scene;
  readonly #ballots: Ballots;

  constructor(scene: Scene, ballots: Ballots) {
    this.#scene = scene;
    this.#ballots = ballots;
  }

  /** `proposals` are those of which it is checked that they end. */
  async run(year: number, proposals: readonly bigint[], laws: Laws): Promise<void> {
    const { chain } = this.#scene.ledger;
    await this.#blocked(year, laws);
    await chain.undone(() => this.#breaker(year, laws));
    await chain.undone(() => this.#windDown(proposals, laws));
  }

  /** The same attack is recognised with its member's treasury blocked and without: all others must not see a difference. */
  async #blocked(year: number, laws: Laws): Promise<void> {
    const { chain, fund, issuer, relayer, token } = this.#scene.ledger;
    let free: string[] = [];
    let fate = 0n;
    await chain.undone(async () => {
      const drill = await fileFirst(this.#scene, year);
      if (drill === undefined) return;
      await recogniseBy(this.#ballots, this.#scene, drill);
      free = await this.#holdings(drill);
      fate = await this.#fateOf(drill);
    });
    await chain.undone(async () => {
      const drill = await fileFirst(this.#scene, year);
      if (drill === undefined) return;
      const { attackId, state } = drill;
      const { bytes3, code, treasury } = state.actor;
      await chain.send(issuer, token.blockAccount.populateTransaction(treasury.address));
      await recogniseBy(this.#ballots, this.#scene, drill);
      const others = await this.#holdings(drill);
      const same = others.length === free.length && others.every((one, i) => one === free[i]);
      laws.law(
        9,
        same,
        `with the treasury of ${code} blocked, others hold other than without when attack ${attackId} is paid`,
      );
      const [, waiting] = await fund.balanceOf(bytes3);
      const before = await token.balanceOf(treasury.address);
      await chain.send(issuer, token.unblockAccount.populateTransaction(treasury.address));
      if (waiting > 0n) await chain.send(relayer, fund.collect.populateTransaction(bytes3));
      const arrived = (await token.balanceOf(treasury.address)) - before;
      laws.law(9, arrived === waiting, `${waiting} waited for ${code}, and ${arrived} arrived once it was not blocked`);
      const has = await this.#fateOf(drill);
      laws.law(9, has === fate, `${code} has or is owed ${has} after its treasury was blocked, and ${fate} without`);
    });
  }

  /** What the attacked member has, or is owed, or can collect. */
  async #fateOf({ state: { actor } }: DrillCase): Promise<bigint> {
    const { fund, token } = this.#scene.ledger;
    const [owed, ready] = await fund.balanceOf(actor.bytes3);
    return (await token.balanceOf(actor.treasury.address)) + owed + ready;
  }

  /** What everybody but the attacked member has or is owed, and the fund's reserve, commitments and debts. */
  async #holdings({ state }: DrillCase): Promise<string[]> {
    const { ledger, states } = this.#scene;
    const { fund, token } = ledger;
    const others = states.filter((other) => other !== state);
    const [accounts, purses, books] = await Promise.all([
      Promise.all(others.map(({ actor }) => fund.balanceOf(actor.bytes3))),
      Promise.all(others.map(({ actor }) => token.balanceOf(actor.treasury.address))),
      Promise.all([fund.reserve(), fund.committed(), fund.owed(), fund.earmarked()]),
    ]);
    return [accounts.flat(), purses, books].flat().map(String);
  }

  /** With the breaker pulled an attack is filed, recognised, reported and awarded, and a member pays. */
  async #breaker(year: number, laws: Laws): Promise<void> {
    const { chain, fund, issuer, ledger, panel, register, relayer, token } = this.#scene.ledger;
    const address = await fund.getAddress();
    const guardian = { address: await fund.guardian() };
    await chain.send(guardian, fund.stopTransfers.populateTransaction());
    const until = Number(await fund.stoppedUntil());
    laws.law(10, until - chain.now <= LONGEST_STOP, `the breaker stops transfers for ${until - chain.now} seconds`);
    await this.#refused(guardian, "pulled a second time", laws);
    const held = await token.balanceOf(address);
    const drill = await fileFirst(this.#scene, year);
    if (drill === undefined) return;
    const { attackId, baseline, coercer, startedAt, state } = drill;
    const { bytes3, code, treasury } = state.actor;
    const had = await this.#fateOf(drill);
    await chain.send(issuer, token.mint.populateTransaction(treasury.address, 1n));
    await chain.send(treasury, ledger.contribute.populateTransaction(bytes3, 1n));
    await recogniseBy(this.#ballots, this.#scene, drill);
    const { recognisedAt } = await register.attack(attackId);
    laws.law(10, recognisedAt > 0n, `with the breaker on, attack ${attackId} is not recognised by more than half`);
    await chain.moveTo(startedAt + ROUND + 1);
    for (const { account } of await judgesOf(this.#scene, coercer)) {
      const loss = (baseline * BigInt(ROUND)) / BigInt(YEAR);
      const report = panel.report.populateTransaction(attackId, 1, loss, documentHash(`drill: ${attackId}`));
      await chain.send(account, report);
    }
    const { awarded, lastSettled } = await register.attack(attackId);
    laws.law(
      10,
      lastSettled === 1n,
      `with the breaker on, all have reported on attack ${attackId} and it is not settled`,
    );
    const [grown, payable] = [(await this.#fateOf(drill)) - had, await register.payableSoFar(attackId)];
    laws.law(
      10,
      grown === awarded && awarded >= payable,
      `with the breaker on ${awarded} was awarded of ${payable} payable for attack ${attackId}, and ${grown} came of it`,
    );
    const left = await token.balanceOf(address);
    laws.law(
      10,
      left === held + 1n,
      `with the breaker on and a unit contributed, the fund went from ${held} to ${left}`,
    );
    await chain.moveTo(until);
    await this.#refused(guardian, "pulled again after its end", laws);
    const [, waiting] = await fund.balanceOf(bytes3);
    if (waiting > 0n) await chain.send(relayer, fund.collect.populateTransaction(bytes3));
    const paid = left - (await token.balanceOf(address));
    laws.law(10, paid === waiting, `after the breaker's end ${paid} was collected for ${code} of ${waiting}`);
  }

  async #refused(guardian: { address: string }, when: string, laws: Laws): Promise<void> {
    const answer = await this.#scene.ledger.fund.stopTransfers.staticCall({ from: guardian.address }).catch(refusal);
    const refused = typeof answer === "string" && answer.includes("FundBreakerDisarmed");
    laws.law(10, refused, `the breaker is not refused when it is ${when}`);
  }

  /** The relayer, who has no power, pays what all are asked until nothing is owed, and collects for all. */
  async #windDown(proposals: readonly bigint[], laws: Laws): Promise<void> {
    const { ledger: l, states } = this.#scene;
    const { chain, council, fund, issuer, ledger, relayer, token } = l;
    // An issuer's freeze stops payments until it ends; nothing else may.
    for (const { actor } of states.filter(({ blocked }) => blocked)) {
      await chain.send(issuer, token.unblockAccount.populateTransaction(actor.treasury.address));
    }
    await chain.send(issuer, token.mint.populateTransaction(relayer.address, PURSE));
    await chain.send(relayer, token.approve.populateTransaction(await fund.getAddress(), PURSE));
    for (let period = 0; period < PERIODS && (await fund.owed()) > 0n; ++period) {
      await chain.moveTo(chain.now + (period === 0 ? 0 : PERIOD));
      await chain.send(relayer, ledger.issueCall.populateTransaction());
      const payments = (await askedOf(l, states)).map(({ actor: { bytes3 }, amount }) => {
        return { from: relayer, call: () => ledger.contribute.populateTransaction(bytes3, amount) };
      });
      await chain.sendAll(payments);
    }
    const owed = await fund.owed();
    laws.law(12, owed === 0n, `${owed} is still owed after ${PERIODS} periods in which all that was asked was paid`);
    await this.#collectAll(laws);
    if ((await fund.pot()) > 0n) await this.#collectEarmarks();
    const pot = await fund.pot();
    laws.law(12, pot === 0n, `${pot} is kept for obligations when everybody has collected`);
    await chain.moveTo(chain.now + Number(await council.votingPeriod()) + 1);
    for (const proposalId of proposals) {
      laws.law(12, (await council.state(proposalId)) >= OPEN_STATES, `the vote on proposal ${proposalId} does not end`);
    }
  }

  /** The relayer collects for all, and what lay ready for each arrives. */
  async #collectAll(laws: Laws): Promise<void> {
    const { ledger, states } = this.#scene;
    const { chain, fund, relayer, token } = ledger;
    const purses = (of: readonly State[]) =>
      Promise.all(of.map(({ actor }) => token.balanceOf(actor.treasury.address)));
    const ready = await Promise.all(states.map(async ({ actor }) => (await fund.balanceOf(actor.bytes3)).collectable));
    const paid = states.filter((_, i) => ready[i] !== 0n);
    const expected = ready.filter((collectable) => collectable !== 0n);
    const before = await purses(paid);
    const collect = ({ actor }: State) => ({
      from: relayer,
      call: () => fund.collect.populateTransaction(actor.bytes3),
    });
    await chain.sendAll(paid.map(collect));
    const after = await purses(paid);
    for (const [i, { actor }] of paid.entries()) {
      const arrived = (after[i] ?? 0n) - (before[i] ?? 0n);
      const sentence = `${expected[i]} lay ready for ${actor.code}, and ${arrived} was collected`;
      laws.law(12, arrived === expected[i], sentence);
    }
  }

  async #collectEarmarks(): Promise<void> {
    const { chain, fund, register, relayer } = this.#scene.ledger;
    const attackIds = Array.from({ length: Number(await register.attackCount()) }, (_, i) => BigInt(i + 1));
    // Of an attack that was not recognised the fund knows nothing.
    const moves = await Promise.all(attackIds.map((id) => fund.collectEarmark.staticCall(id).catch(refusal)));
    const moving = attackIds.filter((_, i) => typeof moves[i] !== "string" && moves[i] !== 0n);
    const collect = (id: bigint) => ({ from: relayer, call: () => fund.collectEarmark.populateTransaction(id) });
    await chain.sendAll(moving.map(collect));
  }
}
