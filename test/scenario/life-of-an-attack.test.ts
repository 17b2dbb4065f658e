import { expect } from "chai";
import { network } from "hardhat";

import {
  CaseStatus,
  DAY,
  MILLION,
  Measure,
  Support,
  UNIT,
  YEAR,
  code,
  decide,
  hash,
  payDebt,
} from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { ROUND, books, coverOf, coveredAlliance, grantMarket, reportLosses } from "../support/attacks.ts";
import { at, moveTo, now } from "../support/chain.ts";
import { ReferenceCase, capOf, netLoss } from "../support/reference-indemnity.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;
const covered = () => coveredAlliance(connection);

const E = 200n * MILLION;

/** Money in and out, and what the fund holds: invariants 1 and 2. */
async function checkMoney(a: Alliance, received: bigint, disbursed: bigint): Promise<void> {
  const held = (await a.fund.reserve()) + (await a.fund.pot()) + (await a.fund.earmarked());
  expect(await a.token.balanceOf(await a.fund.getAddress()), "1").to.equal(held);
  expect(received - disbursed, "2").to.equal(held);
}

describe("The life of an attack", () => {
  it("goes from the first warning to the last disbursement and the charge that is paid back", async () => {
    const a = await loadFixture(covered);
    const ltu = a.member("LTU");
    const { delegate, treasury } = ltu;
    const before = await a.token.balanceOf(treasury.address);
    const received = () => a.token.balanceOf(treasury.address).then((balance) => balance - before);
    await grantMarket(a, a.stranger.address);
    // Two hundred days after genesis three budgets of a hundred million are paid in.
    await checkMoney(a, 300n * MILLION, 0n);

    // Day 200: a warning. Day 201: Lithuania disappears from a customs system. Day 203: it files.
    await a.register.connect(delegate).notifyThreat(ltu.code, code("CHN"), hash("threat"), "ipfs://threat");
    const startedAt = a.genesis + 201n * DAY;
    await at(a, a.genesis + 203n * DAY);
    await a.register
      .connect(delegate)
      .file(
        ltu.code,
        code("CHN"),
        Measure.CustomsDelisting,
        startedAt,
        hash("customs screenshots"),
        "ipfs://customs",
        hash("office in Vilnius"),
        200_000n,
      );
    const book = new ReferenceCase(coverOf(E), capOf(300n * MILLION, 300n * MILLION), 1_000n * MILLION);
    expect(book.committed).to.equal(88n * MILLION);

    // Day 205: the fourth of six seats says yes, and 8.8 million move in the same transaction.
    await moveTo(a, a.genesis + 205n * DAY);
    for (const name of ["EST", "LVA", "POL", "CZE"]) {
      expect(await received()).to.equal(0n);
      await a.council.connect(a.member(name).delegate).castVote(1n, Support.For, { gasLimit: 3_000_000 });
    }
    expect(await a.register.statusOf(1n)).to.equal(CaseStatus.Recognised);
    expect(await received()).to.equal(7_040_000n * UNIT);
    expect(await a.fund.earmarked()).to.equal(1_760_000n * UNIT);
    await checkMoney(a, 300n * MILLION, 7_040_000n * UNIT);

    // Orders are cancelled too: a measure joins the case. Allies buy stranded goods for six million.
    await a.register
      .connect(delegate)
      .addMeasure(1n, Measure.OrderCancellation, hash("cancelled orders"), "ipfs://orders");
    await a.register.connect(a.stranger).recordPurchase(1n, 6n * MILLION);

    // Day 231: 15 million lost, less purchases, lie below the attachment of 10 million. Nothing beyond the advance.
    await reportLosses(
      a,
      1n,
      1,
      [14n, 15n, 16n, 900n].map((l) => l * MILLION),
    );
    book.settle(1, 15n * MILLION, 6n * MILLION);
    expect(book.payable).to.equal(0n);
    expect((await books(a, 1n)).awarded).to.equal(8_800_000n * UNIT);

    // Day 261: only two assessors report. The round is never settled.
    await reportLosses(
      a,
      1n,
      2,
      [30n, 31n].map((l) => l * MILLION),
    );

    // Day 291: what could have been traded by then is the limit: 49.3 million, less what was bought.
    await reportLosses(a, 1n, 3, 70n * MILLION);
    book.settle(3, 70n * MILLION, 6n * MILLION);
    const loss = netLoss(coverOf(E), 70n * MILLION, 6n * MILLION, 3n * ROUND);
    expect(loss).to.equal((E * 90n) / 365n - 6n * MILLION);
    expect((await books(a, 1n)).awarded).to.equal(book.awarded);
    await expect(a.panel.settle(1n, 2)).to.be.revertedWithCustomError(a.panel, "PanelRoundNotOpen").withArgs(1n, 2n);

    // Day 321: 56 million net. 0.8 × (56 − 10) = 36.8 million in all.
    await reportLosses(a, 1n, 4, 62n * MILLION);
    book.settle(4, 62n * MILLION, 6n * MILLION);
    expect(book.awarded).to.equal(36_800_000n * UNIT);
    expect((await books(a, 1n)).awarded, "3").to.equal(book.awarded);

    // From day 323 the council revises it in an ordinary vote, for losses that the assessors did not see: 59 million net.
    await decide(a, {
      target: a.register,
      data: a.register.interface.encodeFunctionData("reviseLoss", [1n, 65n * MILLION]),
    });
    book.settle(4, 65n * MILLION, 6n * MILLION);
    expect(book.awarded).to.equal(39_200_000n * UNIT);
    expect(await received()).to.equal(31_360_000n * UNIT);
    expect(await a.fund.earmarked()).to.equal(7_840_000n * UNIT);

    // Day 340: the pressure ends. The fifth round is the last; its window still runs.
    await at(a, startedAt + 139n * DAY);
    await expect(a.register.connect(delegate).end(1n))
      .to.emit(a.register, "Ended")
      .withArgs(1n, startedAt + 139n * DAY, 5n);

    // Day 351: some trade was recovered. 50 million net make 32 million payable; 7.2 million were too much.
    await reportLosses(a, 1n, 5, 56n * MILLION);
    book.settle(5, 56n * MILLION, 6n * MILLION);
    expect([book.payable, book.awarded, book.charge]).to.deep.equal([
      32n * MILLION,
      39_200_000n * UNIT,
      7_200_000n * UNIT,
    ]);
    const sent = await a.register.connect(treasury).close(1n);
    const closedAt = await now(a);
    await expect(sent)
      .to.emit(a.register, "Closed")
      .withArgs(1n, 39_200_000n * UNIT, 32n * MILLION, 48_800_000n * UNIT, 7_200_000n * UNIT);
    expect(await a.register.statusOf(1n)).to.equal(CaseStatus.Closed);
    expect(await a.fund.committed()).to.equal(0n);
    const { coverYear } = await a.register.attack(1n);
    expect(await a.register.usedOf(ltu.code, coverYear), "3").to.equal(39_200_000n * UNIT);
    expect((await a.registry.member(ltu.code)).openCases).to.equal(0n);
    await checkMoney(a, 300n * MILLION, 31_360_000n * UNIT);

    // The charge is due in a year, and paid.
    expect(await a.ledger.askedOf(ltu.code)).to.equal(4n * 12_500_000n * UNIT + 7_200_000n * UNIT);
    await moveTo(a, closedAt + YEAR);
    const early = await a.ledger.debtOf(ltu.code);
    await moveTo(a, closedAt + YEAR + 1n);
    expect((await a.ledger.debtOf(ltu.code)) - early).to.equal(7_200_000n * UNIT);
    const paid = (await a.ledger.askedOf(ltu.code)) - (await a.ledger.account(ltu.code)).paid;
    await payDebt(a, ltu);
    expect(await a.ledger.debtOf(ltu.code)).to.equal(0n);
    await checkMoney(a, 300n * MILLION + paid, 31_360_000n * UNIT);
  });
});
