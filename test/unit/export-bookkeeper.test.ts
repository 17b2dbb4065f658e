import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import type { LedgerEvent } from "../../scripts/lib/events/events.ts";
import { addressesOf, readEvents } from "../../scripts/lib/events/read.ts";
import { balancesOnChain } from "../../scripts/lib/export/accounts.ts";
import { Bookkeeper, BrokenHistory } from "../../scripts/lib/export/bookkeeper.ts";
import { readState } from "../../scripts/lib/export/state.ts";
import { UNIT } from "../support/alliance.ts";
import { eventfulYear, told } from "../support/export.ts";
import type { Told } from "../support/export.ts";
import { award, commit, foundFund, give, revokeModule, voidAward } from "../support/fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

/** Six awards in amounts that do not divide, each paid a little by what arrives, of a module that is then cut off. */
async function sixDebts() {
  const f = await foundFund(connection);
  const records = [];
  for (const [i, name] of ["LTU", "EST", "POL", "LTU", "CZE", "EST"].entries()) {
    const attackId = 101n + BigInt(i);
    const amount = 1_000_003n * BigInt(i + 1);
    await commit(f, attackId, name, amount, 150_001n * BigInt(i));
    records.push((await award(f, attackId, amount)).record);
    await give(f, 123_457n);
  }
  await revokeModule(f, f.module.address);
  return { ...f, records };
}

function booksOf(events: readonly LedgerEvent[]): Bookkeeper {
  const books = new Bookkeeper();
  for (const event of events) books.take(event);
  books.finish();
  return books;
}

describe("Bookkeeper", () => {
  describe("given debts that divisions do not pay evenly", () => {
    it("agrees with the fund after each award voided, with what divisions had left over", async () => {
      const f = await loadFixture(sixDebts);
      const contracts = await addressesOf(f);
      const books = new Bookkeeper();
      let next = 0;
      let leftOver = 0n;
      for (const record of [undefined, ...f.records]) {
        if (record !== undefined) await voidAward(f, record);
        const block = await f.ethers.provider.getBlockNumber();
        for await (const event of readEvents(f.ethers.provider, contracts, next, block)) {
          const postings = books.take(event)?.postings ?? [];
          if (event.by !== "fund" || event.name !== "AwardVoided") continue;
          const pot = postings.find(({ account }) => account === "Assets:Fund:Pot")?.amount ?? 0n;
          leftOver += -pot - event.args.freed;
        }
        books.finish();
        next = block + 1;
        const state = await readState(f, { block, time: 0 }, books.members, books.attacks);
        for (const [account, balance] of balancesOnChain(state)) {
          expect(books.balances.get(account) ?? 0n, account).to.equal(balance);
        }
      }
      expect(leftOver).to.be.above(0n);
      expect(await f.fund.owed()).to.equal(0n);
    });
  });

  describe("given events that are not all there", () => {
    let history: Told;
    before(async () => {
      history = await told(await eventfulYear(connection));
    });

    const without = (name: string, place = 0) => {
      const all = history.events.filter((event) => event.by === "fund" && event.name === name);
      return history.events.filter((event) => event !== all[place]);
    };

    it("names the journal entry that is missing", () => {
      expect(() => booksOf(without("Entry", 2))).to.throw(
        BrokenHistory,
        /^journal entry 3 is missing, entry 4 follows in block \d+; right would be all events since the fund's first block$/,
      );
    });

    it("names the entry that is altered in amount or payer, though the rest adds up", () => {
      const first = history.events.find((event) => event.name === "Entry")!;
      for (const change of [{ amount: 1n }, { party: ZeroAddress }]) {
        const altered = history.events.map((event): LedgerEvent => {
          return event === first ? { ...first, args: { ...first.args, ...change } } : event;
        });
        expect(() => booksOf(altered)).to.throw(
          BrokenHistory,
          /^journal entry 1 in block \d+ is not what its head was made of$/,
        );
      }
    });

    it("names the award whose parts are missing", () => {
      expect(() => booksOf(without("AwardMade"))).to.throw(
        BrokenHistory,
        /^journal entry 6 in block \d+ is not followed by the event that tells its parts$/,
      );
    });

    it("says where parts do not belong to an entry", () => {
      const twice = history.events.flatMap((event): LedgerEvent[] =>
        event.name === "AwardMade" ? [event, event] : [event],
      );
      expect(() => booksOf(twice)).to.throw(
        BrokenHistory,
        /^AwardMade in block \d+ follows no journal entry of kind Award$/,
      );
    });

    it("finds that a payment of obligations is missing", () => {
      expect(() => booksOf(without("ObligationsPaid"))).to.throw(
        BrokenHistory,
        /^the fund says that \d+ is owed, its events add up to \d+$/,
      );
    });

    it("finds parts that are not the whole", () => {
      const altered = history.events.map((event) => {
        if (event.by !== "fund" || event.name !== "AwardVoided") return event;
        return { ...event, args: { ...event.args, freed: event.args.freed + UNIT } };
      });
      expect(() => booksOf(altered)).to.throw(BrokenHistory, /voided, in block \d+: its parts differ by 1000000 from/);
    });
  });
});
