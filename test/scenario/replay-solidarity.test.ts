import { expect } from "chai";

import { reconcile } from "../../scripts/lib/replay/reconcile.ts";
import { recordLines } from "../../scripts/lib/replay/report.ts";
import { PPM, UNIT } from "../support/alliance.ts";
import { SIX, at, dayOf, lived } from "../support/replay.ts";
import type { Given } from "../support/replay.ts";

const MILLION = 1_000_000n * UNIT;

/**
 * Trade of 146 million a year, 0.4 a day, and a loss of 24 million in the three rounds until the case is ended: 8 a round.
 * Goods for 10 million, a tenth of which somebody outside the alliance takes before they can be offered.
 */
const GIVEN: Given = {
  members: SIX,
  cases: ["A AAA CHN 2019-09-01 2019-11-25 - 146"],
  losses: ["A 2019-09-01 2019-11-29 24"],
  lots: ["A 080430 1000 10000"],
  purchases: [
    "A 080430 AAA 400 2019-09-02",
    "A 080430 - 5000 2019-09-02",
    "A 080430 ZZZ 100 - 2019-09-01",
    "A 080430 EEE 700 2019-09-02",
    "A 080430 FFF 20 - 2019-09-20 20",
    "A 080430 BBB 300 2019-09-10 2019-09-25",
    "A 080430 CCC 200 - 2019-10-15 50",
    "A 080430 DDD 600 - 2019-11-20",
    "A 080430 DDD 7 - 2019-11-21",
    "A 080430 CCC 8 - 2019-12-24",
  ],
  compensation: ["A firms industry 100000 yes", "A workers worker 200000 yes", "A others worker 33333 no"],
  to: 2020,
};

async function recordOf(given: Given) {
  const { record, connection } = await lived(given);
  await connection.close();
  expect(record.reconciliation.mismatches).to.deep.equal([]);
  return record;
}

describe("The replay of solidarity", () => {
  let story: Awaited<ReturnType<typeof lived>>;
  const attack = () => story.record.attacks[0]!;

  before(async () => {
    story = await lived(GIVEN);
  });
  after(async () => {
    await story.connection.close();
  });

  describe("given goods that members and others buy", () => {
    it("offers what is left of them in the second in which the attack is recognised", () => {
      const { lots } = attack().market!;
      expect(lots).to.have.lengthOf(1);
      const [lot] = lots;
      // The last second of the twelfth round, however early the member ends the attack.
      const deadline = at("2019-09-01") + 360 * 86_400;
      expect(lot).to.include({
        case: "A",
        hsCode: "080430",
        unit: "t",
        quantity: 900n,
        price: 10_000n * UNIT,
        deadline,
      });
      expect(lot!.offered).to.equal(attack().recognised!.time + 1);
      expect(lot).to.include({ pledged: 300n + 150n + 600n, sold: 900n });
    });

    it("has members pledge on their days, and pay on theirs for as much as is left, beyond their usual trade", () => {
      const { pledges, purchases } = attack().market!;
      const told = (acts: { time: number; buyer: string; quantity: bigint }[]) =>
        acts.map(({ time, buyer, quantity }) => `${dayOf(time)} ${buyer} ${quantity}`);
      expect(told(pledges)).to.deep.equal(["2019-09-10 BBB 300", "2019-10-15 CCC 150", "2019-11-20 DDD 600"]);
      expect(told(purchases)).to.deep.equal(["2019-09-25 BBB 300", "2019-10-15 CCC 150", "2019-11-20 DDD 450"]);
      expect(purchases.map(({ paid }) => paid)).to.deep.equal([3n * MILLION, (3n * MILLION) / 2n, (9n * MILLION) / 2n]);
    });

    it("pays the seller's treasury and no other, and the market keeps nothing", async () => {
      const { ledger } = story;
      const { treasury } = ledger.actors.find(({ code }) => code === "AAA")!;
      const market = await ledger.market.getAddress();
      const [transfers, sold] = [ledger.token.filters.Transfer(), ledger.market.filters.Settled()];
      const received = (await ledger.token.queryFilter(transfers)).filter(({ args }) => args.to === treasury.address);
      const paid = (await ledger.market.queryFilter(sold)).map(({ args }) => args.paid);
      const buyers = new Set(ledger.actors.map((actor) => actor.treasury.address));
      expect(received.filter(({ args }) => buyers.has(args.from)).map(({ args }) => args.value)).to.deep.equal(paid);
      expect(await ledger.token.balanceOf(market)).to.equal(0n);
    });

    it("tells what each bought beside what its weight asks of it", () => {
      const { buyers } = attack().market!;
      const weight = (code: string) => story.record.members.find((one) => one.code === code)!.weights[0]!.weight;
      const others = ["BBB", "CCC", "DDD", "EEE", "FFF"].reduce((sum, code) => sum + weight(code), 0n);
      for (const { code, target } of buyers) {
        expect(target, code).to.equal((9n * MILLION * weight(code) + others - 1n) / others);
      }
      expect(buyers.map(({ code, bought }) => [code, bought])).to.deep.equal([
        ["BBB", 3n * MILLION],
        ["CCC", (3n * MILLION) / 2n],
        ["DDD", (9n * MILLION) / 2n],
      ]);
    });

    it("deducts once: assessors add back what was bought, the register takes it off, and the data's loss counts", () => {
      const rounds = attack().rounds.map(({ bought, reported, loss, payable }) => [bought, reported, loss, payable]);
      // Attachment: 5% of 146 = 7.3. Ceding: 80%. Registered trade of 30, 60, 90 days: 12, 24, 36, above each report.
      const tenths = (amount: bigint) => (amount * MILLION) / 10n;
      expect(rounds).to.deep.equal([
        [tenths(30n), tenths(110n), tenths(80n), (tenths(7n) * 8n) / 10n],
        [tenths(45n), tenths(205n), tenths(160n), (tenths(87n) * 8n) / 10n],
        [tenths(90n), tenths(330n), tenths(240n), (tenths(167n) * 8n) / 10n],
      ]);
      const [before, bought, after] = [tenths(330n), tenths(90n), tenths(240n)];
      expect(attack().market!.loss).to.deep.equal({ before, bought, after, payable: (tenths(167n) * 8n) / 10n });
    });

    it("tells what is no purchase of a member on the market, and why", () => {
      const { elsewhere, loss } = story.record.cases[0]!.goods!;
      expect(
        elsewhere.map(({ country, quantity, amount, reason }) => [country, quantity, amount, reason]),
      ).to.deep.equal([
        ["AAA", 400n, 4n * MILLION, "buyers in the member's own country"],
        ["", 5_000n, 50n * MILLION, "buyers of countries that are not told"],
        ["ZZZ", 100n, MILLION, "ZZZ is no member"],
        ["EEE", 700n, 7n * MILLION, "pledged; what was bought is not known"],
        ["FFF", 20n, 0n, "usual trade"],
        ["DDD", 7n, 70_000n * UNIT, "nothing of the lot was left"],
        ["CCC", 8n, 80_000n * UNIT, "attack 1 was over by 2019-12-24"],
      ]);
      // Bought by a known day: by ZZZ, and the 7 and 8 that found no lot.
      const others = MILLION + 150_000n * UNIT;
      expect(loss).to.deep.equal({
        before: 24n * MILLION + 9n * MILLION + others,
        onMarket: 9n * MILLION,
        elsewhere: others,
        after: 24n * MILLION,
      });
    });
  });

  describe("given a third of the awards for industries and workers", () => {
    const held = () => {
      const { recognised, rounds } = attack();
      const awards = [recognised!.advance, ...rounds.map(({ award }) => award)];
      return awards.reduce((sum, award) => sum + (award * 333_333n) / PPM, 0n);
    };

    it("keeps them when it is awarded, and pays the treasury the rest", () => {
      const { earmark, disbursements, closed } = attack();
      expect(closed!.awarded).to.equal((1336n * MILLION) / 100n);
      expect(earmark).to.include({ share: 333_333, received: held(), owed: 0n, held: 0n });
      const paid = disbursements.filter(({ occasion }) => occasion.startsWith("round") || occasion === "advance");
      expect(paid.reduce((sum, { amount }) => sum + amount, 0n)).to.equal(closed!.awarded - held());
    });

    it("opens a campaign when the case is closed, and pays those who claim from its tree", async () => {
      const { campaign } = attack().earmark!;
      expect(campaign!.opened).to.equal(attack().closed!.time + 1);
      const shares = [100_000n, 200_000n, 33_333n].map((part) => (held() * part) / 333_333n);
      expect(
        campaign!.recipients.map(({ recipients, purpose, amount, claimed }) => {
          return [recipients, purpose, amount, dayOf(claimed)];
        }),
      ).to.deep.equal([
        ["firms", "industry", shares[0], "2019-12-30"],
        ["workers", "worker", shares[1], "2019-12-30"],
        ["others", "worker", shares[2], undefined],
      ]);
      for (const { account, amount, claimed } of campaign!.recipients) {
        expect(await story.ledger.token.balanceOf(account)).to.equal(claimed === undefined ? 0n : amount);
      }
      expect(attack().earmark!.compensated).to.equal(shares[0]! + shares[1]!);
      expect(campaign!.total).to.equal(shares.reduce((sum, amount) => sum + amount));
      expect(campaign!.deadline - campaign!.opened).to.equal(180 * 86_400 - 1);
    });

    it("returns what nobody claimed after the deadline, and what the divisions left a year after closing", () => {
      const { campaign, unassigned, returned, received, compensated } = attack().earmark!;
      const third = campaign!.recipients[2]!.amount;
      expect([dayOf(campaign!.unclaimed!.time), campaign!.unclaimed!.amount]).to.deep.equal(["2020-05-28", third]);
      const dust = received - campaign!.total;
      expect(dust).to.be.within(1n, 2n);
      expect([dayOf(unassigned!.time), unassigned!.amount]).to.deep.equal(["2020-11-29", dust]);
      expect(returned).to.equal(third + dust);
      expect(compensated + returned).to.equal(received);
      const back = attack().disbursements.filter(({ occasion }) => occasion === "what industries and workers left");
      expect(back.map(({ amount }) => amount)).to.deep.equal([third, dust]);
    });
  });

  it("reconciles, and prints it all within a hundred columns", () => {
    expect(story.record.reconciliation.mismatches).to.deep.equal([]);
    const lines = recordLines(story.record, "A");
    for (const line of lines) expect(line.length, line).to.be.at.most(100);
    const printed = lines.map((line) => line.trim()).join(" ");
    expect(printed).to.include("AAA offers lot 1 on the market: 900 t of goods (HS 080430) at USD 10,000.00");
    expect(printed).to.include(
      "USD 33,000,000.00 before the market, USD 9,000,000.00 bought on it, USD 24,000,000.00 after",
    );
    expect(printed).to.include(
      "buyers in AAA: 400 t (USD 4,000,000.00) pledged by 2019-09-02; buyers in the member's own country",
    );
    expect(printed).to.match(/others +worker +[\d,.]+ +not claimed/);
  });

  describe("given events that somebody tampered with", () => {
    async function mismatches(change: (event: (typeof story.events)[number]) => void): Promise<string[]> {
      const events = structuredClone(story.events);
      events.forEach(change);
      return (await reconcile(story.ledger, events)).mismatches;
    }

    it("finds a purchase that was altered, on the register and at the seller's treasury", async () => {
      const found = await mismatches((event) => {
        if (event.name === "Settled" && event.quantity === 150n) event.paid += 1n;
      });
      const { treasury } = story.ledger.actors.find(({ code }) => code === "AAA")!;
      expect(found).to.have.lengthOf(2);
      expect(found[0]).to.match(/^attack 1, bought on the market: 9000000000001 by/);
      expect(found[1]).to.match(new RegExp(`^${treasury.address} was paid on the market: 9000000000001 by`));
    });

    it("finds a claim, a campaign and a return that were altered", async () => {
      const found = await mismatches((event) => {
        if (event.name === "Claimed" && event.leaf === 0n) event.amount += 1n;
        if (event.name === "CampaignOpened") event.total += 1n;
        if (event.name === "UnclaimedReturned") event.amount += 1n;
      });
      const { campaignId } = attack().earmark!.campaign!;
      expect(found.map((text) => text.split(":")[0])).to.deep.equal([
        `campaign ${campaignId}, total`,
        `campaign ${campaignId}, claimed`,
        "attack 1, compensated",
        "attack 1, returned from the earmark",
      ]);
    });
  });

  it("counts less while much is bought early, since a trade cannot lose more than itself, and all of it in the end", async () => {
    const record = await recordOf({
      members: SIX,
      cases: ["A AAA CHN 2019-09-01 2020-03-20 - 36.5"],
      losses: ["A 2019-09-01 2019-11-29 6"],
      lots: ["A 080430 1000 10000"],
      purchases: ["A 080430 BBB 700 - 2019-09-10"],
      to: 2020,
    });
    // Reported 9, 11, 13 and then the same; the trade of 30 days is 3 million, and 7 were bought.
    const counted = record.attacks[0]!.rounds.map(({ loss }) => loss);
    expect(counted).to.deep.equal([0n, 0n, 2n, 5n, 6n, 6n, 6n].map((amount) => amount * MILLION));
    expect(record.attacks[0]!.earmark).to.equal(undefined);
  });

  it("offers nothing if one buyer at home took the whole order, and tells the loss before and after", async () => {
    const record = await recordOf({
      members: SIX,
      cases: ["A AAA CHN 2019-09-01 2019-09-20"],
      losses: ["A 2019-09-01 2019-09-29 0"],
      lots: ["A 920110 11 1000"],
      purchases: ["A 920110 AAA 11 2019-09-01 2019-09-01"],
      to: 2019,
    });
    expect(record.attacks[0]!.market).to.equal(undefined);
    const { elsewhere, loss } = record.cases[0]!.goods!;
    expect(elsewhere.map(({ reason }) => reason)).to.deep.equal(["buyers in the member's own country"]);
    expect(loss).to.deep.equal({ before: 11_000n * UNIT, onMarket: 0n, elsewhere: 11_000n * UNIT, after: 0n });
  });

  it("offers the goods of a row that joins later, and of a case filed again what is left", async () => {
    const record = await recordOf({
      members: SIX,
      cases: ["A AAA CHN 2019-09-01", "B AAA CHN 2019-10-01"],
      losses: ["A 2019-09-01 2019-11-29 6", "A 2020-10-01 2020-10-30 1"],
      lots: ["A 080430 100 1", "B 030617 100 1"],
      purchases: [
        "A 080430 BBB 60 - 2019-09-10",
        "B 030617 CCC 100 2019-09-05 2019-10-10",
        "A 080430 CCC 30 - 2020-10-10",
        "A 080430 DDD 30 - 2020-09-10",
      ],
      to: 2020,
    });
    const lots = record.attacks.map(({ market }) =>
      market?.lots.map(({ case: id, offered, quantity, sold }) => [id, dayOf(offered), quantity, sold]),
    );
    expect(lots).to.deep.equal([
      [
        ["A", "2019-09-03", 100n, 60n],
        ["B", "2019-10-01", 100n, 100n],
      ],
      // What DDD bought between the two cases it buys as soon as there is a lot again; CCC gets what is left.
      [["A", "2020-10-03", 40n, 40n]],
    ]);
    const [, again] = record.attacks;
    expect(again!.market!.purchases.map(({ buyer, quantity }) => [buyer, quantity])).to.deep.equal([
      ["DDD", 30n],
      ["CCC", 10n],
    ]);
  });

  it("adopts a joint measure by a vote, and has those file it who are members, on their days", async () => {
    const record = await recordOf({
      members: SIX,
      cases: ["A AAA CHN 2019-09-01"],
      measures: [
        "M A CHN 2019-10-01 2020-03-31 AAA+BBB+ZZZ 2019-10-01",
        "M A CHN 2019-10-01 2020-03-31 CCC 2019-12-24",
        "M A CHN 2019-10-01 2020-03-31 DDD 2020-04-01",
        "N A EEE 2019-10-01 2020-03-31 AAA 2019-10-01",
      ],
      to: 2019,
    });
    // Against EEE, a member, nothing is proposed.
    expect(record.measures).to.have.lengthOf(1);
    const [measure] = record.measures;
    const vote = record.votes.find(({ proposalId }) => proposalId === measure!.proposalId)!;
    expect(vote.description).to.equal("Adopt a joint measure against CHN: Title of M (M)");
    expect([dayOf(vote.proposed), vote.ballots, vote.executed]).to.deep.equal(["2019-10-01", 4, measure!.adopted]);
    // Its first day has passed when the vote is carried out, so it begins then.
    expect(measure).to.include({ start: measure!.adopted, end: at("2020-04-01") - 1 });
    const filed = measure!.implementations.map(({ code, time }) => [code, time]);
    expect(filed.slice(0, 2)).to.deep.equal([
      ["AAA", measure!.adopted + 2],
      ["BBB", measure!.adopted + 3],
    ]);
    expect(filed.slice(2).map(([code, time]) => [code, dayOf(Number(time))])).to.deep.equal([["CCC", "2019-12-24"]]);
    expect(measure).to.include({ implemented: 3, awaited: 0, missing: 3 });
    const printed = recordLines(record, undefined)
      .map((line) => line.trim())
      .join(" ");
    expect(printed).to.include("2019-12-24  filed by CCC");
    expect(printed).to.include("3 members of today carry it out, 3 are missing; the register compels nobody.");
  });
});
