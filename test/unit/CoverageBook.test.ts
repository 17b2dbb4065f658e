import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import type { CoverageBook } from "../../typechain-types/index.ts";
import type { ICoverageBook } from "../../typechain-types/contracts/CoverageBook.ts";
import { DAY, MILLION, PPM, YEAR, asTimelock, code, decide, foundAlliance, hash } from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { ADMIN_ROLE, decreed, foundRegistry, join, nthCode } from "../support/registry.ts";

type Terms = ICoverageBook.TermsStruct;
type Exposure = ICoverageBook.ExposureStruct;

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const [LTU, EST, TWN, JPN, CHN, RUS] = ["LTU", "EST", "TWN", "JPN", "CHN", "RUS"].map(code) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const TERMS_DELAY = 180n * DAY;
const EXPOSURE_DELAY = 90n * DAY;
const EXPOSURE_LIFE = 3n * YEAR;

const terms = { ceding: 900_000, attachment: 10_000, exhaustion: 700_000, yearlyLimit: 500n * MILLION };
const exposure = { baseline: 300n * MILLION, dependence: 50_000, source: hash("trade of the year") };
const NO_TERMS = [0n, 0n, 0n, 0n];
const NO_EXPOSURE = [0n, 0n, ZeroHash];

const listOf = (struct: Terms | Exposure) =>
  Object.values(struct).map((value: unknown) => (typeof value === "number" ? BigInt(value) : value));

describe("CoverageBook", () => {
  async function founded() {
    const a = await foundAlliance(connection);
    await a.time.increaseTo(a.genesis);
    return a;
  }

  async function full() {
    return await foundRegistry(connection, 208);
  }

  /** Acts of the council on the book, at a time if one is given. */
  async function resolved<T>(a: Alliance, act: (book: CoverageBook) => Promise<T>, at?: bigint): Promise<T> {
    if (at !== undefined) await a.time.setNextBlockTimestamp(at);
    return await asTimelock(a, (timelock) => act(a.coverage.connect(timelock)));
  }

  const setTerms = (a: Alliance, codes: string[], set: Terms, at?: bigint) =>
    resolved(a, (book) => book.setTerms(codes, set), at);
  const setExposure = (a: Alliance, who: string, coercer: string, set: Exposure, at?: bigint) =>
    resolved(a, (book) => book.setExposures([{ code: who, coercer, exposure: set }]), at);
  const termsAt = async (a: Alliance, who: string, at: bigint) => [...(await a.coverage.termsAt(who, at))];
  const exposureAt = async (a: Alliance, who: string, coercer: string, at: bigint) => [
    ...(await a.coverage.exposureAt(who, coercer, at)),
  ];

  describe("setTerms", () => {
    it("announces the terms of every member named", async () => {
      const a = await loadFixture(founded);
      const setAt = a.genesis + 100n;
      await expect(setTerms(a, [LTU, TWN], terms, setAt))
        .to.emit(a.coverage, "TermsSet")
        .withArgs(LTU, listOf(terms), setAt + TERMS_DELAY)
        .to.emit(a.coverage, "TermsSet")
        .withArgs(TWN, listOf(terms), setAt + TERMS_DELAY);
    });

    it("takes effect after 180 days, and the terms before hold until then", async () => {
      const a = await loadFixture(founded);
      const setAt = a.genesis + 200n * DAY;
      await setTerms(a, [LTU], terms, setAt);
      const foundingTerms = [800_000n, 50_000n, 600_000n, 1_000n * MILLION];
      expect(await termsAt(a, LTU, setAt + TERMS_DELAY - 1n)).to.deep.equal(foundingTerms);
      expect(await termsAt(a, LTU, setAt + TERMS_DELAY)).to.deep.equal(listOf(terms));
      expect(await termsAt(a, LTU, setAt + 100n * YEAR)).to.deep.equal(listOf(terms));
      // Nobody else's change.
      expect(await termsAt(a, EST, setAt + TERMS_DELAY)).to.deep.equal(foundingTerms);
    });

    it("holds from nothing at first", async () => {
      const a = await loadFixture(founded);
      const { admittedAt } = await a.registry.member(LTU);
      const [event] = await a.coverage.queryFilter(a.coverage.filters.TermsSet(LTU));
      const { effectiveAt } = event!.args;
      expect(effectiveAt).to.be.greaterThanOrEqual(admittedAt + TERMS_DELAY);
      expect(await termsAt(a, LTU, effectiveAt - 1n)).to.deep.equal(NO_TERMS);
      expect((await termsAt(a, LTU, effectiveAt))[0]).to.equal(800_000);
    });

    it("is superseded by later terms, each when its own 180 days are over", async () => {
      const a = await loadFixture(founded);
      const [first, second] = [a.genesis + 100n, a.genesis + 10n * DAY];
      const later = { ...terms, ceding: 100_000 };
      await setTerms(a, [LTU], terms, first);
      await setTerms(a, [LTU], later, second);
      expect(await termsAt(a, LTU, first + TERMS_DELAY)).to.deep.equal(listOf(terms));
      expect(await termsAt(a, LTU, second + TERMS_DELAY - 1n)).to.deep.equal(listOf(terms));
      expect(await termsAt(a, LTU, second + TERMS_DELAY)).to.deep.equal(listOf(later));
    });

    it("keeps the last of several in one call", async () => {
      const a = await loadFixture(founded);
      const setAt = a.genesis + 100n;
      await setTerms(a, [LTU, LTU], terms, setAt);
      expect(await termsAt(a, LTU, setAt + TERMS_DELAY)).to.deep.equal(listOf(terms));
    });

    it("accepts terms at their bounds", async () => {
      const a = await loadFixture(founded);
      for (const [i, some] of [
        { ceding: 1, attachment: 0, exhaustion: 1, yearlyLimit: 0n },
        { ceding: PPM, attachment: PPM - 1n, exhaustion: PPM, yearlyLimit: 2n ** 104n - 1n },
      ].entries()) {
        const setAt = a.genesis + 100n + BigInt(i) * DAY;
        await setTerms(a, [LTU], some, setAt);
        expect(await termsAt(a, LTU, setAt + TERMS_DELAY)).to.deep.equal(listOf(some));
      }
    });

    it("refuses terms beyond their bounds", async () => {
      const a = await loadFixture(founded);
      for (const wrong of [
        { ...terms, ceding: 0 },
        { ...terms, ceding: PPM + 1n },
        { ...terms, exhaustion: PPM + 1n },
        { ...terms, attachment: terms.exhaustion },
        { ...terms, attachment: terms.exhaustion + 1 },
        { ...terms, attachment: 0, exhaustion: 0 },
      ]) {
        await expect(setTerms(a, [LTU], wrong))
          .to.be.revertedWithCustomError(a.coverage, "CoverageInvalidTerms")
          .withArgs(listOf(wrong));
      }
    });

    it("knows members alone, suspended ones among them", async () => {
      const a = await loadFixture(founded);
      await decreed(a, (r) => r.suspend(EST));
      await setTerms(a, [EST], terms);
      await decreed(a, (r) => r.expel(EST));
      for (const unknown of [EST, JPN, "0x000000"]) {
        await expect(setTerms(a, [LTU, unknown], terms))
          .to.be.revertedWithCustomError(a.coverage, "CoverageUnknownMember")
          .withArgs(unknown);
      }
    });

    it("takes 208 members in a call, below 16.7 million gas, and no more", async () => {
      const { registry, council, codeOf, ethers } = await loadFixture(full);
      const book = (await ethers.deployContract("CoverageBook", [council.address, registry])).connect(council);
      const codes = Array.from({ length: 208 }, (_, n) => codeOf(n));
      const receipt = await (await book.setTerms(codes, terms)).wait();
      expect(receipt!.gasUsed).to.be.lessThan(16_700_000n);
      await expect(book.setTerms([...codes, codeOf(0)], terms))
        .to.be.revertedWithCustomError(book, "CoverageTooManyEntries")
        .withArgs(209, 208);
    });

    it("is the council's alone", async () => {
      const a = await loadFixture(founded);
      for (const caller of [a.deployer, a.stranger, a.member("LTU").treasury]) {
        await expect(a.coverage.connect(caller).setTerms([LTU], terms))
          .to.be.revertedWithCustomError(a.coverage, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, ADMIN_ROLE);
      }
    });

    it("is carried out by a decision of the council", async () => {
      const a = await loadFixture(founded);
      await decide(a, {
        target: a.coverage,
        data: a.coverage.interface.encodeFunctionData("setTerms", [[LTU], terms]),
      });
      const setAt = BigInt(await a.time.latest());
      expect(await termsAt(a, LTU, setAt + TERMS_DELAY)).to.deep.equal(listOf(terms));
    });
  });

  describe("setExposures", () => {
    it("announces from when until when each exposure holds", async () => {
      const a = await loadFixture(founded);
      const setAt = a.genesis + 100n;
      const effectiveAt = setAt + EXPOSURE_DELAY;
      const other = { ...exposure, baseline: 7n };
      const call = resolved(
        a,
        (book) =>
          book.setExposures([
            { code: LTU, coercer: RUS, exposure },
            { code: TWN, coercer: CHN, exposure: other },
          ]),
        setAt,
      );
      await expect(call)
        .to.emit(a.coverage, "ExposureSet")
        .withArgs(LTU, RUS, listOf(exposure), effectiveAt, effectiveAt + EXPOSURE_LIFE)
        .to.emit(a.coverage, "ExposureSet")
        .withArgs(TWN, CHN, listOf(other), effectiveAt, effectiveAt + EXPOSURE_LIFE);
      expect(await exposureAt(a, LTU, RUS, effectiveAt)).to.deep.equal(listOf(exposure));
      expect(await exposureAt(a, TWN, CHN, effectiveAt)).to.deep.equal(listOf(other));
      expect(await exposureAt(a, EST, RUS, effectiveAt)).to.deep.equal(NO_EXPOSURE);
    });

    it("takes effect after 90 days", async () => {
      const a = await loadFixture(founded);
      const setAt = a.genesis + 100n;
      await setExposure(a, LTU, RUS, exposure, setAt);
      expect(await exposureAt(a, LTU, RUS, setAt + EXPOSURE_DELAY - 1n)).to.deep.equal(NO_EXPOSURE);
      expect(await exposureAt(a, LTU, RUS, setAt + EXPOSURE_DELAY)).to.deep.equal(listOf(exposure));
    });

    it("lapses three years after that", async () => {
      const a = await loadFixture(founded);
      const setAt = a.genesis + 100n;
      await setExposure(a, LTU, RUS, exposure, setAt);
      const until = setAt + EXPOSURE_DELAY + EXPOSURE_LIFE;
      expect(await exposureAt(a, LTU, RUS, until - 1n)).to.deep.equal(listOf(exposure));
      expect(await exposureAt(a, LTU, RUS, until)).to.deep.equal(listOf(exposure));
      expect(await exposureAt(a, LTU, RUS, until + 1n)).to.deep.equal(NO_EXPOSURE);
    });

    it("is superseded by the next, which has its own three years", async () => {
      const a = await loadFixture(founded);
      const [first, second] = [a.genesis + 100n, a.genesis + 2n * YEAR];
      const next = { ...exposure, baseline: 1n };
      await setExposure(a, LTU, RUS, exposure, first);
      await setExposure(a, LTU, RUS, next, second);
      expect(await exposureAt(a, LTU, RUS, second + EXPOSURE_DELAY - 1n)).to.deep.equal(listOf(exposure));
      expect(await exposureAt(a, LTU, RUS, second + EXPOSURE_DELAY)).to.deep.equal(listOf(next));
      const until = second + EXPOSURE_DELAY + EXPOSURE_LIFE;
      expect(await exposureAt(a, LTU, RUS, first + EXPOSURE_DELAY + EXPOSURE_LIFE + 1n)).to.deep.equal(listOf(next));
      expect(await exposureAt(a, LTU, RUS, until)).to.deep.equal(listOf(next));
      expect(await exposureAt(a, LTU, RUS, until + 1n)).to.deep.equal(NO_EXPOSURE);
    });

    it("leaves a gap between a lapse and the next exposure", async () => {
      const a = await loadFixture(founded);
      const first = a.genesis + 100n;
      const lapsed = first + EXPOSURE_DELAY + EXPOSURE_LIFE + 1n;
      await setExposure(a, LTU, RUS, exposure, first);
      await setExposure(a, LTU, RUS, exposure, lapsed);
      expect(await exposureAt(a, LTU, RUS, lapsed)).to.deep.equal(NO_EXPOSURE);
      expect(await exposureAt(a, LTU, RUS, lapsed + EXPOSURE_DELAY - 1n)).to.deep.equal(NO_EXPOSURE);
      expect(await exposureAt(a, LTU, RUS, lapsed + EXPOSURE_DELAY)).to.deep.equal(listOf(exposure));
    });

    it("ends by an exposure of nothing, which needs no source", async () => {
      const a = await loadFixture(founded);
      const [first, second] = [a.genesis + 100n, a.genesis + 10n * DAY];
      const nothing = { baseline: 0n, dependence: 0, source: ZeroHash };
      await setExposure(a, LTU, RUS, exposure, first);
      await setExposure(a, LTU, RUS, nothing, second);
      expect(await exposureAt(a, LTU, RUS, second + EXPOSURE_DELAY - 1n)).to.deep.equal(listOf(exposure));
      expect(await exposureAt(a, LTU, RUS, second + EXPOSURE_DELAY)).to.deep.equal(NO_EXPOSURE);
    });

    it("keeps the last of several for one pair in one call", async () => {
      const a = await loadFixture(founded);
      const setAt = a.genesis + 100n;
      const entries = [exposure, { ...exposure, baseline: 1n }].map((e) => ({ code: LTU, coercer: RUS, exposure: e }));
      await resolved(a, (book) => book.setExposures(entries), setAt);
      expect((await a.coverage.exposureAt(LTU, RUS, setAt + EXPOSURE_DELAY)).baseline).to.equal(1);
      expect((await a.coverage.exposureAt(LTU, RUS, setAt + EXPOSURE_DELAY + EXPOSURE_LIFE + 1n)).baseline).to.equal(0);
    });

    it("accepts exposures at their bounds", async () => {
      const a = await loadFixture(founded);
      const setAt = a.genesis + 100n;
      const most = { baseline: 2n ** 128n - 1n, dependence: PPM, source: hash("all") };
      await setExposure(a, LTU, RUS, most, setAt);
      expect(await exposureAt(a, LTU, RUS, setAt + EXPOSURE_DELAY)).to.deep.equal(listOf(most));
    });

    it("refuses a share above the whole, and a baseline without source", async () => {
      const a = await loadFixture(founded);
      for (const wrong of [
        { ...exposure, dependence: PPM + 1n },
        { ...exposure, source: ZeroHash },
        { ...exposure, baseline: 1n, source: ZeroHash },
      ]) {
        await expect(setExposure(a, LTU, RUS, wrong))
          .to.be.revertedWithCustomError(a.coverage, "CoverageInvalidExposure")
          .withArgs(listOf(wrong));
      }
    });

    it("refuses a coercer that has no code or is the member itself", async () => {
      const a = await loadFixture(founded);
      for (const coercer of [LTU, code("rus"), code("RU1"), "0x000000"]) {
        await expect(setExposure(a, LTU, coercer, exposure))
          .to.be.revertedWithCustomError(a.coverage, "CoverageInvalidCoercer")
          .withArgs(coercer);
      }
    });

    it("knows members alone", async () => {
      const a = await loadFixture(founded);
      await decreed(a, (r) => r.expel(EST));
      for (const unknown of [EST, JPN]) {
        await expect(setExposure(a, unknown, RUS, exposure))
          .to.be.revertedWithCustomError(a.coverage, "CoverageUnknownMember")
          .withArgs(unknown);
      }
    });

    it("takes 104 exposures in a call, below 16.7 million gas, and no more", async () => {
      const a = await loadFixture(founded);
      const entries = Array.from({ length: 105 }, (_, n) => ({ code: LTU, coercer: code(nthCode(n)), exposure }));
      await expect(resolved(a, (book) => book.setExposures(entries)))
        .to.be.revertedWithCustomError(a.coverage, "CoverageTooManyEntries")
        .withArgs(105, 104);
      // The whole way: a proposal keeps its calls, so proposing costs about as much as executing.
      const data = a.coverage.interface.encodeFunctionData("setExposures", [entries.slice(1)]);
      const block = await a.time.latestBlock();
      await decide(a, { target: a.coverage, data });
      for (let number = block + 1; number <= (await a.time.latestBlock()); ++number) {
        expect((await a.ethers.provider.getBlock(number))!.gasUsed).to.be.lessThan(16_700_000n);
      }
      const last = entries.at(-1)!;
      const nowAt = BigInt(await a.time.latest());
      expect(await exposureAt(a, LTU, last.coercer, nowAt + EXPOSURE_DELAY)).to.deep.equal(listOf(exposure));
    });

    it("is the council's alone", async () => {
      const a = await loadFixture(founded);
      for (const caller of [a.deployer, a.stranger, a.member("LTU").treasury]) {
        await expect(a.coverage.connect(caller).setExposures([{ code: LTU, coercer: RUS, exposure }]))
          .to.be.revertedWithCustomError(a.coverage, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, ADMIN_ROLE);
      }
    });
  });

  describe("termsAt and exposureAt", () => {
    it("know nothing of an unknown member", async () => {
      const a = await loadFixture(founded);
      expect(await termsAt(a, JPN, a.genesis + YEAR)).to.deep.equal(NO_TERMS);
      expect(await exposureAt(a, JPN, CHN, a.genesis + YEAR)).to.deep.equal(NO_EXPOSURE);
    });

    it("refuse a time beyond the end of the calendar", async () => {
      const a = await loadFixture(founded);
      for (const call of [a.coverage.termsAt(LTU, 2n ** 48n), a.coverage.exposureAt(LTU, CHN, 2n ** 48n)]) {
        await expect(call)
          .to.be.revertedWithCustomError(a.coverage, "SafeCastOverflowedUintDowncast")
          .withArgs(48, 2n ** 48n);
      }
    });

    it("know nothing of the time before everything", async () => {
      const a = await loadFixture(founded);
      expect(await termsAt(a, LTU, 0n)).to.deep.equal(NO_TERMS);
      for (const at of [0n, EXPOSURE_LIFE - 1n, EXPOSURE_LIFE, EXPOSURE_LIFE + 1n]) {
        expect(await exposureAt(a, LTU, CHN, at)).to.deep.equal(NO_EXPOSURE);
      }
    });

    it("stay as they are for a member that is suspended and reinstated", async () => {
      const a = await loadFixture(founded);
      const at = a.genesis + YEAR;
      const before = [await termsAt(a, LTU, at), await exposureAt(a, LTU, CHN, at)];
      expect(before[1]![0]).to.equal(200n * MILLION);
      await decreed(a, (r) => r.suspend(LTU));
      expect([await termsAt(a, LTU, at), await exposureAt(a, LTU, CHN, at)]).to.deep.equal(before);
      await decreed(a, (r) => r.reinstate(LTU));
      expect([await termsAt(a, LTU, at), await exposureAt(a, LTU, CHN, at)]).to.deep.equal(before);
    });

    describe("given the member left or was expelled", () => {
      it("end, those that were pending too", async () => {
        const a = await loadFixture(founded);
        await setTerms(a, [LTU], terms);
        await setExposure(a, LTU, RUS, exposure);
        await decreed(a, (r) => r.expel(LTU));
        for (const at of [a.genesis, a.genesis + YEAR, a.genesis + 2n * YEAR]) {
          expect(await termsAt(a, LTU, at)).to.deep.equal(NO_TERMS);
          for (const coercer of [CHN, RUS]) expect(await exposureAt(a, LTU, coercer, at)).to.deep.equal(NO_EXPOSURE);
        }
        // Nobody else's end with them.
        expect((await termsAt(a, EST, a.genesis + YEAR))[0]).to.equal(800_000);
      });

      it("do not come back with the member: only what is set afterwards counts", async () => {
        const a = await loadFixture(founded);
        await setTerms(a, [LTU], terms);
        await setExposure(a, LTU, RUS, exposure);
        await decreed(a, (r) => r.expel(LTU));
        await a.time.increase(DAY);
        await join(a, a.member("LTU"));
        for (const at of [a.genesis + YEAR, a.genesis + 2n * YEAR]) {
          expect(await termsAt(a, LTU, at)).to.deep.equal(NO_TERMS);
          for (const coercer of [CHN, RUS]) expect(await exposureAt(a, LTU, coercer, at)).to.deep.equal(NO_EXPOSURE);
        }

        const setAt = BigInt(await a.time.latest()) + DAY;
        const anew = { ...terms, ceding: 123_456 };
        await setTerms(a, [LTU], anew, setAt);
        await setExposure(a, LTU, RUS, exposure, setAt + 1n);
        expect(await termsAt(a, LTU, setAt + TERMS_DELAY - 1n)).to.deep.equal(NO_TERMS);
        expect(await termsAt(a, LTU, setAt + TERMS_DELAY)).to.deep.equal(listOf(anew));
        expect(await exposureAt(a, LTU, RUS, setAt + EXPOSURE_DELAY)).to.deep.equal(NO_EXPOSURE);
        expect(await exposureAt(a, LTU, RUS, setAt + 1n + EXPOSURE_DELAY)).to.deep.equal(listOf(exposure));
        expect(await exposureAt(a, LTU, CHN, setAt + YEAR)).to.deep.equal(NO_EXPOSURE);
      });

      it("do not count if they were set in the second before its return", async () => {
        const a = await loadFixture(founded);
        const { provider } = a.ethers;
        await provider.send("evm_setAutomine", [false]);
        await setTerms(a, [LTU], terms);
        await setExposure(a, LTU, RUS, exposure);
        await decreed(a, (r) => r.expel(LTU));
        await connection.networkHelpers.mine(1);
        const setAt = BigInt(await a.time.latest());
        await join(a, a.member("LTU"));
        await a.time.setNextBlockTimestamp(setAt + 1n);
        await connection.networkHelpers.mine(1);
        await provider.send("evm_setAutomine", [true]);
        expect((await a.registry.member(LTU)).admittedAt).to.equal(setAt + 1n);
        for (const later of [0n, 1n, DAY]) {
          expect(await termsAt(a, LTU, setAt + TERMS_DELAY + later)).to.deep.equal(NO_TERMS);
          expect(await exposureAt(a, LTU, RUS, setAt + EXPOSURE_DELAY + later)).to.deep.equal(NO_EXPOSURE);
        }
      });

      it("count from the very second of its return", async () => {
        const a = await loadFixture(founded);
        await decreed(a, (r) => r.expel(LTU));
        await a.time.increase(DAY);
        const { provider } = a.ethers;
        await provider.send("evm_setAutomine", [false]);
        await join(a, a.member("LTU"));
        await setTerms(a, [LTU], terms);
        await setExposure(a, LTU, RUS, exposure);
        await connection.networkHelpers.mine(1);
        await provider.send("evm_setAutomine", [true]);
        const { admittedAt } = await a.registry.member(LTU);
        expect(admittedAt).to.equal(await a.time.latest());
        expect(await termsAt(a, LTU, admittedAt + TERMS_DELAY)).to.deep.equal(listOf(terms));
        expect(await exposureAt(a, LTU, RUS, admittedAt + EXPOSURE_DELAY)).to.deep.equal(listOf(exposure));
      });
    });
  });
});
