import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { AbiCoder, ZeroAddress, ZeroHash, keccak256, toBeHex } from "ethers";
import { artifacts, network } from "hardhat";

import { CaseStatus, MILLION, Support, UNIT, code, fileAttack, hash, liveUntil } from "../support/alliance.ts";
import { coveredAlliance, reportLosses } from "../support/attacks.ts";
import { expectConserved } from "../support/books.ts";
import { cast } from "../support/council.ts";
import { Entry, award, commit, foundFund, give, standing } from "../support/fund.ts";
import { allianceWith } from "../support/tokens.ts";

const connection = await network.create();
const { loadFixture, setCode, setStorageAt, takeSnapshot } = connection.networkHelpers;

const LTU = code("LTU");
/** INVALID: takes all gas that the call has. */
const BURNS_GAS = "0xfe";
/** Where that code lies. */
const HOOK = "0x00000000000000000000000000000000000b0b0b";
/** Reverts with 100,000 bytes: PUSH3 100000, PUSH0, REVERT. */
const REVERTS_AT_LENGTH = "0x620186a05ffd";

/** A fund whose token calls hooks now and can become another one: all keep balances where OpenZeppelin does. */
async function changing() {
  const token = await connection.ethers.deployContract("HookToken");
  const address = await token.getAddress();
  const f = await foundFund(connection, { parameters: { token: address } });
  for (const account of [f.donor, f.payer]) {
    await token.mint(account.address, 1_000n * UNIT);
    await token.connect(account).approve(await f.fund.getAddress(), 2n ** 255n);
  }
  await give(f, 100n * UNIT);
  await commit(f, 101n, "LTU", 80n * UNIT, 250_000n);
  const become = async (name: string) => {
    await setCode(address, (await artifacts.readArtifact(name)).deployedBytecode);
  };
  /** Makes an account's balance another one, as a token does that rebases or confiscates. */
  const rebase = async (account: string, balance: bigint) => {
    const slot = keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [account, 0n]));
    await setStorageAt(address, slot, toBeHex(balance, 32));
  };
  return { ...f, odd: token, address, become, rebase };
}

async function silent() {
  const token = await connection.ethers.deployContract("SilentToken");
  const f = await foundFund(connection, { parameters: { token: await token.getAddress() } });
  await token.mint(f.payer.address, 1_000n * UNIT);
  return { ...f, odd: token };
}

/** An attack on LTU, whose treasury burns gas when it is paid; one ballot is missing to its recognition. */
async function burning() {
  const odd = await connection.ethers.deployContract("HookToken");
  const a = await allianceWith(connection, odd);
  await liveUntil(a, 200n);
  const { treasury } = a.states[0]!;
  await setCode(HOOK, BURNS_GAS);
  await odd.setHook(treasury.address, HOOK);
  const attack = await fileAttack(a, a.states[0]!);
  await a.time.increase(1n);
  await cast(a, attack.proposalId, a.states.slice(1, 4), Support.For);
  return { a, odd, treasury, ...attack };
}

async function alliance() {
  return await coveredAlliance(connection);
}

describe("Tokens that change", () => {
  describe("a token that rebases", () => {
    it("upwards: what the fund has more is surplus, credited to nobody", async () => {
      const f = await loadFixture(changing);
      await f.rebase(await f.fund.getAddress(), 130n * UNIT);
      await expect(f.fund.connect(f.stranger).sync())
        .to.emit(f.fund, "Entry")
        .withArgs(2n, Entry.Surplus, "0x000000", ZeroAddress, 30n * UNIT, ZeroHash, anyValue, anyValue);
      expect(await f.fund.reserve()).to.equal(130n * UNIT);
      await expectConserved(f.fund, f.odd);
    });

    it("downwards: the books stay, what is there is paid, the rest is collectable until it is back", async () => {
      const f = await loadFixture(changing);
      const fund = await f.fund.getAddress();
      await f.rebase(fund, 10n * UNIT);
      await f.fund.sync();
      expect(await f.fund.reserve()).to.equal(100n * UNIT);
      await award(f, 101n, 40n * UNIT);
      expect(await standing(f, "LTU"), "9").to.deep.equal({ owed: 0n, collectable: 30n * UNIT });
      // Smaller payments still go through.
      await f.fund.connect(f.compensator).compensate(101n, f.stranger.address, 10n * UNIT, hash("claim"));
      await expect(f.fund.collect(LTU))
        .to.be.revertedWithCustomError(f.fund, "FundTransferFailed")
        .withArgs(f.member("LTU").treasury.address, 30n * UNIT);
      await f.rebase(fund, 90n * UNIT);
      await f.fund.collect(LTU);
      expect(await f.odd.balanceOf(f.member("LTU").treasury.address)).to.equal(30n * UNIT);
      await expectConserved(f.fund, f.odd);
    });

    it("downwards: money that comes in afterwards is not taken for what is missing", async () => {
      const f = await loadFixture(changing);
      await f.rebase(await f.fund.getAddress(), 10n * UNIT);
      await give(f, 5n * UNIT);
      expect(await f.fund.sync.staticCall()).to.equal(0n);
      expect(await f.fund.reserve()).to.equal(105n * UNIT);
      expect(await f.odd.balanceOf(await f.fund.getAddress())).to.equal(15n * UNIT);
    });
  });

  describe("a token that is upgraded", () => {
    it("to keep a fee: takes nothing in any more, and pays out what the books say", async () => {
      const f = await loadFixture(changing);
      await f.become("FeeToken");
      await expect(f.fund.connect(f.payer).depositContribution(LTU, f.payer.address, 10n * UNIT))
        .to.be.revertedWithCustomError(f.fund, "FundDepositShort")
        .withArgs((10n * UNIT * 99n) / 100n, 10n * UNIT);
      await award(f, 101n, 40n * UNIT);
      // The fee is the receiver's: nobody else's money pays for it.
      expect(await f.odd.balanceOf(f.member("LTU").treasury.address)).to.equal((30n * UNIT * 99n) / 100n);
      await expectConserved(f.fund, f.odd);
    });

    for (const [name, bytecode] of [
      ["to nothing at all", "0x"],
      ["to burn all gas", BURNS_GAS],
      ["to revert with much data", REVERTS_AT_LENGTH],
    ] as const) {
      it(`${name}: awards stay collectable until it works again`, async () => {
        const f = await loadFixture(changing);
        await setCode(f.address, bytecode);
        await award(f, 101n, 40n * UNIT);
        expect(await standing(f, "LTU"), "9").to.deep.equal({ owed: 0n, collectable: 30n * UNIT });
        expect(await f.fund.pot(), "9").to.equal(30n * UNIT);
        await expect(f.fund.collect(LTU)).to.be.revertedWithCustomError(f.fund, "FundTransferFailed");
        await expect(f.fund.connect(f.donor).donate(UNIT, ZeroHash)).to.be.revert(f.ethers);
        await f.become("HookToken");
        await f.fund.collect(LTU);
        expect(await f.odd.balanceOf(f.member("LTU").treasury.address)).to.equal(30n * UNIT);
        await expectConserved(f.fund, f.odd);
      });
    }
  });

  describe("a token that takes permits and authorizations and does nothing for them", () => {
    it("brings nothing in: what counts is the allowance, and what arrives", async () => {
      const f = await loadFixture(silent);
      const fund = f.fund.connect(f.payer);
      const permit = [LTU, f.payer.address, UNIT, 2n ** 40n, 27, ZeroHash, ZeroHash] as const;
      await expect(fund.depositWithPermit(...permit))
        .to.be.revertedWithCustomError(f.odd, "ERC20InsufficientAllowance")
        .withArgs(await f.fund.getAddress(), 0n, UNIT);
      for (const signature of ["0x" + "11".repeat(65), "0x"]) {
        const authorization = [LTU, f.payer.address, UNIT, 0n, 2n ** 40n, hash("nonce"), signature] as const;
        await expect(fund.depositWithAuthorization(...authorization))
          .to.be.revertedWithCustomError(f.fund, "FundDepositShort")
          .withArgs(0n, UNIT);
      }
      expect(await f.fund.sequence()).to.equal(0n);
      await f.odd.connect(f.payer).approve(await f.fund.getAddress(), UNIT);
      await fund.depositWithPermit(...permit);
      expect(await f.odd.unheard()).to.equal(1n);
      expect(await f.fund.reserve()).to.equal(UNIT);
    });
  });

  describe("a receiver that burns all gas it is given", () => {
    it("costs a transaction more gas, and nobody else's money: what it was to get stays collectable", async () => {
      const f = await loadFixture(changing);
      const { treasury } = f.member("LTU");
      await setCode(HOOK, BURNS_GAS);
      await f.odd.setHook(treasury.address, HOOK);
      await f.fund.connect(f.module).award(101n, 40n * UNIT, { gasLimit: 16_000_000 });
      expect(await standing(f, "LTU"), "9").to.deep.equal({ owed: 0n, collectable: 30n * UNIT });
      await commit(f, 102n, "EST", 5n * UNIT);
      await award(f, 102n, 5n * UNIT);
      expect(await f.odd.balanceOf(f.member("EST").treasury.address), "9").to.equal(5n * UNIT);
      await f.odd.setHook(treasury.address, ZeroAddress);
      await f.fund.collect(LTU);
      await expectConserved(f.fund, f.odd);
    });
  });

  describe("an issuer that blocks the fund itself", () => {
    it("stops the money; votes, recognition, reports and awards go on, and all is paid in the end", async () => {
      const a = await loadFixture(alliance);
      const ltu = a.member("LTU");
      const { attackId, proposalId } = await fileAttack(a, ltu, { share: 500_000 });
      const fund = await a.fund.getAddress();
      await a.token.connect(a.issuer).blockAccount(fund);
      const before = await a.token.balanceOf(ltu.treasury.address);
      await a.time.increase(1n);
      await cast(a, proposalId, a.states.slice(1, 5), Support.For);
      expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
      await reportLosses(a, attackId, 3, 45n * MILLION);
      const { awarded } = await a.register.attack(attackId);
      expect(awarded).to.be.greaterThan(0n);
      expect(await a.token.balanceOf(ltu.treasury.address)).to.equal(before);
      await expect(a.ledger.connect(ltu.treasury).contribute(ltu.code, UNIT))
        .to.be.revertedWithCustomError(a.token, "AccountBlocked")
        .withArgs(fund);
      await a.token.connect(a.issuer).unblockAccount(fund);
      await a.fund.connect(a.stranger).collect(ltu.code);
      const { held } = await a.fund.earmarkOf(attackId);
      expect((await a.token.balanceOf(ltu.treasury.address)) - before + held).to.equal(awarded);
      await expectConserved(a.fund, a.token);
    });
  });

  describe("an attacked member whose account burns all gas when it is paid", () => {
    it("is recognised by the deciding ballot all the same, and its award waits to be collected", async () => {
      const { a, odd, attackId, proposalId, treasury } = await loadFixture(burning);
      const council = a.council.connect(a.states[4]!.delegate);
      const least = Number(await a.council.RECOGNITION_GAS()) + 100_000;
      for (const gasLimit of [least, 1_800_000, 2_000_000]) {
        const before = await takeSnapshot();
        await council.castVote(proposalId, Support.For, { gasLimit });
        expect(await a.register.statusOf(attackId), `${gasLimit}`).to.equal(CaseStatus.Recognised);
        const { awarded } = await a.register.attack(attackId);
        expect((await a.fund.balanceOf(a.states[0]!.code))[1], "9").to.equal(awarded);
        await odd.setHook(treasury.address, ZeroAddress);
        const balance = await odd.balanceOf(treasury.address);
        await a.fund.connect(a.stranger).collect(a.states[0]!.code);
        expect((await odd.balanceOf(treasury.address)) - balance).to.equal(awarded);
        await expectConserved(a.fund, odd);
        await before.restore();
      }
    });
  });
});
