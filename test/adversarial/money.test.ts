import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import { CONTRACTS } from "../../scripts/lib/deployment/contracts.ts";
import { CaseStatus, DAY, MILLION, UNIT, hash, payDebt, recognisedAttack } from "../support/alliance.ts";
import { MOST_LOSS, books, coveredAlliance, grantMarket, recognisedCase, reportLosses } from "../support/attacks.ts";
import { expectConserved } from "../support/books.ts";
import { inOneBlock, openVote, pass } from "../support/council.ts";
import { award, commit, foundFund, give, standing } from "../support/fund.ts";
import { foundEight } from "../support/ledger.ts";

const connection = await network.create();
const { loadFixture, setBalance, setNextBlockBaseFeePerGas } = connection.networkHelpers;

const UINT128 = 2n ** 128n - 1n;
const UINT104 = 2n ** 104n - 1n;
const DUST = 1_000;
/** Given, it need not be estimated a thousand times. */
const GAS = { gasLimit: 1_000_000 };

async function begun() {
  const a = await foundEight(connection);
  await a.time.increaseTo((await a.ledger.dueAt(0)) + DAY);
  return a;
}

const fund = () => foundFund(connection);
const covered = () => coveredAlliance(connection);
/** Its trade is so large that the cap, not the terms, limits what is committed. */
const recognised = () => recognisedCase(connection, { baseline: 2_000n * MILLION });

describe("Money that is meant to harm", () => {
  describe("dust", () => {
    it("a debt paid by a thousand single units is paid by as much, and the same as at once", async () => {
      const a = await loadFixture(begun);
      const [ltu, est] = [a.member("LTU"), a.member("EST")];
      const debt = await a.ledger.debtOf(ltu.code);
      expect(await a.ledger.debtOf(est.code)).to.equal(debt);
      for (let i = 0; i < DUST; ++i) await a.ledger.connect(ltu.treasury).contribute(ltu.code, 1n, GAS);
      await a.ledger.connect(est.treasury).contribute(est.code, BigInt(DUST));
      expect(await a.ledger.debtOf(ltu.code)).to.equal(debt - BigInt(DUST));
      expect(await a.ledger.debtOf(est.code)).to.equal(debt - BigInt(DUST));
      for (const m of [ltu, est]) await payDebt(a, m);
      const [one, other] = [await a.ledger.account(ltu.code), await a.ledger.account(est.code)];
      expect(one.paid).to.equal(other.paid);
      await expectConserved(a.fund, a.token);
    });

    it("a thousand single units to what is owed reach those who are owed, and lose none", async () => {
      const f = await loadFixture(fund);
      for (const [i, name] of ["LTU", "EST", "LVA"].entries()) {
        await commit(f, BigInt(101 + i), name, 1_000n * UNIT);
        await award(f, BigInt(101 + i), 1_000n * UNIT - BigInt(i));
      }
      const owed = await f.fund.owed();
      for (let i = 0; i < DUST; ++i) await f.fund.connect(f.donor).donate(1n, ZeroHash, GAS);
      const left = await f.fund.owed();
      // What rounding holds back of a unit stays owed: nothing goes to the reserve meanwhile.
      expect(owed - left, "5").to.be.at.most(BigInt(DUST));
      expect((await f.fund.pot()) + (await f.fund.reserve()), "2").to.equal(BigInt(DUST));
      const parts = await Promise.all(["LTU", "EST", "LVA"].map((name) => standing(f, name)));
      const [least, most] = parts.map(({ collectable }) => collectable).sort((x, y) => (x < y ? -1 : 1)) as [
        bigint,
        bigint,
      ];
      expect(most - least, "5").to.be.at.most(3n);
      await give(f, left);
      expect(await f.fund.owed(), "12").to.equal(0n);
      for (const name of ["LTU", "EST", "LVA"]) await f.fund.collect(f.member(name).code);
      await expectConserved(f.fund, f.token);
    });

    it("a thousand awards of a unit are paid like one of a thousand", async () => {
      const f = await loadFixture(fund);
      await give(f, 1_000n * UNIT);
      await commit(f, 101n, "LTU", UNIT, 333_333n);
      await commit(f, 102n, "EST", UNIT, 333_333n);
      for (let i = 0; i < DUST; ++i) await f.fund.connect(f.module).award(101n, 1n, GAS);
      await award(f, 102n, BigInt(DUST));
      // The earmark's part is rounded down each time, so all of a single unit is the treasury's.
      const had = 10_000n * MILLION;
      expect((await f.token.balanceOf(f.member("LTU").treasury.address)) - had).to.equal(BigInt(DUST));
      expect((await f.fund.earmarkOf(102n)).held).to.equal(333n);
      await expectConserved(f.fund, f.token);
    });
  });

  describe("money forced in", () => {
    it("tokens sent to any contract change nobody's debt; the fund's become surplus, the others' stay there", async () => {
      const a = await loadFixture(begun);
      const debts = await Promise.all(a.members.map(({ code }) => a.ledger.debtOf(code)));
      for (const key of CONTRACTS) await a.token.connect(a.issuer).mint(await a[key].getAddress(), 5n * UNIT);
      expect(await a.fund.reserve()).to.equal(0n);
      await a.fund.connect(a.stranger).sync();
      expect(await a.fund.reserve()).to.equal(5n * UNIT);
      expect(await Promise.all(a.members.map(({ code }) => a.ledger.debtOf(code)))).to.deep.equal(debts);
      await expectConserved(a.fund, a.token);
    });

    it("ether forced into any contract, or received as a block's reward, changes nothing", async () => {
      const a = await loadFixture(covered);
      for (const key of CONTRACTS) await setBalance(await a[key].getAddress(), 10n ** 18n);
      await a.ethers.provider.send("hardhat_setCoinbase", [await a.fund.getAddress()]);
      await setNextBlockBaseFeePerGas(1n);
      const { attackId } = await recognisedAttack(a, a.member("LTU"));
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
      const proposalId = await openVote(a);
      await pass(a, proposalId);
      await a.council["queue(uint256)"](proposalId);
      await a.time.increaseTo(await a.council.proposalEta(proposalId));
      await a.council["execute(uint256)"](proposalId);
      await expectConserved(a.fund, a.token);
    });

    it("ether sent along with a call is refused by every contract but the timelock, which keeps it", async () => {
      const a = await loadFixture(covered);
      for (const key of CONTRACTS) {
        const to = await a[key].getAddress();
        const sent = a.stranger.sendTransaction({ to, value: 1n, gasLimit: 100_000n });
        if (key === "timelock") await sent;
        else await expect(sent, key).to.be.revert(a.ethers);
      }
      expect(await a.ethers.provider.getBalance(await a.timelock.getAddress())).to.equal(1n);
    });
  });

  describe("amounts at the limits of their types", () => {
    it("a contribution or a donation of all that a type holds is refused whole", async () => {
      const a = await loadFixture(begun);
      const { code, treasury } = a.member("LTU");
      await expect(a.ledger.connect(treasury).contribute(code, UINT128))
        .to.be.revertedWithCustomError(a.token, "ERC20InsufficientBalance")
        .withArgs(treasury.address, 10_000n * MILLION, UINT128);
      await a.token.connect(a.issuer).mint(treasury.address, UINT128);
      for (const amount of [UINT104 + 1n, UINT128]) {
        await expect(a.ledger.connect(treasury).contribute(code, amount))
          .to.be.revertedWithCustomError(a.fund, "SafeCastOverflowedUintDowncast")
          .withArgs(104n, amount);
      }
      await a.ledger.connect(treasury).contribute(code, 1n);
      await expect(a.ledger.connect(treasury).contribute(code, UINT128)).to.be.revertedWithPanic(0x11);
      expect(await a.fund.reserve()).to.equal(1n);
      expect((await a.ledger.account(code)).paid).to.equal(1n);
    });

    it("a fund that holds all it can takes no unit more, and pays what it holds", async () => {
      const f = await loadFixture(fund);
      await f.token.connect(f.issuer).mint(f.donor.address, UINT104);
      await give(f, UINT104);
      await expect(f.fund.connect(f.donor).donate(1n, ZeroHash)).to.be.revertedWithPanic(0x11);
      await commit(f, 101n, "LTU", UINT104);
      await award(f, 101n, UINT104);
      const { treasury } = f.member("LTU");
      expect(await f.token.balanceOf(treasury.address)).to.equal(10_000n * MILLION + UINT104);
      await expect(f.fund.connect(f.module).commit(102n, f.member("LTU").code, 0n, UINT104 + 1n))
        .to.be.revertedWithCustomError(f.fund, "SafeCastOverflowedUintDowncast")
        .withArgs(104n, UINT104 + 1n);
      await expectConserved(f.fund, f.token);
    });

    it("losses of all that a type holds pay no more than was committed, and block no round", async () => {
      const a = await loadFixture(recognised);
      await reportLosses(a, a.attackId, 12, MOST_LOSS);
      const { committed, awarded, cap } = await books(a, a.attackId);
      expect([committed, awarded], "3").to.deep.equal([cap, cap]);
      await expectConserved(a.fund, a.token);
    });

    it("purchases of all that a type holds bring the loss to nothing, and block no round", async () => {
      const a = await loadFixture(recognised);
      await grantMarket(a, a.stranger.address);
      for (let i = 0; i < 3; ++i) await a.register.connect(a.stranger).recordPurchase(a.attackId, UINT128);
      await reportLosses(a, a.attackId, 12, MOST_LOSS);
      const { loss, lastSettled } = await a.register.attack(a.attackId);
      expect([loss, lastSettled]).to.deep.equal([0n, 12n]);
    });
  });

  it("an award and the payment for it in one block as its collection leave nothing to collect twice", async () => {
    const f = await loadFixture(fund);
    await commit(f, 101n, "LTU", 10n * UNIT);
    await award(f, 101n, 10n * UNIT);
    const { code, treasury } = f.member("LTU");
    const receipts = await inOneBlock(
      f,
      () => f.fund.connect(f.donor).donate(10n * UNIT, hash("memo"), GAS),
      () => f.fund.connect(f.stranger).collect(code, GAS),
      () => f.fund.connect(f.relayer).collect(code, GAS),
    );
    expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 0]);
    expect(await f.token.balanceOf(treasury.address)).to.equal(10_000n * MILLION + 10n * UNIT);
  });
});
