import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import { UNIT, code } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import { Entry, award, commit, earmark, foundFund, give, receivedBy, standing } from "../support/fund.ts";
import type { FundAlliance } from "../support/fund.ts";
import { ReferenceFund, distance } from "../support/reference-fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const [LTU, EST] = [code("LTU"), code("EST")];
const fixture = () => foundFund(connection);

/** Makes the fund owe a member an amount, by an attack of its own. */
async function owe(f: FundAlliance, attackId: bigint, name: string, amount: bigint, share = 0n): Promise<void> {
  await commit(f, attackId, name, amount, share);
  await award(f, attackId, amount);
}

/** 1,001 base units owed in an epoch of a million shares and more: still open. One unit more and it closes. */
async function almostClosing() {
  const f = await fixture();
  await owe(f, 101n, "LTU", 600_000n);
  await owe(f, 102n, "EST", 400_000n);
  await give(f, 999_000n);
  return f;
}

async function closing() {
  const f = await almostClosing();
  await give(f, 1n);
  return f;
}

describe("CrisisFund", () => {
  describe("money that arrives while something is owed", () => {
    it("is divided in proportion to what each obligation is owed, and is assigned at once", async () => {
      const f = await loadFixture(fixture);
      await owe(f, 101n, "LTU", 10n * UNIT);
      await owe(f, 102n, "EST", 30n * UNIT);
      await expect(f.fund.connect(f.donor).donate(20n * UNIT, ethersLib.ZeroHash))
        .to.emit(f.fund, "ObligationsPaid")
        .withArgs(20n * UNIT, 20n * UNIT);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 5n * UNIT, collectable: 5n * UNIT });
      expect(await standing(f, "EST"), "5").to.deep.equal({ owed: 15n * UNIT, collectable: 15n * UNIT });
      expect(await f.fund.reserve()).to.equal(0n);
      expect(await f.fund.pot()).to.equal(20n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("comes before commitments, and only what is left over is free", async () => {
      const f = await loadFixture(fixture);
      await owe(f, 101n, "LTU", 10n * UNIT);
      await commit(f, 102n, "EST", 50n * UNIT);
      await give(f, 7n * UNIT);
      expect(await f.fund.reserve()).to.equal(0n);
      await give(f, 7n * UNIT);
      expect(await f.fund.reserve()).to.equal(4n * UNIT);
      expect(await f.fund.owed()).to.equal(0n);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 0n, collectable: 10n * UNIT });
      await expectConserved(f.fund, f.token);
    });

    it("is divided among newcomers too, by what each is owed then", async () => {
      const f = await loadFixture(fixture);
      const reference = new ReferenceFund();
      const owed = async (attackId: bigint, name: string, amount: bigint) => {
        await owe(f, attackId, name, amount);
        reference.commit(attackId, code(name), 0n, amount);
        reference.award(attackId, amount);
      };
      const arrives = async (amount: bigint) => {
        await give(f, amount);
        reference.arrive(amount);
      };
      await owed(101n, "LTU", 10_000_001n);
      await arrives(3_333_333n);
      await owed(102n, "EST", 20_000_003n);
      await arrives(7_777_777n);
      await owed(103n, "POL", 1n);
      await owed(104n, "LTU", 5_555_555n);
      await arrives(11_111_111n);
      for (const name of ["LTU", "EST", "POL"]) {
        const { owed: left, collectable } = await standing(f, name);
        const received = (await receivedBy(f, f.member(name))) + collectable;
        expect(distance(left, reference.owedTo(code(name))), `5 ${name}`).to.be.at.most(reference.roundings);
        const due = reference.received.get(code(name))!;
        expect(distance(received, due), `5 ${name}`).to.be.at.most(reference.roundings);
      }
      await expectConserved(f.fund, f.token);
    });

    it("gives nobody more than it is owed, however the shares of small newcomers were rounded", async () => {
      const f = await loadFixture(fixture);
      await owe(f, 101n, "LTU", 39n);
      await give(f, 19n);
      // Almost two shares to a unit owed: each newcomer gets one and leaves what was rounded off to all.
      for (let attackId = 102n; attackId < 107n; ++attackId) await owe(f, attackId, "EST", 1n);
      // Then 39 of 44 shares are worth 21 of these 24, but only 20 are owed.
      await give(f, 24n);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 0n, collectable: 39n });
      expect(await standing(f, "EST"), "5").to.deep.equal({ owed: 3n, collectable: 2n });
      await expectConserved(f.fund, f.token);
      await give(f, 1n);
      expect(await standing(f, "EST"), "5").to.deep.equal({ owed: 0n, collectable: 5n });
      await expectConserved(f.fund, f.token);
    });

    it("pays a debt of which nothing was ever free in full in the end, to the unit", async () => {
      const f = await loadFixture(fixture);
      const debts = [
        [101n, "LTU", 1n],
        [102n, "EST", 3_333_333n],
        [103n, "POL", 7n],
        [104n, "CZE", 10_000_019n],
      ] as const;
      for (const [attackId, name, amount] of debts) await owe(f, attackId, name, amount);
      for (let i = 1n; i <= 20n; ++i) await give(f, i * 61_111n);
      await give(f, await f.fund.owed());
      for (const [, name, amount] of debts) {
        expect(await standing(f, name), "5").to.deep.equal({ owed: 0n, collectable: amount });
      }
      expect(await f.fund.reserve()).to.equal(0n);
      await expectConserved(f.fund, f.token);
    });
  });

  describe("an epoch that is almost paid", () => {
    it("takes new obligations as long as a thousandth of its shares is outstanding", async () => {
      const f = await loadFixture(almostClosing);
      expect(await f.fund.owed()).to.equal(1_000n);
      await owe(f, 103n, "POL", 1_000n);
      await give(f, 1_000n);
      // By what each is owed: the old debts of a thousand and the new one share alike.
      const { collectable } = await standing(f, "POL");
      expect(distance(collectable, 500n * 10n ** 36n), "5").to.be.at.most(1n);
    });

    it("takes no new obligation below that, and is completed first", async () => {
      const f = await loadFixture(closing);
      await owe(f, 103n, "POL", 1_000n);
      await give(f, 998n);
      expect(await standing(f, "POL"), "5").to.deep.equal({ owed: 1_000n, collectable: 0n });
      await give(f, 2n);
      expect(await standing(f, "POL"), "5").to.deep.equal({ owed: 999n, collectable: 1n });
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 0n, collectable: 600_000n });
      expect(await standing(f, "EST"), "5").to.deep.equal({ owed: 0n, collectable: 400_000n });
      await expectConserved(f.fund, f.token);
    });

    it("takes none with a single share more than a thousand to each unit", async () => {
      const f = await loadFixture(fixture);
      await owe(f, 101n, "LTU", 600_001n);
      await owe(f, 102n, "EST", 400_000n);
      await give(f, 999_001n);
      expect(await f.fund.owed()).to.equal(1_000n);
      await owe(f, 103n, "POL", 1_000n);
      await give(f, 1_000n);
      expect(await standing(f, "POL"), "5").to.deep.equal({ owed: 1_000n, collectable: 0n });
    });

    it("keeps a member's debts of both epochs apart", async () => {
      const f = await loadFixture(closing);
      await owe(f, 103n, "LTU", 1_000n);
      await owe(f, 104n, "POL", 3_000n);
      // The closing epoch takes 999; the 400 beyond are divided 1 : 3.
      await give(f, 1_399n);
      const { owed: left, collectable } = await standing(f, "LTU");
      expect(left, "5").to.equal(900n);
      expect((await receivedBy(f, f.member("LTU"))) + collectable, "5").to.equal(600_100n);
      expect(await standing(f, "POL"), "5").to.deep.equal({ owed: 2_700n, collectable: 300n });
      await f.fund.collect(LTU);
      await give(f, 3_600n);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 0n, collectable: 900n });
      await expectConserved(f.fund, f.token);
    });

    it("leaves a member that was owed in a completed epoch free to be owed again", async () => {
      const f = await loadFixture(closing);
      await owe(f, 103n, "LTU", 1_000n);
      await give(f, 999n + 1_000n);
      await owe(f, 104n, "LTU", 500n);
      await owe(f, 105n, "EST", 500n);
      await give(f, 500n);
      expect(await standing(f, "LTU"), "5").to.deep.equal({ owed: 250n, collectable: 250n });
      await f.fund.collect(LTU);
      await f.fund.collect(EST);
      expect(await receivedBy(f, f.member("LTU"))).to.equal(601_250n);
      await expectConserved(f.fund, f.token);
    });
  });

  describe("collect", () => {
    it("transfers what is assigned, sent by anyone, to the member's treasury", async () => {
      const f = await loadFixture(fixture);
      await owe(f, 101n, "LTU", 10n * UNIT);
      await give(f, 4n * UNIT);
      const { treasury } = f.member("LTU");
      const response = f.fund.connect(f.stranger).collect(LTU);
      await expect(response)
        .to.emit(f.fund, "Entry")
        .withArgs(3n, Entry.Disbursement, LTU, treasury.address, 4n * UNIT, ethersLib.ZeroHash, anyValue, anyValue);
      await expect(response).to.changeTokenBalances(
        connection.ethers,
        f.token,
        [f.fund, treasury, f.stranger],
        [-4n * UNIT, 4n * UNIT, 0n],
      );
      expect(await f.fund.pot()).to.equal(0n);
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 6n * UNIT, collectable: 0n });
      await expectConserved(f.fund, f.token);
    });

    it("has nothing to transfer twice", async () => {
      const f = await loadFixture(fixture);
      await owe(f, 101n, "LTU", 10n * UNIT);
      await give(f, 4n * UNIT);
      await f.fund.collect(LTU);
      await expect(f.fund.collect(LTU)).to.be.revertedWithCustomError(f.fund, "FundNothingToCollect").withArgs(LTU);
    });

    it("has nothing for a code that is no member", async () => {
      const f = await loadFixture(fixture);
      await expect(f.fund.collect(code("XXX")))
        .to.be.revertedWithCustomError(f.fund, "FundNothingToCollect")
        .withArgs(code("XXX"));
    });

    it("goes to the treasury of that day", async () => {
      const f = await loadFixture(fixture);
      await owe(f, 101n, "LTU", 10n * UNIT);
      await give(f, 4n * UNIT);
      const newTreasury = f.spare(10);
      await f.registry.connect(f.member("LTU").treasury).proposeKeys(LTU, newTreasury.address, ethersLib.ZeroAddress);
      await f.registry.connect(newTreasury).acceptKeys(LTU);
      await f.time.increaseTo((await f.registry.keyChange(LTU)).readyAt);
      await f.registry.applyKeys(LTU);
      await f.fund.collect(LTU);
      expect(await f.token.balanceOf(newTreasury.address)).to.equal(4n * UNIT);
    });

    it("fails as a whole if the transfer fails, and works later", async () => {
      const f = await loadFixture(fixture);
      await owe(f, 101n, "LTU", 10n * UNIT);
      await give(f, 4n * UNIT);
      const { treasury } = f.member("LTU");
      await f.token.connect(f.issuer).blockAccount(treasury.address);
      await expect(f.fund.collect(LTU))
        .to.be.revertedWithCustomError(f.fund, "FundTransferFailed")
        .withArgs(treasury.address, 4n * UNIT);
      await f.token.connect(f.issuer).unblockAccount(treasury.address);
      await f.fund.collect(LTU);
      expect(await receivedBy(f, f.member("LTU"))).to.equal(4n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("waits for a paused token", async () => {
      const f = await loadFixture(fixture);
      await owe(f, 101n, "LTU", 10n * UNIT);
      await give(f, 4n * UNIT);
      await f.token.connect(f.issuer).pause();
      await expect(f.fund.collect(LTU))
        .to.be.revertedWithCustomError(f.fund, "FundTransferFailed")
        .withArgs(f.member("LTU").treasury.address, 4n * UNIT);
      await f.token.connect(f.issuer).unpause();
      await f.fund.collect(LTU);
      await expectConserved(f.fund, f.token);
    });

    it("early or late, often or once: each receives the same", async () => {
      const f = await loadFixture(fixture);
      // Two members and two earmarks that are owed the same; LTU and the earmark of its attack collect all the time.
      await owe(f, 101n, "LTU", 700_000n, 500_000n);
      await owe(f, 102n, "EST", 700_000n, 500_000n);
      await owe(f, 103n, "POL", 299_997n);
      for (let i = 0; i < 12; ++i) {
        await give(f, 1n + 7n * BigInt(i));
        await f.fund.collectEarmark(101n);
        if ((await standing(f, "LTU")).collectable > 0n) await f.fund.collect(LTU);
      }
      const collected = (await receivedBy(f, f.member("LTU"))) + (await standing(f, "LTU")).collectable;
      expect(collected, "5").to.equal((await standing(f, "EST")).collectable);
      expect((await standing(f, "LTU")).owed, "5").to.equal((await standing(f, "EST")).owed);
      expect(await earmark(f, 101n), "5").to.deep.equal(await earmark(f, 102n));
      await expectConserved(f.fund, f.token);
    });
  });
});
