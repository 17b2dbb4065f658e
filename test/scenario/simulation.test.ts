import { expect } from "chai";
import { network } from "hardhat";

import type { Speakers } from "../../scripts/lib/events/events.ts";
import type { Connection } from "../../scripts/lib/replay/chain.ts";
import type { Ledger } from "../../scripts/lib/replay/ledger.ts";
import { Auditor } from "../../scripts/lib/simulation/audit.ts";
import type { Audit } from "../../scripts/lib/simulation/audit.ts";
import { asJson, recordLines, verdictLines } from "../../scripts/lib/simulation/lines.ts";
import { networkFor } from "../../scripts/lib/simulation/node.ts";
import { DEFAULT_FILE, readSimulation } from "../../scripts/lib/simulation/parameters.ts";
import { recordOf } from "../../scripts/lib/simulation/record.ts";
import type { SimulationRecord } from "../../scripts/lib/simulation/record.ts";
import { simulate, speakersOf } from "../../scripts/lib/simulation/simulation.ts";
import type { Simulation, Size, Watcher } from "../../scripts/lib/simulation/simulation.ts";

const parameters = readSimulation(DEFAULT_FILE);
const SMALL = { members: 12, years: 2, attacks: 12, seed: 3 };
/** Of the reserve in its storage slot. */
const RESERVE = (1n << 104n) - 1n;

async function connect(): Promise<Connection> {
  return await network.create({ override: networkFor(parameters) });
}

async function live(connection: Connection, size: Size, audited: Watcher["audited"] = () => undefined) {
  return await simulate(connection, size, parameters, { founded: () => undefined, audited });
}

/** The contracts with one view that answers what `other` makes of its answer. */
function tampered(contracts: Speakers, by: keyof Speakers, view: string, other: (answer: never) => unknown): Speakers {
  const altered = new Proxy(contracts[by], {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (name !== view) return found;
      return async (...args: unknown[]) => other(await (found as (...args: unknown[]) => Promise<never>)(...args));
    },
  });
  return { ...contracts, [by]: altered };
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
        expect(checked).to.be.greaterThan(500);
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

    it("prints what a year costs, with every operation and every payer", () => {
      const lines = recordLines(record).join("\n");
      for (const { words, payer } of record.operations)
        expect(lines).to.include(words).and.to.include(`all by ${payer}`);
    });

    it("lives the same life again by its seed", async () => {
      const other = await connect();
      const again = recordOf(await live(other, SMALL), SMALL, parameters.Prices);
      await other.close();
      expect(asJson(again)).to.equal(asJson(record));
    });
  });

  describe("given a unit of reserve that the chain has from nowhere after the first year", () => {
    it("ends with the second year, and names invariants, year and seed", async () => {
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
      return invariantsOf(await (await Auditor.of(lived.scene, contracts)).audit(2, true));
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
      const auditor = await Auditor.of(lived.scene, contracts);
      expect(invariantsOf(await auditor.audit(1, true))).to.deep.equal([]);
      later = 1n;
      expect(invariantsOf(await auditor.audit(2, true))).to.deep.equal([8, 11]);
    });

    it("finds 11 where a view reverts", async () => {
      const panic = () => {
        throw Object.assign(new Error("panicked"), { data: "0x4e487b71" });
      };
      expect(await seen("ledger", "callAt", panic)).to.deep.equal([11]);
    });
  });
});

function invariantsOf({ broken }: Audit): number[] {
  return [...new Set(broken.map(({ invariant }) => invariant))].sort((a, b) => a - b);
}

/** Adds a unit to the reserve in the fund's storage. */
async function enrich({ networkHelpers, provider }: Connection, { fund }: Ledger): Promise<void> {
  const address = await fund.getAddress();
  const reserve = await fund.reserve();
  for (let slot = 0; slot < 32; ++slot) {
    const params = [address, `0x${slot.toString(16)}`, "latest"];
    const word = BigInt((await provider.request({ method: "eth_getStorageAt", params })) as string);
    if ((word & RESERVE) !== reserve) continue;
    await networkHelpers.setStorageAt(address, slot, word + 1n);
    return;
  }
  throw new Error("The reserve is in none of the first slots.");
}
