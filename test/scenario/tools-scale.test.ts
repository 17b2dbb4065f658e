import { expect } from "chai";
import { network } from "hardhat";

import { dependenceCsv, dependenceLines, readDependence } from "../../scripts/lib/tools/dependence.ts";
import { buildScale, proposeScale, scaleLines } from "../../scripts/lib/tools/scale.ts";
import { DAY, MILLION, asTimelock, code, decide, foundAlliance, hash, voteThrough } from "../support/alliance.ts";
import { csvOf, deskOf, failureOf } from "../support/tools.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const HEAD = "member,capacity,dependence";

/** Eight members of 100,000 ppm; full dependence would raise a weight by half. All trade with CHN is a tenth of theirs. */
async function founded() {
  const a = await foundAlliance(connection, { capacity: 100_000, parameters: { loading: 500_000 } });
  await a.time.increaseTo(a.genesis + 100n * DAY);
  return { ...a, desk: await deskOf(a) };
}

describe("readDependence", () => {
  it("tells trade and share by coercer, and what both add to a weight by the ledger's own formula", async () => {
    const a = await loadFixture(founded);
    const rus = { baseline: 50n * MILLION, dependence: 400_000, source: hash("trade") };
    const exposures = [{ code: code("LTU"), coercer: code("RUS"), exposure: rus }];
    await asTimelock(a, (timelock) => a.coverage.connect(timelock).setExposures(exposures));
    await a.time.increase(91n * DAY);
    const { loading, coercers, members, pairs } = await readDependence(a.desk);
    expect(loading).to.equal(500_000n);
    expect(coercers).to.deep.equal([
      { coercer: "CHN", members: 8, baseline: 1_600n * MILLION, dependence: 100_000n },
      { coercer: "RUS", members: 1, baseline: 50n * MILLION, dependence: 50_000n },
    ]);
    expect(members.find(({ member }) => member === "LTU")).to.deep.equal({
      member: "LTU",
      capacity: 100_000n,
      dependence: 500_000n,
      without: 100_000n,
      adds: 25_000n,
      weight: 100_000n,
    });
    expect(pairs).to.have.lengthOf(9);
    expect(pairs.filter(({ member }) => member === "LTU").map(({ adds }) => adds)).to.deep.equal([5_000n, 20_000n]);

    await asTimelock(a, (timelock) => a.ledger.connect(timelock).setScale(code("LTU"), 100_000, 500_000));
    expect(await a.ledger.weightOf(code("LTU"), (await a.ledger.currentPeriod()) + 1n)).to.equal(125_000n);
  });

  it("tells of another time and another block what held there", async () => {
    const a = await loadFixture(founded);
    const block = await a.ethers.provider.getBlockNumber();
    // Registered at the founding, effective 90 days later, lapsed after three years more.
    expect((await readDependence(a.desk, { time: a.genesis })).coercers).to.deep.equal([]);
    expect((await readDependence(a.desk, { time: a.genesis + 2_000n * DAY })).coercers).to.deep.equal([]);
    const entry = { baseline: 0n, dependence: 0, source: hash("none") };
    await asTimelock(a, async (timelock) => {
      await a.coverage
        .connect(timelock)
        .setExposures(a.members.map((m) => ({ code: m.code, coercer: code("CHN"), exposure: entry })));
      await a.time.increase(91n * DAY);
    });
    expect((await readDependence(a.desk)).coercers).to.deep.equal([]);
    expect((await readDependence(a.desk, { block })).coercers).to.have.lengthOf(1);
  });

  it("prints tables, or a line for every pair", async () => {
    const a = await loadFixture(founded);
    const found = await readDependence(a.desk);
    const lines = dependenceLines(found, a.desk);
    expect(lines[3]).to.match(/^CHN +8 +1,600,000,000 TEST +10\.0000%$/);
    expect(lines.find((line) => line.startsWith("LTU"))).to.match(
      /^LTU +10\.0000% +10\.0000% +10\.0000% +0\.5000% +10\.0000%$/,
    );
    expect(dependenceCsv(found).slice(0, 2)).to.deep.equal([
      "member,coercer,baseline,dependence,adds",
      `AUS,CHN,${200n * MILLION},100000,5000`,
    ]);
  });
});

describe("buildScale", () => {
  it("builds a proposal that, once voted for, sets exactly the weights it shows", async () => {
    const a = await loadFixture(founded);
    const csv = csvOf(HEAD, "LTU,100000,400000", "EST,20000,0", "NOR,1,0", "AUS,220000,100000");
    const proposal = await buildScale(a.desk, csv);
    expect(proposal.changes).to.deep.equal([
      { member: "LTU", before: 100_000n, after: 120_000n, bound: undefined },
      { member: "EST", before: 100_000n, after: 20_000n, bound: undefined },
      { member: "NOR", before: 100_000n, after: 10n, bound: "floor" },
      { member: "AUS", before: 100_000n, after: 220_000n, bound: "ceiling" },
    ]);
    expect([proposal.sumBefore, proposal.sumAfter]).to.deep.equal([800_000n, 760_010n]);
    const lines = scaleLines(a.desk, proposal);
    expect(lines).to.include("description: Set the scale of 4 members from period 2 on");
    expect(lines).to.include(
      "action 1: ledger.setScales([(NOR, 1, 0), (EST, 20000, 0), (LTU, 100000, 400000), (AUS, 220000, 100000)])",
    );

    const proposalId = (await proposeScale(a.desk, proposal, a.member("LTU").delegate.address))!;
    await voteThrough(a, proposalId);
    await a.council["queue(uint256)"](proposalId);
    await a.time.increaseTo(await a.council.proposalEta(proposalId));
    await a.council["execute(uint256)"](proposalId);
    const next = (await a.ledger.currentPeriod()) + 1n;
    for (const { member, after } of proposal.changes) {
      expect(await a.ledger.weightOf(code(member), next)).to.equal(after);
    }
  });

  it("divides what exceeds a call into several, with falling weights first, so that each holds by itself", async () => {
    const a = await loadFixture(founded);
    // The chain takes 104 in a call; with two, the order matters.
    const ledger = Object.assign(Object.create(a.desk.contracts.ledger) as typeof a.ledger, {
      SCALES_A_CALL: () => Promise.resolve(2n),
    });
    const desk = { ...a.desk, contracts: { ...a.desk.contracts, ledger } };
    const csv = csvOf(HEAD, "LTU,210000,0", "EST,210000,0", "NOR,10,0", "AUS,10,0");
    const { calldatas, targets } = await buildScale(desk, csv);
    expect(calldatas).to.have.lengthOf(2);
    await decide(
      a,
      ...calldatas.map((data, i) => ({ target: { getAddress: () => Promise.resolve(targets[i]!) }, data })),
    );
    expect(await a.ledger.weightOf(code("LTU"), (await a.ledger.currentPeriod()) + 1n)).to.equal(210_000n);
  });

  it("names every bad row, every unknown member and a sum above the whole at once", async () => {
    const a = await loadFixture(founded);
    const csv = csvOf(
      HEAD,
      "LTU,1000001,0",
      "XXX,10,0",
      "ltu,1,0",
      "LTU,200000,0.5",
      "EST,220000,0",
      "NOR,220000,0",
      "AUS,220000,0",
    );
    expect((await failureOf(buildScale(a.desk, csv))).split("\n")).to.deep.equal([
      `InputError: ${csv}, line 1, column capacity: all weights would come to 128.0000%; at most 100% would be right, with the members that the file does not name.`,
      `${csv}, line 2, column capacity: 1,000,001 ppm is more than the whole, which is 1,000,000.`,
      `${csv}, line 3, column member: XXX is no member.`,
      `${csv}, line 4, column member: "ltu" is no country code of three capital letters.`,
      `${csv}, line 5, column member: LTU stands on line 2 already.`,
      `${csv}, line 5, column dependence: "0.5" is no number from 0 up with at most 0 decimals.`,
    ]);
  });

  it("is proposed by nobody but the delegate of a seat", async () => {
    const a = await loadFixture(founded);
    const proposal = await buildScale(a.desk, csvOf(HEAD, "LTU,100000,400000"));
    const { address } = a.stranger;
    expect(await failureOf(proposeScale(a.desk, proposal, address))).to.equal(
      `Refused: ${address} votes for no seat; the delegate of a State that may vote now would be right.`,
    );
  });
});
