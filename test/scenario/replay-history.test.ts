import { expect } from "chai";

import { PPM, UNIT } from "../support/alliance.ts";
import { dayOf, livedThrough } from "../support/replay.ts";

describe("The replay of 2010 to 2023", function () {
  // Some eight thousand transactions: a minute or two.
  this.timeout(600_000);

  let record: Awaited<ReturnType<typeof livedThrough>>["record"];
  const caseOf = (id: string) => record.cases.find(({ row }) => row.id === id)!;
  const attacksOf = (id: string) => record.attacks.filter(({ cases }) => cases[0] === id);

  before(async () => {
    const { record: found, connection } = await livedThrough([]);
    await connection.close();
    record = found;
  });

  it("reconciles", () => {
    expect(record.reconciliation.mismatches).to.deep.equal([]);
    expect(record.reconciliation.entries > 5_000n).to.be.true;
  });

  it("refuses the Philippines, which were never rated Free", () => {
    expect(caseOf("PHL-2012")).to.deep.include({ outcome: "refused", attackIds: [] });
    expect(caseOf("PHL-2012").refusals[0]!.sentence).to.equal(
      "PHL is no member of the alliance: it was not rated Free for 2011.",
    );
    expect(record.cases.filter(({ outcome }) => outcome === "refused")).to.have.lengthOf(1);
  });

  it("pays Lithuania two days after it filed, where the EU's aid took 146", () => {
    const [attack] = attacksOf("LTU-2021");
    expect(attack).to.include({ daysToMoney: 2, status: "Closed" });
    expect(caseOf("LTU-2021").comparisons.map(({ days }) => days)).to.deep.equal([146]);
    // 80% of what the loss of USD 171.01m over 2022 exceeds 5% of USD 218.6m by, up to the end of the twelfth round.
    const reported = (171_010_000n * UNIT * 329n) / 365n;
    const awarded = ((reported - (218_600_000n * UNIT * 5n) / 100n) * 80n) / 100n;
    expect(attack!.closed!.awarded).to.be.within(awarded - 1n, awarded);
    // All but what industries and workers got went to the treasury; nothing is owed or left.
    expect(attack!.disbursed).to.equal(attack!.closed!.awarded - attack!.earmark!.compensated);
  });

  it("keeps a third of Lithuania's awards for industries and workers, and pays all who claim", () => {
    const { earmark, closed, rounds, recognised } = attacksOf("LTU-2021")[0]!;
    const awards = [recognised!.advance, ...rounds.map(({ award }) => award)];
    const received = awards.reduce((sum, award) => sum + (award * 333_333n) / PPM, 0n);
    expect(earmark).to.deep.include({ share: 333_333, received, held: 0n, owed: 0n });
    const { recipients, unclaimed } = earmark!.campaign!;
    const parts = [11_667n, 155_000n, 11_667n, 154_999n].map((part) => (received * part) / 333_333n);
    expect(recipients.map(({ purpose, amount, claimed }) => [purpose, amount, claimed !== undefined])).to.deep.equal([
      ["industry", parts[0], true],
      ["industry", parts[1], true],
      ["worker", parts[2], false],
      ["worker", parts[3], true],
    ]);
    expect(unclaimed!.amount).to.equal(parts[2]);
    expect(unclaimed!.time - closed!.time).to.be.greaterThan(180 * 86_400);
    expect(earmark!.compensated).to.equal(parts[0]! + parts[1]! + parts[3]!);
    expect(earmark!.returned).to.equal(received - earmark!.compensated);
  });

  it("deducts once what Japan bought of Taiwan's pineapples, and tells who else had pledged 41,687 t", () => {
    const { goods } = caseOf("TWN-2021");
    const [attack] = attacksOf("TWN-2021");
    // 18,000 t less the 2,179 t of the year before, at NT$36,000 a ton and 27.93.
    const bought = (15_821n * 128_894n * UNIT) / 100n;
    const net = 18_980_000n * UNIT;
    const payable = ((net - (53_710_000n * UNIT * 5n) / 100n) * 80n) / 100n;
    expect(attack!.market!.loss).to.deep.equal({ before: net + bought, bought, after: net, payable });
    expect(attack!.market!.buyers.map((buyer) => [buyer.code, buyer.bought])).to.deep.equal([["JPN", bought]]);
    expect(attack!.disbursed).to.equal(payable);
    expect(goods!.loss).to.deep.equal({ before: net + bought, onMarket: bought, elsewhere: 0n, after: net });
    expect(goods!.elsewhere.reduce((tons, { quantity }) => tons + quantity, 0n)).to.equal(41_687n);
  });

  it("offers none of the Czech pianos, which one buyer at home took, and tells the loss before and after", () => {
    const { loss, elsewhere } = caseOf("CZE-2020").goods!;
    const order = (11n * 2_134_673n * UNIT) / 100n;
    expect(loss).to.deep.equal({ before: order, onMarket: 0n, elsewhere: order, after: 0n });
    expect(elsewhere.map(({ buyers }) => buyers)).to.deep.equal(["Karel Komárek Family Foundation"]);
    expect(attacksOf("CZE-2020")[0]!.market).to.equal(undefined);
  });

  it("adopts the case at the World Trade Organization, in which 27 and then six took part", () => {
    const [measure, ...others] = record.measures;
    expect(others).to.deep.equal([]);
    const filed = measure!.implementations.map(({ time }) => dayOf(time));
    expect(filed.filter((day) => day === dayOf(measure!.adopted))).to.have.lengthOf(27);
    expect(filed.filter((day) => day === "2022-02-11")).to.have.lengthOf(6);
    expect(measure).to.include({ implemented: 33, awaited: 0 });
  });

  it("files Norway's case again for its later loss, as a new one", () => {
    expect(attacksOf("NOR-2010").map(({ startedAt, succession }) => [dayOf(startedAt), succession])).to.deep.equal([
      ["2010-12-01", 0],
      ["2013-01-01", 0],
    ]);
  });

  it("joins Taiwan's second ban of 2022 to the first, and covers both", () => {
    const [attack] = attacksOf("TWN-2022A");
    expect(attack!.cases).to.deep.equal(["TWN-2022A", "TWN-2022B"]);
    expect(attack!.cover.baseline).to.equal((53_940_000n + 20_660_000n) * UNIT);
    // Less than 360 days after the pineapple case: no advance.
    expect(attack!.succession).to.equal(1);
    expect(attack!.recognised!.advance).to.equal(0n);
    expect(caseOf("TWN-2022B").outcome).to.equal("joined");
  });

  it("recognises cases with nothing payable, and takes back the advance of the Czech one", () => {
    for (const id of ["GBR-2012", "MNG-2016"]) {
      expect(attacksOf(id)[0], id).to.include({ status: "Closed", disbursed: 0n });
      expect(attacksOf(id)[0]!.recognised, id).to.include({ committed: 0n });
    }
    const { awarded, charged } = attacksOf("CZE-2020")[0]!.closed!;
    expect(awarded > 0n).to.be.true;
    expect(charged).to.equal(awarded);
  });

  it("pays Australia what a year of cover allows", () => {
    expect(attacksOf("AUS-2020")[0]!.disbursed).to.equal(150_000_000n * UNIT);
  });

  it("follows the ratings", () => {
    const changes = record.memberships.map(({ time, code, change }) => `${dayOf(time)!.slice(0, 4)} ${code} ${change}`);
    expect(changes.filter((line) => line.endsWith("founded"))).to.have.lengthOf(89);
    expect(changes).to.include.members([
      "2011 MEX suspended",
      "2013 SEN admitted",
      "2019 HUN suspended",
      "2021 PER suspended",
      "2022 PER reinstated",
      "2023 PER suspended",
    ]);
    const last = record.members.map(({ years }) => years.at(-1)!);
    expect(last.filter(({ status }) => status === "Suspended")).to.have.lengthOf(15);
    expect(last.every(({ debt, goodStanding }) => debt === 0n && goodStanding)).to.be.true;
    expect(last.reduce((sum, { weight }) => sum + weight, 0n)).to.equal(PPM);
  });

  it("lets everyone pay every quarter", () => {
    expect(record.quarters).to.have.lengthOf(57);
    for (const { period, payers } of record.quarters) expect(payers, `${period}`).to.be.within(89, 99);
  });
});
