import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import { DAY, PERIOD, PPM, asTimelock, code } from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { admitNew, begin, begunEight, foundEight, setScale } from "../support/ledger.ts";
import { weightFor } from "../support/reference-ledger.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const founded = () => foundEight(connection);
const begun = () => begunEight(connection);

describe("ContributionLedger: scale", () => {
  describe("setScale", () => {
    it("sets the weight that capacity, dependence and loading make", async () => {
      const a = await loadFixture(begun);
      const ltu = a.member("LTU").code;
      await asTimelock(a, async (timelock) => {
        await a.ledger.connect(timelock).setTerms({ loading: 500_001, callCap: PPM });
        // 500,001 × 333,335 / 1e6 = 166,667.8; 98,765 × 1,166,667 / 1e6 = 115,225.8: both fall.
        const weight = weightFor(98_765n, 333_335n, 500_001n);
        expect(weight).to.equal(115_225n);
        await expect(a.ledger.connect(timelock).setScale(ltu, 98_765, 333_335))
          .to.emit(a.ledger, "ScaleSet")
          .withArgs(ltu, 98_765n, 333_335n, weight, 1n);
      });
      expect(await a.ledger.weightOf(ltu, 1)).to.equal(115_225n);
    });

    it("keeps to floor and ceiling", async () => {
      const a = await loadFixture(begun);
      const [ltu, est] = [a.member("LTU").code, a.member("EST").code];
      for (const [capacity, weight] of [
        [0, 10n],
        [9, 10n],
        [11, 11n],
      ] as const) {
        await setScale(a, ltu, capacity);
        expect(await a.ledger.weightOf(ltu, 1)).to.equal(weight);
      }
      for (const [capacity, weight] of [
        [219_999, 219_999n],
        [220_001, 220_000n],
        [1_000_000, 220_000n],
      ] as const) {
        await setScale(a, est, capacity);
        expect(await a.ledger.weightOf(est, 1)).to.equal(weight);
      }
    });

    it("uses the loading of the day", async () => {
      const a = await loadFixture(begun);
      const [ltu, est] = [a.member("LTU").code, a.member("EST").code];
      await setScale(a, ltu, 50_000, 1_000_000);
      await asTimelock(a, (timelock) => a.ledger.connect(timelock).setTerms({ loading: PPM, callCap: PPM }));
      expect(await a.ledger.weightOf(ltu, 1)).to.equal(50_000n);
      await setScale(a, est, 50_000, 1_000_000);
      expect(await a.ledger.weightOf(est, 1)).to.equal(100_000n);
    });

    it("takes effect at the next period, set in the last second of this one", async () => {
      const a = await loadFixture(begun);
      const ltu = a.member("LTU").code;
      await a.time.setNextBlockTimestamp(a.genesis + PERIOD - 1n);
      await setScale(a, ltu, 50_000);
      expect(await a.ledger.totalWeight()).to.equal(800_000n);
      expect(await a.ledger.weightOf(ltu, 0)).to.equal(100_000n);
      await begin(a, 1n);
      expect(await a.ledger.totalWeight()).to.equal(750_000n);
      expect(await a.ledger.weightOf(ltu, 1)).to.equal(50_000n);
    });

    it("takes effect a period later, set in the first second of the next", async () => {
      const a = await loadFixture(begun);
      const ltu = a.member("LTU").code;
      await a.time.setNextBlockTimestamp(a.genesis + PERIOD);
      await setScale(a, ltu, 50_000);
      expect(await a.ledger.weightOf(ltu, 1)).to.equal(100_000n);
      expect(await a.ledger.weightOf(ltu, 2)).to.equal(50_000n);
    });

    it("holds from period 0, set before genesis", async () => {
      const a = await loadFixture(founded);
      const ltu = a.member("LTU").code;
      await a.time.setNextBlockTimestamp(a.genesis - 1n);
      await setScale(a, ltu, 50_000);
      expect(await a.ledger.weightOf(ltu, 0)).to.equal(50_000n);
      expect(await a.ledger.totalWeight()).to.equal(750_000n);
      expect(await a.ledger.callWeight()).to.equal(750_000n);
    });

    it("holds from period 1, set in the first second of period 0", async () => {
      const a = await loadFixture(founded);
      const ltu = a.member("LTU").code;
      await a.time.setNextBlockTimestamp(a.genesis);
      await setScale(a, ltu, 50_000);
      expect(await a.ledger.weightOf(ltu, 0)).to.equal(100_000n);
      expect(await a.ledger.weightOf(ltu, 1)).to.equal(50_000n);
    });

    it("begins a newcomer's cover 180 days after its first period, also in the first second of genesis", async () => {
      const a = await loadFixture(founded);
      const fin = await admitNew(a, "FIN", 1);
      await a.time.setNextBlockTimestamp(a.genesis);
      await setScale(a, fin.code, 100_000);
      expect(await a.ledger.coverFrom(fin.code)).to.equal(a.genesis + PERIOD + 180n * DAY);
    });

    describe("given the whole", () => {
      it("fills it exactly, and not a millionth more", async () => {
        const a = await loadFixture(begun);
        const [ltu, est] = [a.member("LTU").code, a.member("EST").code];
        await setScale(a, ltu, 220_000);
        await expect(setScale(a, est, 180_001))
          .to.be.revertedWithCustomError(a.ledger, "LedgerWeightsExceedWhole")
          .withArgs(1_000_001n);
        await setScale(a, est, 180_000);
        await begin(a, 1n);
        expect(await a.ledger.totalWeight()).to.equal(PPM);
      });

      it("counts what others will have in the next period, not what they have now", async () => {
        const a = await loadFixture(begun);
        for (const name of ["LTU", "EST"]) await setScale(a, a.member(name).code, 200_000);
        await expect(setScale(a, a.member("LVA").code, 100_001)).to.be.revertedWithCustomError(
          a.ledger,
          "LedgerWeightsExceedWhole",
        );
        await setScale(a, a.member("POL").code, 50_000);
        await setScale(a, a.member("LVA").code, 150_000);
        await begin(a, 1n);
        expect(await a.ledger.totalWeight()).to.equal(PPM);
      });
    });

    it("refuses shares above the whole", async () => {
      const a = await loadFixture(begun);
      const ltu = a.member("LTU").code;
      for (const [capacity, dependence] of [
        [1_000_001, 0],
        [0, 1_000_001],
      ] as const) {
        await expect(setScale(a, ltu, capacity, dependence))
          .to.be.revertedWithCustomError(a.ledger, "LedgerRatioTooHigh")
          .withArgs(1_000_001n, PPM);
      }
    });

    it("refuses who is no member, or no longer", async () => {
      const a = await loadFixture(begun);
      const ltu = a.member("LTU").code;
      await expect(setScale(a, code("FRA"), 10))
        .to.be.revertedWithCustomError(a.ledger, "LedgerUnknownMember")
        .withArgs(code("FRA"));
      await asTimelock(a, (timelock) => a.registry.connect(timelock).suspend(ltu));
      await setScale(a, ltu, 50_000);
      await asTimelock(a, (timelock) => a.registry.connect(timelock).expel(ltu));
      await expect(setScale(a, ltu, 50_000))
        .to.be.revertedWithCustomError(a.ledger, "LedgerUnknownMember")
        .withArgs(ltu);
    });

    it("is for the council only", async () => {
      const a = await loadFixture(begun);
      await expect(a.ledger.connect(a.stranger).setScale(a.member("LTU").code, 1, 0))
        .to.be.revertedWithCustomError(a.ledger, "AccessControlUnauthorizedAccount")
        .withArgs(a.stranger.address, ZeroHash);
    });
  });

  describe("setScales", () => {
    const scale = (a: Alliance, name: string, capacity: number) => ({
      code: a.member(name).code,
      capacity,
      dependence: 0,
    });

    it("looks at the whole when all are set", async () => {
      const a = await loadFixture(begun);
      const scales = ["LTU", "EST", "LVA"].map((name) => scale(a, name, 200_000));
      const lower = ["POL", "CZE"].map((name) => scale(a, name, 50_000));
      await asTimelock(a, (timelock) => a.ledger.connect(timelock).setScales([...scales, ...lower]));
      await begin(a, 1n);
      expect(await a.ledger.totalWeight()).to.equal(PPM);
    });

    it("sets all or none", async () => {
      const a = await loadFixture(begun);
      const scales = [scale(a, "POL", 50_000), ...["LTU", "EST", "LVA"].map((name) => scale(a, name, 200_000))];
      await asTimelock(a, async (timelock) => {
        await expect(a.ledger.connect(timelock).setScales(scales))
          .to.be.revertedWithCustomError(a.ledger, "LedgerWeightsExceedWhole")
          .withArgs(1_050_000n);
      });
      expect(await a.ledger.weightOf(a.member("POL").code, 1)).to.equal(100_000n);
    });

    it("refuses more than 104 at once", async () => {
      const a = await loadFixture(begun);
      const scales = (count: number) => Array.from({ length: count }, () => scale(a, "LTU", 1));
      await asTimelock(a, async (timelock) => {
        await expect(a.ledger.connect(timelock).setScales(scales(105)))
          .to.be.revertedWithCustomError(a.ledger, "LedgerTooManyEntries")
          .withArgs(105n, 104n);
        await a.ledger.connect(timelock).setScales(scales(104));
      });
      expect(await a.ledger.weightOf(a.member("LTU").code, 1)).to.equal(10n);
    });

    it("is for the council only", async () => {
      const a = await loadFixture(begun);
      await expect(a.ledger.connect(a.stranger).setScales([]))
        .to.be.revertedWithCustomError(a.ledger, "AccessControlUnauthorizedAccount")
        .withArgs(a.stranger.address, ZeroHash);
    });
  });
});
