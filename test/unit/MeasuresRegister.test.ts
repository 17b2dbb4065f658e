import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import { DAY, YEAR, asTimelock, code, decide, dossierOf, foundAlliance, hash } from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { moveTo, now } from "../support/chain.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const CHN = code("CHN");
const Kind = { Tariff: 0n, ExportControl: 2n } as const;
const State = { None: 0n, Adopted: 1n, InForce: 2n, Ended: 3n, Expired: 4n } as const;
const Compliance = { NotAsked: 0n, Awaited: 1n, Implemented: 2n, Missing: 3n } as const;
const INSTRUMENT = hash("regulation");

async function founded() {
  const a = await foundAlliance(connection);
  return { ...a, est: a.member("EST") };
}

/** Measure 1: export control from in thirty days, for a year. */
async function adopted() {
  const a = await founded();
  const start = (await now(a)) + 30n * DAY;
  await adopt(a, { start, end: start + YEAR });
  return { ...a, start, end: start + YEAR };
}

interface Terms {
  target?: string;
  instrument?: string;
  uri?: string;
  start: bigint;
  end: bigint;
}

async function adopt(a: Alliance, t: Terms) {
  const { target = CHN, instrument = INSTRUMENT, uri = "ipfs://regulation", start, end } = t;
  return await asTimelock(a, (timelock) =>
    a.measures.connect(timelock).adopt(target, Kind.ExportControl, instrument, uri, start, end),
  );
}

async function endEarly(a: Alliance, measureId: bigint) {
  return await asTimelock(a, (timelock) => a.measures.connect(timelock).endEarly(measureId));
}

describe("MeasuresRegister", () => {
  describe("adopt", () => {
    it("takes a measure that an ordinary vote has decided", async () => {
      const a = await loadFixture(founded);
      const start = (await now(a)) + 30n * DAY;
      const args = [CHN, Kind.Tariff, INSTRUMENT, "ipfs://regulation", start, start + YEAR] as const;
      await decide(a, { target: a.measures, data: a.measures.interface.encodeFunctionData("adopt", [...args]) });
      const [adoption] = await a.measures.queryFilter(a.measures.filters.MeasureAdopted());
      expect([...adoption!.args]).to.deep.equal([1n, ...args]);
      expect(await a.measures.measureCount()).to.equal(1n);
      expect([...(await a.measures.measure(1n))]).to.deep.equal([CHN, Kind.Tariff, start, start + YEAR, 0n]);
    });

    it("begins with the decision if its start has passed by then", async () => {
      const a = await loadFixture(founded);
      const at = (await now(a)) + 10n;
      for (const [decided, start, begins] of [
        [at, at - 1n, at],
        [at + 1n, at + 1n, at + 1n],
        [at + 2n, at + 3n, at + 3n],
      ] as const) {
        await a.time.setNextBlockTimestamp(decided);
        await adopt(a, { start, end: at + YEAR });
        expect((await a.measures.measure(await a.measures.measureCount())).start).to.equal(begins);
      }
    });

    it("is for the council alone", async () => {
      const a = await loadFixture(founded);
      const end = (await now(a)) + YEAR;
      for (const caller of [a.deployer, a.est.delegate, a.guardian]) {
        await expect(a.measures.connect(caller).adopt(CHN, 0, INSTRUMENT, "ipfs://regulation", 0, end))
          .to.be.revertedWithCustomError(a.measures, "AccessControlUnauthorizedAccount")
          .withArgs(caller.address, ZeroHash);
      }
    });

    it("refuses a target that is a member or no code, a missing document, and times in the wrong order", async () => {
      const a = await loadFixture(founded);
      const at = await now(a);
      const times = { start: at + DAY, end: at + YEAR };
      for (const target of [a.est.code, "0x63686e", "0x000000"]) {
        await expect(adopt(a, { ...times, target }))
          .to.be.revertedWithCustomError(a.measures, "MeasureInvalidTarget")
          .withArgs(target);
      }
      for (const missing of [{ instrument: ZeroHash }, { uri: "" }]) {
        await expect(adopt(a, { ...times, ...missing })).to.be.revertedWithCustomError(a.measures, "MeasureNoDocument");
      }
      await expect(adopt(a, { start: at + DAY, end: at + DAY }))
        .to.be.revertedWithCustomError(a.measures, "MeasureBadTimes")
        .withArgs(at + DAY, at + DAY);
      await expect(adopt(a, { start: at + 2n * DAY, end: at + DAY }))
        .to.be.revertedWithCustomError(a.measures, "MeasureBadTimes")
        .withArgs(at + 2n * DAY, at + DAY);
      await adopt(a, { uri: "/", start: at + DAY, end: at + DAY + 1n });
    });
  });

  describe("statusOf", () => {
    it("follows the times: in force from the first second to the last", async () => {
      const a = await loadFixture(adopted);
      expect(await a.measures.statusOf(2n)).to.equal(State.None);
      for (const [time, status] of [
        [a.start - 1n, State.Adopted],
        [a.start, State.InForce],
        [a.end, State.InForce],
        [a.end + 1n, State.Expired],
      ] as const) {
        await moveTo(a, time);
        expect(await a.measures.statusOf(1n)).to.equal(status);
      }
    });
  });

  describe("endEarly", () => {
    it("ends a measure now, in force or not", async () => {
      const a = await loadFixture(adopted);
      await adopt(a, { start: 0n, end: a.end });
      for (const measureId of [1n, 2n]) {
        const at = (await now(a)) + 10n;
        await a.time.setNextBlockTimestamp(at);
        await expect(endEarly(a, measureId)).to.emit(a.measures, "MeasureEnded").withArgs(measureId, at);
        expect(await a.measures.statusOf(measureId)).to.equal(State.Ended);
        expect((await a.measures.measure(measureId)).endedAt).to.equal(at);
      }
    });

    it("is for the council, and for what has not ended", async () => {
      const a = await loadFixture(adopted);
      await expect(a.measures.connect(a.est.delegate).endEarly(1n))
        .to.be.revertedWithCustomError(a.measures, "AccessControlUnauthorizedAccount")
        .withArgs(a.est.delegate.address, ZeroHash);
      await expect(endEarly(a, 2n))
        .to.be.revertedWithCustomError(a.measures, "MeasureWrongStatus")
        .withArgs(2n, State.None);
      const snapshot = await connection.networkHelpers.takeSnapshot();
      await endEarly(a, 1n);
      await expect(endEarly(a, 1n))
        .to.be.revertedWithCustomError(a.measures, "MeasureWrongStatus")
        .withArgs(1n, State.Ended);
      await snapshot.restore();
      await moveTo(a, a.end + 1n);
      await expect(endEarly(a, 1n))
        .to.be.revertedWithCustomError(a.measures, "MeasureWrongStatus")
        .withArgs(1n, State.Expired);
    });
  });

  describe("fileImplementation", () => {
    it("is filed by either account of a member; the first time counts", async () => {
      const a = await loadFixture(adopted);
      const at = (await now(a)) + 10n;
      await a.time.setNextBlockTimestamp(at);
      await expect(a.measures.connect(a.est.delegate).fileImplementation(1n, hash("act"), "ipfs://act"))
        .to.emit(a.measures, "ImplementationFiled")
        .withArgs(1n, a.est.code, hash("act"), "ipfs://act");
      await a.measures.connect(a.est.treasury).fileImplementation(1n, hash("amendment"), "ipfs://amendment");
      expect(await a.measures.implementedAt(1n, a.est.code)).to.equal(at);
    });

    it("is taken at the last second and not after, nor for a measure that was ended or never adopted", async () => {
      const a = await loadFixture(adopted);
      await adopt(a, { start: 0n, end: a.end });
      await endEarly(a, 2n);
      const measures = a.measures.connect(a.est.delegate);
      for (const [measureId, status] of [
        [2n, State.Ended],
        [3n, State.None],
      ] as const) {
        await expect(measures.fileImplementation(measureId, hash("act"), "ipfs://act"))
          .to.be.revertedWithCustomError(a.measures, "MeasureWrongStatus")
          .withArgs(measureId, status);
      }
      await moveTo(a, a.end - 1n);
      await a.time.setNextBlockTimestamp(a.end);
      await measures.fileImplementation(1n, hash("act"), "ipfs://act");
      await a.time.setNextBlockTimestamp(a.end + 1n);
      await expect(measures.fileImplementation(1n, hash("act"), "ipfs://act"))
        .to.be.revertedWithCustomError(a.measures, "MeasureWrongStatus")
        .withArgs(1n, State.Expired);
    });

    it("refuses who is no member, and a missing document", async () => {
      const a = await loadFixture(adopted);
      await expect(a.measures.connect(a.stranger).fileImplementation(1n, hash("act"), "ipfs://act"))
        .to.be.revertedWithCustomError(a.measures, "MeasureNotMember")
        .withArgs(a.stranger.address);
      for (const [document, uri] of [
        [ZeroHash, "ipfs://act"],
        [hash("act"), ""],
      ] as const) {
        await expect(
          a.measures.connect(a.est.delegate).fileImplementation(1n, document, uri),
        ).to.be.revertedWithCustomError(a.measures, "MeasureNoDocument");
      }
    });
  });

  describe("complianceOf", () => {
    it("awaits a member until the first second, misses it from then on, and sees what it files", async () => {
      const a = await loadFixture(adopted);
      const of = () => a.measures.complianceOf(1n, a.est.code);
      await moveTo(a, a.start);
      expect(await of()).to.equal(Compliance.Awaited);
      await moveTo(a, a.start + 1n);
      expect(await of()).to.equal(Compliance.Missing);
      await a.measures.connect(a.est.delegate).fileImplementation(1n, hash("act"), "ipfs://act");
      expect(await of()).to.equal(Compliance.Implemented);
      await moveTo(a, a.end + 1n);
      expect(await of()).to.equal(Compliance.Implemented);
      expect(await a.measures.complianceOf(1n, a.member("LTU").code)).to.equal(Compliance.Missing);
    });

    it("asks nobody for a measure that was ended before its start, or never adopted", async () => {
      const a = await loadFixture(adopted);
      await a.measures.connect(a.est.delegate).fileImplementation(1n, hash("act"), "ipfs://act");
      await endEarly(a, 1n);
      await moveTo(a, a.start + 1n);
      const ltu = a.member("LTU").code;
      expect(await a.measures.complianceOf(1n, ltu)).to.equal(Compliance.NotAsked);
      expect(await a.measures.complianceOf(2n, ltu)).to.equal(Compliance.NotAsked);
      expect(await a.measures.complianceOf(1n, a.est.code)).to.equal(Compliance.Implemented);
    });

    it("misses a member for a measure that was ended in its first second", async () => {
      const a = await loadFixture(adopted);
      await a.measures.connect(a.est.delegate).fileImplementation(1n, hash("act"), "/");
      await a.time.setNextBlockTimestamp(a.start);
      await endEarly(a, 1n);
      await moveTo(a, a.start + 1n);
      expect(await a.measures.complianceOf(1n, a.member("LTU").code)).to.equal(Compliance.Missing);
      expect(await a.measures.complianceOf(1n, a.est.code)).to.equal(Compliance.Implemented);
    });

    it("asks a member that joins in its last second, none that joins later or leaves, nor the target", async () => {
      const a = await loadFixture(adopted);
      await moveTo(a, a.end - 10n);
      const admit = async (name: string, index: number, at: bigint) => {
        const [treasury, delegate] = [a.spare(index), a.spare(index + 1)] as const;
        await a.registry.connect(treasury).applyFor(code(name), 1, delegate.address, dossier(name));
        const [application] = await a.registry.queryFilter(a.registry.filters.Applied(code(name)));
        await a.time.setNextBlockTimestamp(at);
        await asTimelock(a, (t) => a.registry.connect(t).admit(code(name), application!.args.applicationHash));
      };
      await admit("XKX", 0, a.end);
      await admit("FRO", 2, a.end + 5n);
      expect(await a.measures.complianceOf(1n, code("XKX"))).to.equal(Compliance.Missing);
      expect(await a.measures.complianceOf(1n, code("FRO"))).to.equal(Compliance.NotAsked);
      await asTimelock(a, (t) => a.registry.connect(t).expel(a.est.code));
      expect(await a.measures.complianceOf(1n, a.est.code)).to.equal(Compliance.NotAsked);
      expect(await a.measures.complianceOf(1n, CHN)).to.equal(Compliance.NotAsked);
    });
  });
});

function dossier(name: string) {
  return dossierOf(name) as Parameters<Alliance["registry"]["applyFor"]>[3];
}
