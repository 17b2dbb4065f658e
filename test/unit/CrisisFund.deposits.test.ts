import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import { DAY, MILLION, UNIT, code, hash } from "../support/alliance.ts";
import { expectConserved, journalOf } from "../support/books.ts";
import { asContract } from "../support/chain.ts";
import { Entry, Role, award, commit, foundFund, give, standing } from "../support/fund.ts";
import type { FundAlliance } from "../support/fund.ts";
import { signAuthorization, signPermit } from "../support/ledger.ts";
import { allianceWith } from "../support/tokens.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");
const fixture = () => foundFund(connection);

/** An alliance whose token has EIP-3009 as it is written. */
const byTheStandard = async () =>
  await allianceWith(connection, await connection.ethers.deployContract("AuthorizationToken"));

/** A signed EIP-3009 authorization of the payer for the fund. */
async function authorizationOf(f: FundAlliance, amount: bigint, nonce: string) {
  const options = { code: LTU, amount, nonce, validBefore: ethersLib.MaxUint256 };
  return (await signAuthorization(f, f.payer, options)).signature;
}

describe("CrisisFund", () => {
  describe("constructor", () => {
    it("refuses a token that is no contract", async () => {
      const f = await loadFixture(fixture);
      const factory = await f.ethers.getContractFactory("CrisisFund");
      await expect(
        f.ethers.deployContract("CrisisFund", [
          await f.timelock.getAddress(),
          await f.registry.getAddress(),
          f.stranger.address,
          f.guardian.address,
        ]),
      )
        .to.be.revertedWithCustomError(factory, "FundNotAToken")
        .withArgs(f.stranger.address);
    });

    it("refuses to be owned by nobody", async () => {
      const f = await loadFixture(fixture);
      const factory = await f.ethers.getContractFactory("CrisisFund");
      await expect(
        f.ethers.deployContract("CrisisFund", [
          ethersLib.ZeroAddress,
          await f.registry.getAddress(),
          await f.token.getAddress(),
          f.guardian.address,
        ]),
      ).to.be.revertedWithCustomError(factory, "GovernedZeroAddress");
    });

    it("begins empty, with an empty journal and an armed breaker", async () => {
      const f = await loadFixture(fixture);
      expect(await f.fund.reserve()).to.equal(0n);
      expect(await f.fund.sequence()).to.equal(0n);
      expect(await f.fund.head()).to.equal(ethersLib.ZeroHash);
      expect(await f.fund.armed()).to.equal(true);
      expect(await f.fund.guardian()).to.equal(f.guardian.address);
      expect(await f.fund.token()).to.equal(await f.token.getAddress());
      expect(await f.fund.registry()).to.equal(await f.registry.getAddress());
    });
  });

  describe("donate", () => {
    it("takes the money of anyone into the reserve and enters it under its memo", async () => {
      const f = await loadFixture(fixture);
      const response = f.fund.connect(f.donor).donate(5n * UNIT, hash("memo"));
      await expect(response)
        .to.emit(f.fund, "Entry")
        .withArgs(1n, Entry.Donation, "0x000000", f.donor.address, 5n * UNIT, hash("memo"), anyValue, anyValue);
      await expect(response).to.changeTokenBalances(
        connection.ethers,
        f.token,
        [f.donor, f.fund],
        [-5n * UNIT, 5n * UNIT],
      );
      expect(await f.fund.reserve()).to.equal(5n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("refuses nothing at all", async () => {
      const f = await loadFixture(fixture);
      await expect(f.fund.connect(f.donor).donate(0n, ethersLib.ZeroHash)).to.be.revertedWithCustomError(
        f.fund,
        "FundZeroAmount",
      );
    });

    it("refuses more than the sender has approved", async () => {
      const f = await loadFixture(fixture);
      await expect(f.fund.connect(f.stranger).donate(1n, ethersLib.ZeroHash))
        .to.be.revertedWithCustomError(f.token, "ERC20InsufficientAllowance")
        .withArgs(await f.fund.getAddress(), 0n, 1n);
    });

    it("refuses more than the books can hold, and takes as much", async () => {
      const f = await loadFixture(fixture);
      const most = 2n ** 104n - 1n;
      await f.token.connect(f.issuer).mint(f.donor.address, 2n ** 105n);
      await expect(f.fund.connect(f.donor).donate(most + 1n, ethersLib.ZeroHash))
        .to.be.revertedWithCustomError(f.fund, "SafeCastOverflowedUintDowncast")
        .withArgs(104n, most + 1n);
      await give(f, most);
      expect(await f.fund.reserve()).to.equal(most);
    });
  });

  describe("depositContribution", () => {
    it("takes a contribution from the payer and enters it for the member", async () => {
      const f = await loadFixture(fixture);
      await expect(f.fund.connect(f.payer).depositContribution(LTU, f.donor.address, 7n * UNIT))
        .to.emit(f.fund, "Entry")
        .withArgs(1n, Entry.Contribution, LTU, f.donor.address, 7n * UNIT, ethersLib.ZeroHash, anyValue, anyValue);
      expect(await f.fund.reserve()).to.equal(7n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("is for the ledger only", async () => {
      const f = await loadFixture(fixture);
      for (const caller of [f.stranger, f.module, f.compensator, f.guardian]) {
        await expect(f.fund.connect(caller).depositContribution(LTU, f.donor.address, 1n))
          .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, Role.Ledger);
      }
    });

    it("takes what the ledger books, with one entry for each contribution", async () => {
      const f = await loadFixture(fixture);
      const { treasury } = f.member("LTU");
      await f.ledger.connect(treasury).contribute(LTU, 3n * UNIT);
      const [entry] = await journalOf(f.fund);
      expect(entry).to.include({ kind: Entry.Contribution, member: LTU, party: treasury.address, amount: 3n * UNIT });
      await expectConserved(f.fund, f.token);
    });
  });

  describe("depositWithPermit", () => {
    async function withoutApproval() {
      const f = await fixture();
      await f.token.connect(f.payer).approve(await f.fund.getAddress(), 0n);
      return f;
    }

    it("takes a contribution by a permit", async () => {
      const f = await loadFixture(withoutApproval);
      const deadline = BigInt(await f.time.latest()) + DAY;
      const { v, r, s } = await signPermit(f, f.payer, UNIT, deadline);
      await expect(f.fund.connect(f.payer).depositWithPermit(LTU, f.payer.address, UNIT, deadline, v, r, s))
        .to.emit(f.fund, "Entry")
        .withArgs(1n, Entry.Contribution, LTU, f.payer.address, UNIT, ethersLib.ZeroHash, anyValue, anyValue);
      expect(await f.fund.reserve()).to.equal(UNIT);
    });

    it("does not mind a permit that somebody else has handed in", async () => {
      const f = await loadFixture(withoutApproval);
      const deadline = BigInt(await f.time.latest()) + DAY;
      const { v, r, s } = await signPermit(f, f.payer, UNIT, deadline);
      await f.token.connect(f.stranger).permit(f.payer.address, await f.fund.getAddress(), UNIT, deadline, v, r, s);
      await f.fund.connect(f.payer).depositWithPermit(LTU, f.payer.address, UNIT, deadline, v, r, s);
      expect(await f.fund.reserve()).to.equal(UNIT);
    });

    it("refuses a permit that does not hold, if nothing was approved", async () => {
      const f = await loadFixture(withoutApproval);
      const deadline = BigInt(await f.time.latest()) - 1n;
      const { v, r, s } = await signPermit(f, f.payer, UNIT, deadline);
      await expect(f.fund.connect(f.payer).depositWithPermit(LTU, f.payer.address, UNIT, deadline, v, r, s))
        .to.be.revertedWithCustomError(f.token, "ERC20InsufficientAllowance")
        .withArgs(await f.fund.getAddress(), 0n, UNIT);
    });

    it("is for the ledger only", async () => {
      const f = await loadFixture(fixture);
      const nothing = ethersLib.ZeroHash;
      await expect(f.fund.connect(f.module).depositWithPermit(LTU, f.donor.address, 1n, 0n, 0, nothing, nothing))
        .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
        .withArgs(f.module.address, Role.Ledger);
    });
  });

  describe("depositWithAuthorization", () => {
    const nonce = hash("nonce");

    it("takes a contribution by an ECDSA authorization and enters its nonce", async () => {
      const f = await loadFixture(fixture);
      const signature = await authorizationOf(f, UNIT, nonce);
      await expect(
        f.fund
          .connect(f.payer)
          .depositWithAuthorization(LTU, f.payer.address, UNIT, 0n, ethersLib.MaxUint256, nonce, signature),
      )
        .to.emit(f.fund, "Entry")
        .withArgs(1n, Entry.Contribution, LTU, f.payer.address, UNIT, nonce, anyValue, anyValue);
      expect(await f.fund.reserve()).to.equal(UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("takes it from a token that knows signatures as v, r and s only", async () => {
      const { odd, ...a } = await loadFixture(byTheStandard);
      const { treasury } = a.member("LTU");
      await odd.connect(treasury).approve(await a.fund.getAddress(), 0n);
      const authorization = await signAuthorization({ ...a, token: odd }, treasury, { code: LTU, amount: UNIT });
      await expect(a.ledger.connect(a.stranger).contributeWithAuthorization(LTU, authorization))
        .to.emit(odd, "Transfer")
        .withArgs(treasury.address, await a.fund.getAddress(), UNIT);
      expect(await a.fund.reserve()).to.equal(UNIT);
    });

    it("hands any other signature to the token as it is", async () => {
      const f = await loadFixture(fixture);
      await expect(
        f.fund
          .connect(f.payer)
          .depositWithAuthorization(LTU, f.payer.address, UNIT, 0n, ethersLib.MaxUint256, nonce, "0x1234"),
      )
        .to.be.revertedWithCustomError(f.token, "AuthorizationNotSigned")
        .withArgs(f.payer.address);
    });

    it("takes an authorization once", async () => {
      const f = await loadFixture(fixture);
      const signature = await authorizationOf(f, UNIT, nonce);
      const deposit = () =>
        f.fund
          .connect(f.payer)
          .depositWithAuthorization(LTU, f.payer.address, UNIT, 0n, ethersLib.MaxUint256, nonce, signature);
      await deposit();
      await expect(deposit())
        .to.be.revertedWithCustomError(f.token, "AuthorizationSpent")
        .withArgs(f.payer.address, nonce);
    });

    it("is for the ledger only", async () => {
      const f = await loadFixture(fixture);
      await expect(f.fund.connect(f.module).depositWithAuthorization(LTU, f.donor.address, 1n, 0n, 0n, nonce, "0x"))
        .to.be.revertedWithCustomError(f.fund, "AccessControlUnauthorizedAccount")
        .withArgs(f.module.address, Role.Ledger);
    });
  });

  describe("sync", () => {
    it("books what was sent directly as Surplus, credited to nobody", async () => {
      const f = await loadFixture(fixture);
      await give(f, 10n * UNIT);
      await f.token.connect(f.donor).transfer(await f.fund.getAddress(), 3n * UNIT);
      expect(await f.fund.reserve()).to.equal(10n * UNIT);
      await expect(f.fund.connect(f.stranger).sync())
        .to.emit(f.fund, "Entry")
        .withArgs(
          2n,
          Entry.Surplus,
          "0x000000",
          ethersLib.ZeroAddress,
          3n * UNIT,
          ethersLib.ZeroHash,
          anyValue,
          anyValue,
        );
      expect(await f.fund.reserve()).to.equal(13n * UNIT);
      await expectConserved(f.fund, f.token);
    });

    it("enters nothing if there is nothing", async () => {
      const f = await loadFixture(fixture);
      await give(f, 10n * UNIT);
      expect(await f.fund.sync.staticCall()).to.equal(0n);
      await f.fund.sync();
      expect(await f.fund.sequence()).to.equal(1n);
    });

    it("finds no surplus in what is assigned or earmarked", async () => {
      const f = await loadFixture(fixture);
      await give(f, 10n * UNIT);
      await f.token.connect(f.issuer).blockAccount(f.member("LTU").treasury.address);
      await commit(f, 101n, "LTU", 10n * UNIT, 400_000n);
      await award(f, 101n, 5n * UNIT);
      expect(await f.fund.sync.staticCall()).to.equal(0n);
      await f.token.connect(f.donor).transfer(await f.fund.getAddress(), 1n);
      expect(await f.fund.sync.staticCall()).to.equal(1n);
    });

    it("pays what is owed first", async () => {
      const f = await loadFixture(fixture);
      await commit(f, 101n, "LTU", 10n * UNIT);
      await award(f, 101n, 10n * UNIT);
      await f.token.connect(f.donor).transfer(await f.fund.getAddress(), 4n * UNIT);
      await f.fund.sync();
      expect(await standing(f, "LTU")).to.deep.equal({ owed: 6n * UNIT, collectable: 4n * UNIT });
      expect(await f.fund.reserve()).to.equal(0n);
      await expectConserved(f.fund, f.token);
    });

    it("stays at nothing when the token has taken money away", async () => {
      const f = await loadFixture(fixture);
      await give(f, MILLION);
      await asContract(f, f.fund, (fund) => f.token.connect(fund).transfer(f.stranger.address, UNIT));
      expect(await f.fund.sync.staticCall()).to.equal(0n);
    });
  });
});
