import { expect } from "chai";
import { network } from "hardhat";

import { DAY, MILLION, UNIT, recognisedAttack } from "../support/alliance.ts";
import { books, coverOf, coveredAlliance, finish, reportLosses } from "../support/attacks.ts";
import { expectConserved } from "../support/books.ts";
import { moveTo, now } from "../support/chain.ts";
import { LONGEST, Purpose, RETURN_DELAY, open, treeOf } from "../support/compensation.ts";
import { earmark, receivedBy } from "../support/fund.ts";
import { buy, offer } from "../support/market.ts";
import { payable } from "../support/reference-indemnity.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const COVER = coverOf(200n * MILLION);
const ADVANCE = 8_800_000n * UNIT;

/** LTU is attacked by CHN; a third of every award is for industries and workers. Everybody can buy. */
async function attacked() {
  const a = await coveredAlliance(connection);
  const market = await a.market.getAddress();
  for (const { treasury } of a.members) await a.token.connect(treasury).approve(market, 2n ** 255n);
  const [ltu, est, lva] = [a.member("LTU"), a.member("EST"), a.member("LVA")] as const;
  return { ...a, ltu, est, lva, ...(await recognisedAttack(a, ltu, { share: 333_333 })) };
}

async function awardedSoFar(a: Awaited<ReturnType<typeof attacked>>): Promise<bigint> {
  return (await books(a, a.attackId)).awarded;
}

describe("Solidarity", () => {
  describe("the life of a lot", () => {
    it("lowers what the next rounds award, once, and never below zero", async () => {
      const a = await loadFixture(attacked);
      const reported = 16n * MILLION; // what assessors found lost, all that allies bought added back
      await reportLosses(a, a.attackId, 1, reported);
      expect(await awardedSoFar(a)).to.equal(ADVANCE); // which is more than a loss of sixteen makes payable

      const lotId = await offer(a, a.attackId, a.ltu, { quantity: 500_000n, deadline: (await now(a)) + 200n * DAY });
      await buy(a, lotId, a.est, 200_000n); // four million
      await buy(a, lotId, a.lva, 100_000n); // two million
      const bought = 6n * MILLION;
      expect((await a.market.fulfilmentOf(a.attackId, a.est.code)).bought).to.equal(4n * MILLION);

      // Without the purchases thirty million would count in the second round.
      await reportLosses(a, a.attackId, 2, 30n * MILLION);
      const possible = (200n * MILLION * 60n) / 365n;
      const loss = (30n * MILLION < possible ? 30n * MILLION : possible) - bought;
      expect((await a.register.attack(a.attackId)).loss).to.equal(loss);
      expect(await awardedSoFar(a)).to.equal(payable(COVER, loss));
      expect(payable(COVER, loss))
        .to.be.lessThan(payable(COVER, loss + bought))
        .and.greaterThan(ADVANCE);

      // The report is cumulative and so are the purchases: the next round takes them off the whole, not twice.
      await reportLosses(a, a.attackId, 3, 40n * MILLION);
      expect((await a.register.attack(a.attackId)).loss).to.equal(34n * MILLION);
      expect(await awardedSoFar(a)).to.equal(payable(COVER, 34n * MILLION));

      // More bought than lost: the loss is zero and nothing more is awarded.
      await buy(a, lotId, a.est, 200_000n);
      const before = await awardedSoFar(a);
      await reportLosses(a, a.attackId, 4, 9n * MILLION);
      expect((await a.register.attack(a.attackId)).loss).to.equal(0n);
      expect(await awardedSoFar(a)).to.equal(before);
      expect(await a.token.balanceOf(await a.market.getAddress())).to.equal(0n);
      await expectConserved(a.fund, a.token);
    });
  });

  describe("the life of a campaign", () => {
    it("goes from the award to those whom the attack has hit, and what is left to the member", async () => {
      const a = await loadFixture(attacked);
      const advance = await earmark(a, a.attackId);
      expect(advance.held).to.equal((ADVANCE * 333_333n) / 1_000_000n);

      // A first list: a firm and two workers.
      const people = [
        { account: a.spare(0).address, amount: 2n * MILLION, purpose: Purpose.Industry },
        { account: a.spare(1).address, amount: 3_000n * UNIT },
        { account: a.spare(2).address, amount: 2_500n * UNIT },
      ];
      const first = await treeOf(a, a.attackId, 1n, people);
      const deadline = await open(a, "LTU", first);
      await a.distributor.connect(a.stranger).claim(first.claims[0]!);
      await a.distributor.connect(a.spare(1)).claim(first.claims[1]!);
      for (const { account, amount } of people.slice(0, 2)) expect(await a.token.balanceOf(account)).to.equal(amount);

      // A second list from a later award shares the earmark.
      await reportLosses(a, a.attackId, 3, 40n * MILLION);
      const { held } = await earmark(a, a.attackId);
      const second = await treeOf(a, a.attackId, 2n, [{ account: a.spare(3).address, amount: 4n * MILLION }]);
      await open(a, "LTU", second, { lasting: LONGEST });
      expect(await a.distributor.reserved(a.attackId)).to.equal(2_500n * UNIT + 4n * MILLION);

      // The third person never claims: its money returns, and the second list keeps its own.
      await moveTo(a, deadline + 1n);
      let before = await receivedBy(a, a.ltu);
      await a.distributor.connect(a.relayer).returnUnclaimed(first.campaignId);
      expect((await receivedBy(a, a.ltu)) - before).to.equal(2_500n * UNIT);
      await a.distributor.claim(second.claims[0]!);

      await finish(a, a.attackId, a.ltu, 40n * MILLION);
      await moveTo(a, (await a.register.closedAt(a.attackId)) + RETURN_DELAY);
      before = await receivedBy(a, a.ltu);
      await a.distributor.connect(a.stranger).returnUnassigned(a.attackId);
      expect((await receivedBy(a, a.ltu)) - before).to.equal(held - 2_500n * UNIT - 4n * MILLION);
      expect(await earmark(a, a.attackId)).to.deep.equal({ owed: 0n, held: 0n });
      expect(await a.fund.earmarked()).to.equal(0n);
      await expectConserved(a.fund, a.token);
    });
  });
});
