import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { concat, keccak256 } from "ethers";
import { network } from "hardhat";

import { MILLION, UNIT, asTimelock, code, foundAlliance, hash } from "../support/alliance.ts";
import { now } from "../support/chain.ts";
import { nonceFor, signAuthorization } from "../support/ledger.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const CONTRIBUTION = 0; // the journal's kind

async function founded() {
  const a = await foundAlliance(connection, { capacity: 100_000 });
  await a.time.increaseTo(a.genesis);
  // Nothing is approved: only signatures let the fund take money.
  const ltu = a.member("LTU");
  await a.token.connect(ltu.treasury).approve(await a.fund.getAddress(), 0n);
  return { ...a, ltu, est: a.member("EST"), relaying: a.ledger.connect(a.relayer) };
}

describe("ContributionLedger: authorizations", () => {
  describe("authorizationNonce", () => {
    it("binds purpose and member, and ends in the payer's serial", async () => {
      const a = await loadFixture(founded);
      expect(await a.ledger.CONTRIBUTION_PURPOSE()).to.equal(hash("CrisisInsuranceFund.contribution"));
      const most = 2n ** 64n - 1n;
      for (const serial of [0n, 1n, most]) {
        const nonce = await a.ledger.authorizationNonce(a.ltu.code, serial);
        expect(nonce).to.equal(nonceFor(a.ltu.code, serial));
        expect(BigInt(nonce) & most).to.equal(serial);
      }
      const bound = async (member: string) => BigInt(await a.ledger.authorizationNonce(member, 0n)) >> 64n;
      expect(await bound(a.ltu.code)).not.to.equal(await bound(a.est.code));
    });
  });

  describe("contributeWithAuthorization", () => {
    it("pays from the payer's account, whoever hands it in", async () => {
      const a = await loadFixture(founded);
      const authorization = await signAuthorization(a, a.ltu.treasury, { code: a.ltu.code, amount: UNIT, serial: 9n });
      const paying = a.relaying.contributeWithAuthorization(a.ltu.code, authorization);
      await paying;
      expect((await a.ledger.account(a.ltu.code)).paid).to.equal(UNIT);
      const nonce = nonceFor(a.ltu.code, 9n);
      await expect(paying).to.emit(a.token, "AuthorizationUsed").withArgs(a.ltu.treasury.address, nonce);
      const head = await a.fund.head();
      await expect(paying)
        .to.emit(a.fund, "Entry")
        .withArgs(1n, CONTRIBUTION, a.ltu.code, a.ltu.treasury.address, UNIT, nonce, await now(a), head);
      await expect(paying).to.changeTokenBalances(
        a.ethers,
        a.token,
        [a.ltu.treasury.address, await a.fund.getAddress()],
        [-UNIT, UNIT],
      );
    });

    it("lets a payer sign for another member", async () => {
      const a = await loadFixture(founded);
      const authorization = await signAuthorization(a, a.ltu.treasury, { code: a.est.code, amount: UNIT });
      await a.relaying.contributeWithAuthorization(a.est.code, authorization);
      expect((await a.ledger.account(a.est.code)).paid).to.equal(UNIT);
    });

    it("works once, and again with another serial", async () => {
      const a = await loadFixture(founded);
      const authorization = await signAuthorization(a, a.ltu.treasury, { code: a.ltu.code, amount: UNIT });
      await a.relaying.contributeWithAuthorization(a.ltu.code, authorization);
      await expect(a.relaying.contributeWithAuthorization(a.ltu.code, authorization))
        .to.be.revertedWithCustomError(a.token, "AuthorizationSpent")
        .withArgs(a.ltu.treasury.address, nonceFor(a.ltu.code, 1n));
      const another = await signAuthorization(a, a.ltu.treasury, { code: a.ltu.code, amount: UNIT, serial: 2n });
      await a.relaying.contributeWithAuthorization(a.ltu.code, another);
      expect((await a.ledger.account(a.ltu.code)).paid).to.equal(2n * UNIT);
    });

    describe("given anything that the payer did not sign", () => {
      async function refused(
        a: Awaited<ReturnType<typeof founded>>,
        member: string,
        authorization: Awaited<ReturnType<typeof signAuthorization>>,
      ) {
        await expect(a.relaying.contributeWithAuthorization(member, authorization))
          .to.be.revertedWithCustomError(a.token, "AuthorizationNotSigned")
          .withArgs(authorization.payer);
      }

      it("is refused for another member", async () => {
        const a = await loadFixture(founded);
        const authorization = await signAuthorization(a, a.ltu.treasury, { code: a.ltu.code, amount: UNIT });
        await refused(a, a.est.code, authorization);
        expect((await a.ledger.account(a.est.code)).paid).to.equal(0n);
      });

      it("is refused with another purpose in the nonce", async () => {
        const a = await loadFixture(founded);
        const nonce = keccak256("0x01");
        const serial = BigInt(nonce) & (2n ** 64n - 1n);
        await refused(
          a,
          a.ltu.code,
          await signAuthorization(a, a.ltu.treasury, { code: a.ltu.code, amount: UNIT, nonce, serial }),
        );
      });

      it("is refused with another amount, payer, serial or time", async () => {
        const a = await loadFixture(founded);
        const authorization = await signAuthorization(a, a.ltu.treasury, { code: a.ltu.code, amount: UNIT });
        for (const change of [
          { amount: UNIT + 1n },
          { payer: a.est.treasury.address },
          { serial: 2n },
          { validAfter: 1n },
          { validBefore: 2n ** 41n },
        ]) {
          await refused(a, a.ltu.code, { ...authorization, ...change });
        }
        await a.relaying.contributeWithAuthorization(a.ltu.code, authorization);
      });

      it("is refused for another chain, token or receiver", async () => {
        const a = await loadFixture(founded);
        for (const change of [
          { chainId: 1n },
          { verifyingContract: await a.fund.getAddress() },
          { to: await a.ledger.getAddress() },
        ]) {
          const options = { code: a.ltu.code, amount: UNIT, ...change };
          await refused(a, a.ltu.code, await signAuthorization(a, a.ltu.treasury, options));
        }
      });
    });

    it("cannot be taken to the token by anyone but the fund", async () => {
      const a = await loadFixture(founded);
      const { payer, amount, validAfter, validBefore, signature } = await signAuthorization(a, a.ltu.treasury, {
        code: a.ltu.code,
        amount: UNIT,
      });
      const fund = await a.fund.getAddress();
      const receive = a.token
        .connect(a.stranger)
        .getFunction("receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)");
      await expect(receive(payer, fund, amount, validAfter, validBefore, nonceFor(a.ltu.code, 1n), signature))
        .to.be.revertedWithCustomError(a.token, "CallerNotPayee")
        .withArgs(a.stranger.address, fund);
    });

    describe("given times of validity", () => {
      it("is not yet valid at its first second, and is one later", async () => {
        const a = await loadFixture(founded);
        const validAfter = (await now(a)) + 100n;
        const authorization = await signAuthorization(a, a.ltu.treasury, {
          code: a.ltu.code,
          amount: UNIT,
          validAfter,
        });
        await a.time.setNextBlockTimestamp(validAfter);
        await expect(a.relaying.contributeWithAuthorization(a.ltu.code, authorization))
          .to.be.revertedWithCustomError(a.token, "AuthorizationNotYetValid")
          .withArgs(validAfter, validAfter);
        await a.time.setNextBlockTimestamp(validAfter + 1n);
        await a.relaying.contributeWithAuthorization(a.ltu.code, authorization);
      });

      it("is valid a second before its end, and not at its end", async () => {
        const a = await loadFixture(founded);
        const validBefore = (await now(a)) + 100n;
        const [first, second] = await Promise.all(
          [1n, 2n].map((serial) =>
            signAuthorization(a, a.ltu.treasury, { code: a.ltu.code, amount: UNIT, validBefore, serial }),
          ),
        );
        await a.time.setNextBlockTimestamp(validBefore - 1n);
        await a.relaying.contributeWithAuthorization(a.ltu.code, first!);
        await a.time.setNextBlockTimestamp(validBefore);
        await expect(a.relaying.contributeWithAuthorization(a.ltu.code, second!))
          .to.be.revertedWithCustomError(a.token, "AuthorizationExpired")
          .withArgs(validBefore, validBefore);
      });
    });

    it("refuses nothing at all, and who never was a member", async () => {
      const a = await loadFixture(founded);
      const nothing = await signAuthorization(a, a.ltu.treasury, { code: a.ltu.code, amount: 0n });
      await expect(a.relaying.contributeWithAuthorization(a.ltu.code, nothing)).to.be.revertedWithCustomError(
        a.ledger,
        "LedgerZeroAmount",
      );
      const unknown = await signAuthorization(a, a.ltu.treasury, { code: code("FRA"), amount: UNIT });
      await expect(a.relaying.contributeWithAuthorization(code("FRA"), unknown))
        .to.be.revertedWithCustomError(a.ledger, "LedgerUnknownMember")
        .withArgs(code("FRA"));
    });

    describe("given a payer that is a contract", () => {
      async function withWallet() {
        const a = await founded();
        const wallet = await a.ethers.deployContract("Wallet1271", [a.ltu.treasury.address]);
        const payer = await wallet.getAddress();
        await a.token.connect(a.issuer).mint(payer, MILLION);
        return { ...a, wallet, payer };
      }

      it("pays by a signature of the usual length that the contract accepts", async () => {
        const a = await loadFixture(withWallet);
        const { code: member } = a.ltu;
        const authorization = await signAuthorization(a, a.ltu.treasury, {
          code: member,
          amount: UNIT,
          payer: a.payer,
        });
        await expect(a.relaying.contributeWithAuthorization(member, authorization))
          .to.emit(a.fund, "Entry")
          .withArgs(1n, CONTRIBUTION, member, a.payer, UNIT, anyValue, anyValue, anyValue);
        expect(await a.token.balanceOf(a.payer)).to.equal(MILLION - UNIT);
      });

      it("refuses a signature that the contract does not accept, of the usual length and of another", async () => {
        const a = await loadFixture(withWallet);
        const options = { code: a.ltu.code, amount: UNIT, payer: a.payer };
        const authorization = await signAuthorization(a, a.stranger, options);
        for (const signature of [authorization.signature as string, "0x", `${authorization.signature as string}00`]) {
          await expect(a.relaying.contributeWithAuthorization(a.ltu.code, { ...authorization, signature }))
            .to.be.revertedWithCustomError(a.token, "AuthorizationNotSigned")
            .withArgs(a.payer);
        }
      });

      it("pays by a longer signature, as that of a multisig", async () => {
        const a = await loadFixture(withWallet);
        const keys = [a.ltu.treasury, a.ltu.delegate] as const;
        const joint = await a.ethers.deployContract("JointWallet1271", [keys[0].address, keys[1].address]);
        const payer = await joint.getAddress();
        await a.token.connect(a.issuer).mint(payer, MILLION);
        const options = { code: a.ltu.code, amount: UNIT, payer };
        const [first, second] = await Promise.all(keys.map((key) => signAuthorization(a, key, options)));
        const authorization = { ...first!, signature: concat([first!.signature, second!.signature]) };
        await expect(a.relaying.contributeWithAuthorization(a.ltu.code, authorization))
          .to.emit(a.fund, "Entry")
          .withArgs(1n, CONTRIBUTION, a.ltu.code, payer, UNIT, anyValue, anyValue, anyValue);
        expect(await a.token.balanceOf(payer)).to.equal(MILLION - UNIT);
      });
    });

    it("takes a payment while the council has suspended the member", async () => {
      const a = await loadFixture(founded);
      await asTimelock(a, (timelock) => a.registry.connect(timelock).suspend(a.ltu.code));
      const authorization = await signAuthorization(a, a.ltu.treasury, { code: a.ltu.code, amount: UNIT });
      await a.relaying.contributeWithAuthorization(a.ltu.code, authorization);
      expect((await a.ledger.account(a.ltu.code)).paid).to.equal(UNIT);
    });
  });
});
