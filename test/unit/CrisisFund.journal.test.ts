import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import { UNIT, code, hash } from "../support/alliance.ts";
import { expectConserved, headOf, journalOf } from "../support/books.ts";
import { Entry, award, commit, foundFund, give, ref, revokeModule, voidAward } from "../support/fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const NONE = "0x000000";
const NOBODY = ethersLib.ZeroAddress;

/** One movement of every kind, in the order of the kinds. */
async function everyKind() {
  const f = await foundFund(connection);
  const { fund } = f;
  await fund.connect(f.payer).depositContribution(LTU, f.donor.address, 50n * UNIT);
  await fund.connect(f.donor).donate(30n * UNIT, hash("memo"));
  await commit(f, 101n, "LTU", 100n * UNIT, 250_000n);
  const { record } = await award(f, 101n, 10n * UNIT);
  await fund.connect(f.compensator).compensate(101n, f.stranger.address, UNIT, hash("claim"));
  await fund.connect(f.compensator).returnEarmark(101n, UNIT / 2n);
  await f.token.connect(f.donor).transfer(await fund.getAddress(), 7n);
  await fund.sync();
  await give(f, 1n);
  await revokeModule(f, f.module.address);
  await voidAward(f, record);
  return { ...f, record };
}

describe("CrisisFund", () => {
  describe("the journal", () => {
    it("has an entry for every movement, with what it concerns", async () => {
      const f = await loadFixture(everyKind);
      const { treasury } = f.member("LTU");
      const { record } = f;
      const paid = (10n * UNIT * 80n) / 100n;
      const expected: [bigint, string, string, bigint, string][] = [
        [Entry.Contribution, LTU, f.donor.address, 50n * UNIT, ethersLib.ZeroHash],
        [Entry.Donation, NONE, f.donor.address, 30n * UNIT, hash("memo")],
        [Entry.Award, LTU, f.module.address, 10n * UNIT, ref(101n)],
        [Entry.Earmark, LTU, NOBODY, paid / 4n, ref(101n)],
        [Entry.Disbursement, LTU, treasury.address, (paid * 3n) / 4n, ref(101n)],
        [Entry.Compensation, LTU, f.stranger.address, UNIT, hash("claim")],
        [Entry.EarmarkReturn, LTU, NOBODY, UNIT / 2n, ref(101n)],
        [Entry.Disbursement, LTU, treasury.address, UNIT / 2n, ref(101n)],
        [Entry.Surplus, NONE, NOBODY, 7n, ethersLib.ZeroHash],
        [Entry.Donation, NONE, f.donor.address, 1n, ethersLib.ZeroHash],
      ];
      const entries = await journalOf(f.fund);
      const fields = entries.map((e) => [e.kind, e.member, e.party, e.amount, e.ref]);
      expect(fields.slice(0, expected.length)).to.deep.equal(expected);
      expect(record.sequence).to.equal(3n);
      const last = entries.at(-1)!;
      expect([last.kind, last.member, last.party, last.ref]).to.deep.equal([
        Entry.Void,
        LTU,
        f.module.address,
        ref(101n),
      ]);
      await expectConserved(f.fund, f.token);
    });

    it("leads from entry to entry by the formula of the design", async () => {
      const f = await loadFixture(everyKind);
      const entries = await journalOf(f.fund);
      for (const [i, { seq, head }] of entries.entries()) {
        expect(seq).to.equal(BigInt(i) + 1n);
        expect(head).to.equal(headOf(entries.slice(0, i + 1)));
      }
      expect(await f.fund.head()).to.equal(entries.at(-1)!.head);
      expect(await f.fund.sequence()).to.equal(BigInt(entries.length));
    });

    it("carries the time of its block", async () => {
      const f = await loadFixture(everyKind);
      for (const { args, blockNumber } of await f.fund.queryFilter(f.fund.filters.Entry())) {
        expect(args.timestamp).to.equal((await f.ethers.provider.getBlock(blockNumber))!.timestamp);
      }
    });

    it("shows when an entry is left out, altered or out of order", async () => {
      const f = await loadFixture(everyKind);
      const entries = await journalOf(f.fund);
      const head = await f.fund.head();
      const [first, second, ...others] = entries;
      expect(headOf(entries)).to.equal(head);
      expect(headOf([first!, ...others])).not.to.equal(head);
      expect(headOf([second!, first!, ...others])).not.to.equal(head);
      expect(headOf([{ ...first!, amount: first!.amount + 1n }, second!, ...others])).not.to.equal(head);
      expect(headOf([{ ...first!, party: f.stranger.address }, second!, ...others])).not.to.equal(head);
    });

    it("is not extended by what moves no money", async () => {
      const f = await loadFixture(everyKind);
      const before = await f.fund.sequence();
      await f.fund.connect(f.guardian).stopTransfers();
      await f.fund.sync();
      expect(await f.fund.sequence()).to.equal(before);
    });
  });
});
