import { expect } from "chai";
import type { EventFragment } from "ethers";
import { network } from "hardhat";

import { INTERFACES } from "../../scripts/lib/events/bindings.ts";
import { shown } from "../../scripts/lib/rules/finding.ts";
import { DAY, MILLION, PERIOD, foundAlliance } from "../support/alliance.ts";
import { attackActs, expose } from "../support/differential/attacks.ts";
import { memberActs, paymentActs } from "../support/differential/members.ts";
import { moneyActs, solidarityActs, takeBack } from "../support/differential/money.ts";
import { World } from "../support/differential/world.ts";
import type { Act } from "../support/differential/world.ts";
import { seeded } from "../support/random.ts";

const connection = await network.create({ override: { allowBlocksWithSameTimestamp: true } });
const { loadFixture } = connection.networkHelpers;

const GIVEN = process.env["DIFFERENTIAL_SEED"];
const SEEDS = GIVEN === undefined ? [1, 2, 3, 4, 5, 6] : [Number(GIVEN)];
const STEPS = Number(process.env["DIFFERENTIAL_STEPS"] ?? 350);
/** So many steps apart everything is compared, and not only what a step touched. */
const ALL_EVERY = 25;

const ACTS: Record<string, Act> = {
  ...memberActs,
  ...paymentActs,
  ...attackActs,
  ...moneyActs,
  ...solidarityActs,
};

/** How often an act is picked; once, unless told otherwise. */
const WEIGHTS: Record<string, number> = {
  payAll: 3,
  payDebt: 2,
  finish: 3,
  block: 5,
  unblock: 2,
  fileReports: 3,
  file: 16,
  report: 16,
  settle: 3,
  close: 4,
  collect: 2,
  buy: 6,
  offer: 6,
  changeLot: 2,
  adopt: 2,
  claim: 5,
  applyKeys: 2,
  acceptKeys: 2,
  openCampaign: 3,
};
const NAMES = Object.keys(ACTS).flatMap((name) => Array.from({ length: WEIGHTS[name] ?? 1 }, () => name));

/**
 * The token is not asked, and most of these cannot be brought about. A recognition fails only once the register is replaced,
 * and an award is voided only if that happens within 28 days of it: chance does not lead there.
 */
const NEVER_HEARD = /^token\.|\.(RoleAdminChanged|EIP712DomainChanged|Cancelled|RecognitionFailed|AwardVoided)$/;

describe("The rules", () => {
  async function founded() {
    const a = await foundAlliance(connection, {
      states: ["LTU", "EST", "LVA", "POL", "CZE"],
      capacity: 100_000,
      baseline: 2_000n * MILLION,
      parameters: {
        founderCoverDelay: 0,
        firstBudget: 60n * MILLION + 7n,
        yearlyLimit: 500n * MILLION,
        attachment: 10_000,
      },
    });
    const market = await a.market.getAddress();
    for (const { treasury } of a.members) await a.token.connect(treasury).approve(market, 2n ** 255n);
    return a;
  }

  const heard = new Set<string>();

  /** Moves on: mostly some days, at times to a second that something hangs on. */
  async function passTime(w: World): Promise<void> {
    const now = await w.now();
    const { genesis } = w.rules.setting;
    const start = now < genesis ? genesis : genesis + (w.rules.ledger.period(now) + 1n) * PERIOD;
    const ahead = w.dice.pick([0n, 0n, 1n, BigInt(w.dice.below(86_400)), BigInt(w.dice.below(6)) * DAY]);
    const target = w.dice.below(12) === 0 ? start - BigInt(w.dice.below(2)) : now + ahead;
    if (target > now) await w.a.time.increaseTo(target);
  }

  for (const seed of SEEDS) {
    describe(`given ${STEPS} random operations on the whole ledger (seed ${seed})`, () => {
      it("gives what the contracts give, after every one of them", async function () {
        this.timeout(900_000);
        const a = await loadFixture(founded);
        const w = await World.of(a, seeded(seed));
        const again = `DIFFERENTIAL_SEED=${seed} DIFFERENTIAL_STEPS=${STEPS} npx hardhat test mocha test/property/differential.test.ts`;
        for (let step = 0; step <= STEPS; ++step) {
          // The founding alone comes first.
          const name = step === 0 ? "founding" : step === 1 ? "exposing" : w.dice.pick(NAMES);
          const act: Act = async () => {
            await passTime(w);
            if (step > 0) await (step === 1 ? expose : ACTS[name])?.(w);
          };
          const all = step % ALL_EVERY === 0 || step === STEPS;
          const findings = await w.step(act, all);
          for (const event of w.heard) heard.add(event);
          expect(findings, `seed ${seed}, step ${step} (${name}): ${shown(findings)}\nagain by: ${again}`).to.be.empty;
        }

        const last = await w.step(takeBack, true);
        for (const event of w.heard) heard.add(event);
        expect(last, `seed ${seed}, the end: ${shown(last)}\nagain by: ${again}`).to.be.empty;
      });
    });
  }

  describe("given all these operations", () => {
    it("has heard every event that can be brought about without replacing a module", function () {
      if (GIVEN !== undefined || STEPS < 350) this.skip();
      const all = Object.entries(INTERFACES).flatMap(([by, contract]) =>
        contract.fragments
          .filter((one): one is EventFragment => one.type === "event")
          .map(({ name }) => `${by}.${name}`),
      );
      const missing = all.filter((event) => !heard.has(event) && !NEVER_HEARD.test(event));
      expect(missing, shown(missing)).to.be.empty;
    });
  });
});
