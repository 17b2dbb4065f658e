import { expect } from "chai";
import { ZeroHash, id } from "ethers";

import { Journal } from "../../scripts/lib/audit/journal.ts";
import { altered, journalOf } from "../support/journal.ts";
import type { Entry } from "../support/journal.ts";

const ENTRIES = journalOf(40);
const CHAIN = { head: ENTRIES.at(-1)!.args.head, sequence: 40n };

/** What is found when these entries are told, as sentences. */
function told(entries: Entry[], chain = CHAIN): string[] {
  const journal = new Journal();
  for (const entry of entries) journal.follow(entry);
  return journal.finish(chain).map(({ sentence }) => sentence);
}

/** The journal with one entry replaced by others. */
const instead = (seq: number, ...entries: Entry[]) => [...ENTRIES.slice(0, seq - 1), ...entries, ...ENTRIES.slice(seq)];
const entry = (seq: number) => ENTRIES[seq - 1]!;

describe("Journal", () => {
  describe("given every entry", () => {
    it("recomputes the head that the fund has", () => {
      const journal = new Journal();
      for (const one of ENTRIES) journal.follow(one);
      expect(journal.head).to.equal(CHAIN.head);
      expect(journal.sequence).to.equal(40n);
      expect(journal.count).to.equal(40);
      expect(journal.finish(CHAIN)).to.deep.equal([]);
    });

    it("finds nothing in a journal without entries", () => {
      expect(told([], { head: ZeroHash, sequence: 0n })).to.deep.equal([]);
    });
  });

  describe("given an altered entry", () => {
    const values: Partial<Entry["args"]>[] = [
      { kind: 8n },
      { member: "0x455354" },
      { party: "0x00000000000000000000000000000000000000AA" },
      { amount: 1n },
      { ref: id("another") },
    ];
    for (const value of values) {
      it(`says so of another ${Object.keys(value)[0]!}`, () => {
        const sentence = "entry 7 is altered: its values do not give its head";
        expect(told(instead(7, altered(entry(7), value)))).to.deep.equal([sentence]);
      });
    }

    it("says so of the last, by the head that the fund has", () => {
      const sentence = "entry 40 is altered: its values do not give its head";
      expect(told(instead(40, altered(entry(40), { amount: 1n })))).to.deep.equal([sentence]);
    });

    it("tells another time by the block as well", () => {
      expect(told(instead(7, altered(entry(7), { timestamp: 1n })))).to.have.members([
        "entry 7 bears another time than its block",
        "entry 7 is altered: its values do not give its head",
      ]);
    });

    it("tells an altered head from altered values", () => {
      expect(told(instead(7, altered(entry(7), { head: id("head") })))).to.deep.equal([
        "the head of entry 7 is altered",
      ]);
      expect(told(instead(40, altered(entry(40), { head: id("head") })))).to.deep.equal([
        "the head of entry 40 is altered",
      ]);
    });

    it("knows the kinds that there are", () => {
      expect(told(instead(7, altered(entry(7), { kind: 9n })))).to.include("entry 7 is of kind 9, which there is not");
    });

    it("takes another number for a missing entry and one that is out of place", () => {
      expect(told(instead(7, altered(entry(7), { seq: 3n })))).to.deep.equal([
        "entry 3 is repeated",
        "entry 7 is missing before entry 8",
      ]);
    });
  });

  describe("given entries that are missing, swapped or repeated", () => {
    it("names what is missing", () => {
      expect(told(instead(7))).to.deep.equal(["entry 7 is missing before entry 8"]);
      expect(told(ENTRIES.slice(5))).to.deep.equal(["entries 1 to 5 are missing before entry 6"]);
    });

    it("names what is missing at the end", () => {
      expect(told(ENTRIES.slice(0, -1))).to.deep.equal(["entry 40 is missing at the end"]);
      expect(told(ENTRIES.slice(0, -3))).to.deep.equal(["entries 38 to 40 are missing at the end"]);
    });

    it("tells a swap from a gap", () => {
      const swapped = [...ENTRIES.slice(0, 6), entry(8), entry(7), ...ENTRIES.slice(8)];
      expect(told(swapped)).to.deep.equal(["entry 7 stands out of order, after entry 8"]);
    });

    it("names what is repeated", () => {
      expect(told(instead(7, entry(7), entry(7)))).to.deep.equal(["entry 7 is repeated"]);
      expect(told([...ENTRIES, entry(2)])).to.deep.equal(["entry 2 is repeated"]);
    });
  });

  describe("given a fund that says otherwise", () => {
    it("compares the head and the number of entries", () => {
      expect(told(ENTRIES, { ...CHAIN, head: id("head") })).to.deep.equal([
        "the head of the journal is not the fund's",
      ]);
      expect(told(ENTRIES, { head: entry(39).args.head, sequence: 39n })).to.deep.equal([
        "the journal has more entries than the fund counts",
      ]);
    });
  });
});
