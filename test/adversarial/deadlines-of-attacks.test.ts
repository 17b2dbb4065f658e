import { network } from "hardhat";

import { DAY, MILLION, UNIT, asTimelock, code, hash } from "../support/alliance.ts";
import { WINDOW, eligibleAssessors, finish, recognisedCase, reportLosses } from "../support/attacks.ts";
import { now } from "../support/chain.ts";
import { RETURN_DELAY, open, treeOf } from "../support/compensation.ts";
import { CLOSES_AFTER, CLOSES_AT, OPENS_AFTER, OPENS_AT, expectMoment } from "../support/deadlines.ts";
import type { Moment } from "../support/deadlines.ts";
import { Role, STOP, VOID_WINDOW, lastAward } from "../support/fund.ts";
import { offer } from "../support/market.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

/** LTU's recognised attack, three tenths of whose awards are earmarked; EST may buy, the fund has paid the advance. */
async function underAttack() {
  const a = await recognisedCase(connection, {}, { share: 300_000 });
  const est = a.member("EST");
  await a.token.connect(est.treasury).approve(await a.market.getAddress(), 2n ** 255n);
  return { ...a, est };
}

type UnderAttack = Awaited<ReturnType<typeof underAttack>>;
type Prepare = (a: UnderAttack) => Moment | Promise<Moment>;

const ROUNDS: Record<string, Prepare> = {
  "a report, from the end of the round": async (a) => {
    const [assessor] = await eligibleAssessors(a, a.attackId, 1);
    const act = () => a.panel.connect(assessor).report(a.attackId, 1, 0n, hash("report"));
    return { second: a.startedAt + 30n * DAY, act, works: OPENS_AT, error: "PanelOutsideWindow" };
  },
  "a report, for ten days": async (a) => {
    const [assessor] = await eligibleAssessors(a, a.attackId, 1);
    const act = () => a.panel.connect(assessor).report(a.attackId, 1, 0n, hash("report"));
    return { second: a.startedAt + 30n * DAY + WINDOW, act, works: CLOSES_AFTER, error: "PanelOutsideWindow" };
  },
  "settling on some reports, once the window is over": async (a) => {
    await reportLosses(a, a.attackId, 1, [UNIT, UNIT, UNIT]);
    const act = () => a.panel.connect(a.stranger).settle(a.attackId, 1);
    return { second: a.startedAt + 30n * DAY + WINDOW, act, works: OPENS_AFTER, error: "PanelNotReady" };
  },
  "ending an attack, before its twelfth round has ended": (a) => {
    const act = () => a.register.connect(a.ltu.delegate).end(a.attackId);
    return { second: a.startedAt + 360n * DAY, act, works: CLOSES_AT, error: "AttackAlreadyEnded" };
  },
  "closing by anyone, thirty days after the last window": async (a) => {
    await a.register.connect(a.ltu.delegate).end(a.attackId);
    const act = () => a.register.connect(a.stranger).close(a.attackId);
    const second = a.startedAt + 30n * DAY + WINDOW + 30n * DAY;
    return { second, act, works: OPENS_AT, error: "AttackNotClosable" };
  },
};

/** A campaign of LTU's for one person, open for 90 days. */
async function campaign(a: UnderAttack) {
  const tree = await treeOf(a, a.attackId, 1n, [{ account: a.stranger.address, amount: UNIT }]);
  const second = await open(a, "LTU", tree);
  return { tree, second };
}

const MONEY: Record<string, Prepare> = {
  "collecting, from the end of a stop of transfers": async (a) => {
    await a.token.connect(a.issuer).blockAccount(a.ltu.treasury.address);
    await reportLosses(a, a.attackId, 3, 40n * MILLION);
    await a.token.connect(a.issuer).unblockAccount(a.ltu.treasury.address);
    await a.fund.connect(a.guardian).stopTransfers();
    const act = () => a.fund.connect(a.stranger).collect(a.ltu.code);
    return { second: (await now(a)) + STOP, act, works: OPENS_AT, error: "FundTransfersStopped" };
  },
  "voiding an award, if the role is revoked within 28 days": async (a) => {
    await a.token.connect(a.issuer).blockAccount(a.ltu.treasury.address);
    await reportLosses(a, a.attackId, 3, 40n * MILLION);
    const { record } = await lastAward(a, a.attackId);
    const register = await a.register.getAddress();
    const act = () =>
      asTimelock(a, async (timelock) => {
        await a.fund.connect(timelock).revokeRole(Role.Register, register);
        await a.fund.connect(timelock).voidAward(record);
      });
    return { second: record.madeAt + VOID_WINDOW, act, works: CLOSES_AFTER, error: "FundAwardNotVoidable" };
  },
  "buying, to the lot's deadline": async (a) => {
    const lotId = await offer(a, a.attackId, a.ltu);
    await a.market.connect(a.est.delegate).pledge(lotId, 10n);
    const { price, deadline: second } = await a.market.lot(lotId);
    const act = () => a.market.connect(a.est.treasury).settle(lotId, 1n, price);
    return { second, act, works: CLOSES_AFTER, error: "MarketLotNotOpen" };
  },
  "buying, to the end of the attack": async (a) => {
    const lotId = await offer(a, a.attackId, a.ltu, { deadline: a.startedAt + 500n * DAY });
    await a.market.connect(a.est.delegate).pledge(lotId, 10n);
    const { price } = await a.market.lot(lotId);
    const act = () => a.market.connect(a.est.treasury).settle(lotId, 1n, price);
    return { second: a.startedAt + 360n * DAY, act, works: CLOSES_AFTER, error: "MarketAttackOver" };
  },
  "claiming, to the campaign's deadline": async (a) => {
    const { tree, second } = await campaign(a);
    const act = () => a.distributor.connect(a.stranger).claim(tree.claims[0]!);
    return { second, act, works: CLOSES_AFTER, error: "CompensationTooLate" };
  },
  "returning what nobody claimed, after that deadline": async (a) => {
    const { tree, second } = await campaign(a);
    const act = () => a.distributor.connect(a.stranger).returnUnclaimed(tree.campaignId);
    return { second, act, works: OPENS_AFTER, error: "CompensationNotOver" };
  },
  "returning what no campaign holds, from a year after closing": async (a) => {
    await finish(a, a.attackId, a.ltu, 16n * MILLION);
    const second = (await a.register.closedAt(a.attackId)) + RETURN_DELAY;
    const act = () => a.distributor.connect(a.stranger).returnUnassigned(a.attackId);
    return { second, act, works: OPENS_AT, error: "CompensationTooEarly" };
  },
  "filing an act under a joint measure, to its last second": async (a) => {
    const second = (await now(a)) + 100n * DAY;
    const adoption = [code("CHN"), 0, hash("instrument"), "ipfs://instrument", 0n, second] as const;
    await asTimelock(a, (timelock) => a.measures.connect(timelock).adopt(...adoption));
    const act = () => a.measures.connect(a.ltu.delegate).fileImplementation(1n, hash("act"), "ipfs://act");
    return { second, act, works: CLOSES_AFTER, error: "MeasureWrongStatus" };
  },
};

describe("Every deadline of an attack, a second before it, at it, and a second after it", () => {
  for (const [kind, moments] of Object.entries({ ROUNDS, MONEY })) {
    describe(kind.toLowerCase(), () => {
      for (const [name, prepare] of Object.entries(moments)) {
        it(name, async () => {
          const a = await loadFixture(underAttack);
          await expectMoment(a, await prepare(a));
        });
      }
    });
  }
});
