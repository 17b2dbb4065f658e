import { expect } from "chai";
import { network } from "hardhat";

import type { Speakers } from "../../scripts/lib/events/events.ts";
import { MOST_GAS } from "../../scripts/lib/replay/chain.ts";
import type { Connection } from "../../scripts/lib/replay/chain.ts";
import { DAY } from "../../scripts/lib/replay/ledger.ts";
import type { Ledger } from "../../scripts/lib/replay/ledger.ts";
import { lawOfGas } from "../../scripts/lib/simulation/audit.ts";
import { AuditorDesk } from "../../scripts/lib/simulation/auditor-desk.ts";
import { Auditor } from "../../scripts/lib/simulation/auditor.ts";
import { Ballots } from "../../scripts/lib/simulation/ballots.ts";
import { Drills } from "../../scripts/lib/simulation/drills.ts";
import { INVARIANTS, Laws, brokenBy } from "../../scripts/lib/simulation/invariants.ts";
import { asJson, checksIn, recordLines, verdictLines } from "../../scripts/lib/simulation/lines.ts";
import { networkFor } from "../../scripts/lib/simulation/node.ts";
import { fileFirst } from "../../scripts/lib/simulation/drill-case.ts";
import { DEFAULT_FILE, readSimulation } from "../../scripts/lib/simulation/parameters.ts";
import { recordOf } from "../../scripts/lib/simulation/record.ts";
import type { SimulationRecord } from "../../scripts/lib/simulation/record.ts";
import { Counter, Office } from "../../scripts/lib/simulation/scene.ts";
import { addressesOf, simulate, speakersOf } from "../../scripts/lib/simulation/simulation.ts";
import type { Simulation, Size, Watcher } from "../../scripts/lib/simulation/simulation.ts";
import { enrich, slowDown, tampered, withField } from "../support/simulation.ts";

const parameters = readSimulation(DEFAULT_FILE);
const SMALL = { members: 12, years: 2, attacks: 12, seed: 3 };

async function connect(): Promise<Connection> {
  return await network.create({ override: networkFor(parameters) });
}

async function live(connection: Connection, size: Size, audited: Watcher["audited"] = () => undefined) {
  return await simulate(connection, size, parameters, { founded: () => undefined, audited });
}

describe("simulate", () => {
  let connection: Connection;
  let lived: Simulation;
  let record: SimulationRecord;

  before(async () => {
    connection = await connect();
    lived = await live(connection, SMALL);
    record = recordOf(lived, SMALL, parameters.Prices);
  });

  after(() => connection.close());

  describe("given a small alliance", () => {
    it("files all attacks, ends every year with an audit, and finds every invariant to hold", () => {
      expect(record.attacks).to.equal(SMALL.attacks);
      const found = record.invariants.years.map(({ year, broken }) => ({ year, broken }));
      expect(found).to.deep.equal([1, 2].map((year) => ({ year, broken: [] })));
      for (const { checked, events } of record.invariants.years) {
        expect(checksIn([{ checked }])).to.be.greaterThan(500);
        expect(Object.keys(checked).map(Number)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
        for (const times of Object.values(checked)) expect(times).to.be.greaterThan(0);
        expect(events).to.be.greaterThan(200);
      }
      expect(verdictLines(record).join()).to.match(
        /simulated: 12 members, 2 years, 12 attacks, seed 3, [\d,]+ checks, all invariants hold/,
      );
    });

    it("counts the gas of everybody, which adds up to that of all years, and prices it", () => {
      const gas = record.operations.reduce((sum, line) => sum + line.gas, 0);
      expect(gas).to.equal(record.ofYears.reduce((sum, year) => sum + year.gas, 0));
      const payers = new Set(record.operations.map(({ payer }) => payer));
      expect(payers).to.deep.equal(new Set(["anyone", "assessors", "delegates", "treasuries"]));
      const contribution = record.operations.find(({ operation }) => operation === "contribution")!;
      expect(contribution.gas / contribution.count).to.be.within(70_000, 130_000);
      const { blobByte, envelope, ether, mainnet, rollups } = parameters.Prices;
      const dollars = (gwei: number) => (gwei * ether) / 1e9;
      const cents = (sum: number | undefined) => sum?.toFixed(6);
      expect(cents(contribution.cost["mainnet"])).to.equal(cents(dollars(contribution.gas * mainnet)));
      for (const { name, gas: price, compressed } of rollups) {
        const published = ((contribution.bytes + envelope * contribution.count) * compressed) / 1e6;
        const expected = dollars(contribution.gas * price) + dollars(published * blobByte);
        expect(cents(contribution.cost[name])).to.equal(cents(expected));
      }
    });

    it("names every invariant with what was checked of it, and where nothing was", () => {
      const idle = structuredClone(record);
      idle.invariants.years[1]!.checked[10] = 0;
      const [all, some] = [record, idle].map((one) => recordLines(one).join("\n"));
      for (const what of Object.values(INVARIANTS)) expect(all).to.include(what);
      expect(all).to.not.include("Nothing to check");
      expect(some).to.include("Nothing to check of invariant 10 in year 2.");
      expect(verdictLines(idle).join("\n")).to.match(/all invariants hold\S*$/);
      for (const { checked } of idle.invariants.years) checked[10] = 0;
      expect(verdictLines(idle).join("\n")).to.match(/all invariants hold, with nothing to check of 10\b/);
    });

    it("says how often a drill found no State that could file", async () => {
      const { scene } = lived;
      const gone = scene.states.map((state) => ({ ...state, away: true }));
      const happened = new Counter();
      expect(await fileFirst({ ...scene, happened, states: gone }, 1)).to.equal(undefined);
      expect([...happened.counts]).to.deep.equal([["drills for which no State could file an attack", 1]]);
    });

    it("prints what a year costs, with every operation and every payer", () => {
      const lines = recordLines(record).join("\n");
      for (const { words, payer } of record.operations)
        expect(lines).to.include(words).and.to.include(`all by ${payer}`);
    });

    it("lives the same life again by its seed, on a slower machine as well", async () => {
      const other = await connect();
      slowDown(other);
      const again = recordOf(await live(other, SMALL), SMALL, parameters.Prices);
      await other.close();
      expect(asJson(again)).to.equal(asJson(record));
    });
  });

  describe("given an alliance that its first State leaves", () => {
    it("takes it back, for the terms that it had", async () => {
      const leaving = { ...parameters.Simulation, notice: 150_000, awayFor: 60 * DAY };
      const other = await connect();
      try {
        const size = { members: 12, years: 2, attacks: 4, seed: 8 };
        const watcher = { founded: () => undefined, audited: () => undefined };
        const { audits, scene } = await simulate(other, size, { ...parameters, Simulation: leaving }, watcher);
        expect(audits.flatMap(({ broken }) => broken)).to.deep.equal([]);
        expect(scene.happened.counts.get("members returned")).to.be.greaterThan(0);
        const { coverage } = scene.ledger;
        const [first] = scene.states;
        const set = await coverage.queryFilter(coverage.filters.TermsSet(first!.actor.bytes3));
        expect(set).to.have.length(2);
        expect(set[1]!.args.terms).to.deep.equal(set[0]!.args.terms);
      } finally {
        await other.close();
      }
    });
  });

  describe("given what the rulebook finds", () => {
    const finding = (rule: string) => ({ rule, sentence: "states another" });

    it("names the invariant that the event or view speaks of", () => {
      const rules = ["token.balanceOf", "register.RoundSettled", "fund.AwardMade", "fund.ObligationsPaid"];
      expect(rules.map((rule) => brokenBy(finding(rule)).invariant)).to.deep.equal([1, 4, 5, 5]);
      const others = ["council.VoteCast", "council.VoteCalled", "ledger.Contributed", "fund.reserve"];
      expect(others.map((rule) => brokenBy(finding(rule)).invariant)).to.deep.equal([6, 7, 8, 11]);
    });
  });

  describe("given a unit of reserve that the chain has from nowhere after the first year", () => {
    it("is found at the end of the second year, and names invariants, year and seed", async () => {
      const other = await connect();
      const size = { members: 8, years: 3, attacks: 4, seed: 5 };
      const ended = await live(other, size, ({ year }, ledger) => (year === 1 ? enrich(other, ledger) : undefined));
      await other.close();
      expect(ended.audits.map(({ year }) => year)).to.deep.equal([1, 2]);
      expect(ended.audits[0]!.broken).to.deep.equal([]);
      expect(invariantsOf(ended.audits[1]!)).to.include.members([1, 2]);
      const [first] = verdictLines(recordOf(ended, size, parameters.Prices));
      expect(first).to.match(/^simulated: invariant \d+ is broken at the end of year 2, seed 5: ./);
    });
  });

  describe("given a view that answers otherwise than it should", () => {
    /** An audit of all that was lived through, which sees one view altered. */
    async function seen(by: keyof Speakers, view: string, other: (answer: never) => unknown): Promise<number[]> {
      const contracts = tampered(speakersOf(lived.scene.ledger), by, view, other);
      return await brokenIn(await auditorOf(contracts));
    }

    async function auditorOf(contracts: Speakers): Promise<Auditor> {
      const codes = lived.scene.states.map(({ actor }) => actor.bytes3);
      const send = (method: string, params: unknown[]) => connection.provider.request({ method, params });
      return await Auditor.of({ send }, contracts, codes);
    }

    /** What an audit of all that was lived through finds broken. */
    async function brokenIn(auditor: Auditor): Promise<number[]> {
      return invariantsOf(await auditor.audit(await connection.ethers.provider.getBlockNumber(), true));
    }

    it("finds nothing where the answer is left alone", async () => {
      expect(await seen("fund", "reserve", (reserve) => reserve)).to.deep.equal([]);
    });

    it("finds invariant 1 broken where the fund holds a unit less than it accounts for", async () => {
      expect(await seen("token", "balanceOf", (held: bigint) => held - 1n)).to.deep.equal([1]);
    });

    it("finds 2 and 11 where a unit of the reserve is gone", async () => {
      expect(await seen("fund", "reserve", (reserve: bigint) => reserve - 1n)).to.deep.equal([2, 11]);
    });

    it("finds 3 and 11 where more is owed than was awarded", async () => {
      expect(await seen("fund", "owed", (owed: bigint) => owed + 1n)).to.deep.equal([3, 11]);
    });

    it("finds 4 and 11 where rounds pay by another formula than the case was filed with", async () => {
      const unpaid = (file: { cover: { baseline: bigint; attachment: bigint; exhaustion: bigint } }) => {
        const { baseline, attachment, exhaustion } = file.cover;
        const cover = { baseline, ceding: 0n, attachment, exhaustion };
        return withField(file, "cover", cover);
      };
      expect(await seen("register", "attack", unpaid)).to.deep.equal([4, 11]);
    });

    it("finds 6 and 11 where a seat is no longer in the box, and has not voted", async () => {
      const without = ({ remaining, seats }: { remaining: bigint; seats: bigint }) => {
        return { remaining: remaining & (remaining - 1n), seats };
      };
      expect(await seen("council", "ballotBox", without)).to.deep.equal([6, 11]);
    });

    it("finds 7 and 11 where a vote is on another attack", async () => {
      expect(await seen("council", "attackOf", (attackId: bigint) => attackId + 1n)).to.deep.equal([7, 11]);
    });

    it("finds 8 and 11 where what was assessed before a year's end is another thing a year later", async () => {
      let later = 0n;
      const other = (assessed: bigint) => assessed + later;
      const contracts = tampered(speakersOf(lived.scene.ledger), "ledger", "through", other);
      const auditor = await auditorOf(contracts);
      expect(await brokenIn(auditor)).to.deep.equal([]);
      later = 1n;
      expect(await brokenIn(auditor)).to.deep.equal([8, 11]);
    });

    it("finds 13 where a transaction of the year took more gas than one may have", () => {
      const office = new Office(lived.scene.ledger);
      office.gas.note(2, "report", MOST_GAS + 1, 0);
      office.gas.note(2, "filing", MOST_GAS, 0);
      const laws = new Laws();
      lawOfGas(office, 2, laws);
      expect(laws.broken).to.have.length(1);
      expect(invariantsOf(laws)).to.deep.equal([13]);
    });

    it("finds 11 where a view reverts", async () => {
      const panic = () => {
        throw Object.assign(new Error("panicked"), { data: "0x4e487b71" });
      };
      expect(await seen("ledger", "callAt", panic)).to.deep.equal([11]);
    });
  });

  describe("given a thread of its own that cannot ask the chain", () => {
    it("throws why", async () => {
      const addresses = await addressesOf(speakersOf(lived.scene.ledger));
      const gone = { request: () => Promise.reject(new Error("the chain is gone")) };
      const thrown = await AuditorDesk.open(gone, { addresses, codes: [], asking: "0x" }).catch(
        (error: unknown) => error,
      );
      expect(thrown).to.be.instanceOf(Error).with.property("message", "the chain is gone");
    });
  });

  describe("given the drills of a year's end", () => {
    /** What they find where one view answers otherwise than it should. */
    async function drilled(by?: keyof Speakers, view = "", other: (answer: never) => unknown = (answer) => answer) {
      const { scene } = lived;
      const contracts = speakersOf(scene.ledger);
      const ledger = { ...scene.ledger, ...(by === undefined ? {} : tampered(contracts, by, view, other)) };
      const laws = new Laws();
      const altered = { ...scene, ledger: ledger as Ledger };
      await new Drills(altered, await Ballots.of(scene, connection.provider)).run(
        2,
        [1n, await contracts.council.latestProposalId()],
        laws,
      );
      return [...new Set(laws.broken.map(({ invariant }) => invariant))];
    }

    async function end(): Promise<unknown> {
      const block: unknown = await connection.provider.request({
        method: "eth_getBlockByNumber",
        params: ["latest", false],
      });
      return [block, lived.scene.ledger.chain.now];
    }

    it("finds nothing, and leaves chain and clock as they were", async () => {
      const before = await end();
      expect(await drilled()).to.deep.equal([]);
      expect(await end()).to.deep.equal(before);
    });

    it("finds 9 broken where others hold something else when a transfer fails", async () => {
      let more = 0n;
      expect(await drilled("fund", "committed", (committed: bigint) => committed + more++)).to.deep.equal([9]);
    });

    it("finds 10 broken where the breaker may stop for a second longer", async () => {
      expect(await drilled("fund", "stoppedUntil", (until: bigint) => until + 1n)).to.deep.equal([10]);
    });

    it("finds 10 broken where no attack is recognised with the breaker on", async () => {
      const without = (file: object) => withField(file, "recognisedAt", 0n);
      expect(await drilled("register", "attack", without)).to.deep.equal([10]);
    });

    it("finds 9 broken where a blocked treasury gets less in the end", async () => {
      // All purses are looked at without it blocked, and with it that of the attacked State three times.
      const last = 2 * lived.scene.states.length + 2;
      let given = 0;
      const less = (purse: bigint) => (++given === last ? purse - 1n : purse);
      expect(await drilled("token", "balanceOf", less)).to.deep.equal([9]);
    });

    it("finds 10 broken where an award comes to nothing with the breaker on", async () => {
      const more = (file: { awarded: bigint }) => withField(file, "awarded", file.awarded + 1n);
      expect(await drilled("register", "attack", more)).to.deep.equal([10]);
    });

    it("finds 10 broken where less is awarded than is payable with the breaker on", async () => {
      expect(await drilled("register", "payableSoFar", () => 2n ** 128n)).to.deep.equal([10]);
    });

    it("finds 12 broken where something stays in the pot", async () => {
      expect(await drilled("fund", "pot", (pot: bigint) => pot + 1n)).to.deep.equal([12]);
    });

    it("finds 12 broken where something stays owed", async () => {
      let asked = 0;
      // The drill of a blocked treasury asks as well, and is to see the same twice.
      expect(await drilled("fund", "owed", (owed: bigint) => (++asked > 2 ? owed + 1n : owed))).to.deep.equal([12]);
    });

    it("finds 12 broken where a vote does not end", async () => {
      expect(await drilled("council", "state", () => 1n)).to.deep.equal([12]);
    });
  });
});

function invariantsOf({ broken }: Pick<Laws, "broken">): number[] {
  return [...new Set(broken.map(({ invariant }) => invariant))].sort((a, b) => a - b);
}
