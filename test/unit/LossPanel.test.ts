import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import { MILLION, UNIT, asTimelock, code, fileAttack, hash } from "../support/alliance.ts";
import type { AllianceOptions } from "../support/alliance.ts";
import {
  MOST_LOSS,
  ROUND,
  WINDOW,
  books,
  coveredAlliance,
  coverOf,
  recognisedCase,
  reportLosses,
} from "../support/attacks.ts";
import { at, moveTo, now } from "../support/chain.ts";
import { netLoss, payable } from "../support/reference-indemnity.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const COVER = coverOf(200n * MILLION);
const ADVANCE = 8_800_000n * UNIT;

async function attacked(options: AllianceOptions = {}) {
  const a = await recognisedCase(connection, options);
  const { endsAt, windowEnd } = await a.register.round(a.attackId, 4);
  /** Assessor `i` reports on the fourth round. */
  const report = (i: number, loss: bigint, number = 4) =>
    a.panel.connect(a.assessors[i]).report(a.attackId, number, loss, hash(`report of ${i}`));
  const name = (places: { account: string; member: string }[]) =>
    asTimelock(a, (t) => a.panel.connect(t).setAssessors(places));
  return { ...a, endsAt, windowEnd, report, name };
}

/** Five assessors of LTU, EST, LVA, POL and CZE: four may report on the attack on LTU. */
const five = () => attacked();
/** Fifteen: two of LTU, as of every other member but the last; thirteen may report. */
const fifteen = () => attacked({ assessors: 15 });

async function covered() {
  return coveredAlliance(connection);
}

describe("LossPanel", () => {
  describe("setAssessors", () => {
    it("names them in order, and anew", async () => {
      const a = await loadFixture(covered);
      const [first, second] = [
        { account: a.stranger.address, member: code("LTU") },
        { account: a.relayer.address, member: code("TWN") },
      ];
      // The founders named the first panel.
      await expect(asTimelock(a, (t) => a.panel.connect(t).setAssessors([first, second])))
        .to.emit(a.panel, "AssessorsSet")
        .withArgs(2n, [Object.values(first), Object.values(second)]);
      const set = await now(a);
      expect((await a.panel.assessorsAt(set)).length).to.equal(5);
      expect((await a.panel.assessorsAt(set + 1n)).map(({ account }) => account)).to.deep.equal([
        first.account,
        second.account,
      ]);
      await asTimelock(a, (t) => a.panel.connect(t).setAssessors([]));
      expect((await a.panel.assessorsAt((await now(a)) + 1n)).length).to.equal(0);
      expect((await a.panel.assessorsAt(0n)).length).to.equal(0);
    });

    it("takes fifteen, and refuses sixteen", async () => {
      const a = await loadFixture(covered);
      const list = Array.from({ length: 16 }, (_, i) => ({ account: a.spare(i).address, member: code("LTU") }));
      await asTimelock(a, async (t) => {
        await expect(a.panel.connect(t).setAssessors(list))
          .to.be.revertedWithCustomError(a.panel, "PanelTooManyAssessors")
          .withArgs(16n, 15n);
        await a.panel.connect(t).setAssessors(list.slice(1));
      });
      expect((await a.panel.assessorsAt((await now(a)) + 1n)).length).to.equal(15);
    });

    it("refuses the zero address, one that no member named, and the same twice", async () => {
      const a = await loadFixture(covered);
      const zero = `0x${"00".repeat(20)}`;
      const good = { account: a.stranger.address, member: code("LTU") };
      await asTimelock(a, (t) => a.registry.connect(t).expel(code("EST")));
      await asTimelock(a, async (t) => {
        for (const [account, member] of [
          [zero, code("LTU")],
          [a.relayer.address, code("USA")],
          [a.relayer.address, code("EST")],
        ] as const) {
          await expect(a.panel.connect(t).setAssessors([good, { account, member }]))
            .to.be.revertedWithCustomError(a.panel, "PanelInvalidAssessor")
            .withArgs(account, member);
        }
        await expect(a.panel.connect(t).setAssessors([good, { ...good, member: code("LVA") }]))
          .to.be.revertedWithCustomError(a.panel, "PanelDuplicateAssessor")
          .withArgs(good.account);
      });
    });

    it("refuses all but the council", async () => {
      const a = await loadFixture(covered);
      await expect(a.panel.connect(a.stranger).setAssessors([]))
        .to.be.revertedWithCustomError(a.panel, "AccessControlUnauthorizedAccount")
        .withArgs(a.stranger.address, ZeroHash);
    });

    describe("given a round that ends", () => {
      const replacement = (a: Awaited<ReturnType<typeof five>>) =>
        [0, 1, 2].map((i) => ({ account: a.spare(i).address, member: code("NOR") }));

      for (const [name, offset, counts] of [
        ["a second before the change: the old panel", 1n, false],
        ["in the second of the change: the old panel", 0n, false],
        ["a second after the change: the new one", -1n, true],
      ] as const) {
        it(`${name} reports on it`, async () => {
          const a = await loadFixture(five);
          await moveTo(a, a.endsAt - 10n);
          await at(a, a.endsAt + offset);
          await a.name(replacement(a));
          await moveTo(a, a.endsAt + 5n);
          const [allowed, refused] = counts ? [a.spare(0), a.assessors[1]!] : [a.assessors[1]!, a.spare(0)];
          await expect(a.panel.connect(refused).report(a.attackId, 4, 1n, hash("report")))
            .to.be.revertedWithCustomError(a.panel, "PanelNotAssessor")
            .withArgs(refused.address);
          await a.panel.connect(allowed).report(a.attackId, 4, 1n, hash("report"));
          expect((await a.panel.verdict(a.attackId, 4)).reports).to.equal(1n);
        });
      }
    });
  });

  describe("report", () => {
    it("records a report and, with the last, settles and pays", async () => {
      const a = await loadFixture(five);
      await moveTo(a, a.endsAt);
      await expect(a.report(1, 60n * MILLION))
        .to.emit(a.panel, "Reported")
        .withArgs(a.attackId, 4n, a.assessors[1]!.address, 60n * MILLION, hash("report of 1"));
      expect(await a.panel.reportOf(a.attackId, 4, a.assessors[1]!.address)).to.deep.equal([true, 60n * MILLION]);
      expect(await a.panel.reportOf(a.attackId, 4, a.assessors[2]!.address)).to.deep.equal([false, 0n]);
      await a.report(2, 60n * MILLION);
      await a.report(3, 60n * MILLION);
      expect(await a.panel.verdict(a.attackId, 4)).to.deep.equal([false, 60n * MILLION, 3n, 4n]);
      const before = await a.token.balanceOf(a.ltu.treasury.address);
      const sent = await a.report(4, 60n * MILLION);
      await expect(sent)
        .to.emit(a.panel, "Settled")
        .withArgs(a.attackId, 4n, 60n * MILLION, 4n, 4n);
      const due = payable(COVER, 60n * MILLION);
      await expect(sent)
        .to.emit(a.register, "RoundSettled")
        .withArgs(a.attackId, 4n, 60n * MILLION, 60n * MILLION, due, due - ADVANCE);
      expect((await a.token.balanceOf(a.ltu.treasury.address)) - before).to.equal(due - ADVANCE);
    });

    it("accepts from the end of the round for ten days: at both ends, and not a second beyond", async () => {
      const a = await loadFixture(five);
      expect([a.endsAt, a.windowEnd]).to.deep.equal([a.startedAt + 4n * ROUND, a.startedAt + 4n * ROUND + WINDOW]);
      const outside = (sent: Promise<unknown>) =>
        expect(sent).to.be.revertedWithCustomError(a.panel, "PanelOutsideWindow").withArgs(a.endsAt, a.windowEnd);
      await moveTo(a, a.endsAt - 10n);
      await at(a, a.endsAt - 1n);
      await outside(a.report(1, 60n * MILLION));
      await at(a, a.endsAt);
      await a.report(1, 60n * MILLION);
      await moveTo(a, a.windowEnd - 10n);
      await at(a, a.windowEnd);
      await a.report(2, 60n * MILLION);
      await at(a, a.windowEnd + 1n);
      await outside(a.report(3, 60n * MILLION));
    });

    it("refuses who is no assessor, a second report, and one without evidence or of a loss that no slot holds", async () => {
      const a = await loadFixture(five);
      await moveTo(a, a.endsAt);
      for (const sender of [a.stranger, a.ltu.delegate]) {
        await expect(a.panel.connect(sender).report(a.attackId, 4, 1n, hash("report")))
          .to.be.revertedWithCustomError(a.panel, "PanelNotAssessor")
          .withArgs(sender.address);
      }
      await expect(a.panel.connect(a.assessors[1]).report(a.attackId, 4, 1n, ZeroHash)).to.be.revertedWithCustomError(
        a.panel,
        "PanelNoEvidence",
      );
      await expect(a.report(1, MOST_LOSS + 1n))
        .to.be.revertedWithCustomError(a.panel, "PanelLossTooHigh")
        .withArgs(MOST_LOSS + 1n, MOST_LOSS);
      // A loss of nothing is a report as well.
      await a.report(1, 0n);
      await expect(a.report(1, 60n * MILLION))
        .to.be.revertedWithCustomError(a.panel, "PanelAlreadyReported")
        .withArgs(a.assessors[1]!.address, a.attackId, 4n);
      expect(await a.panel.reportOf(a.attackId, 4, a.assessors[1]!.address)).to.deep.equal([true, 0n]);
      expect((await a.panel.verdict(a.attackId, 4)).reports).to.equal(1n);
    });

    it("refuses a round that is settled, superseded, beyond the last, or of a case that is not recognised", async () => {
      const a = await loadFixture(five);
      const undecided = await fileAttack(a, a.member("NOR"));
      await reportLosses(a, a.attackId, 4, 60n * MILLION);
      for (const number of [0n, 3n, 4n, 13n]) {
        await expect(a.panel.connect(a.assessors[1]).report(a.attackId, number, 1n, hash("report")))
          .to.be.revertedWithCustomError(a.panel, "PanelRoundNotOpen")
          .withArgs(a.attackId, number);
      }
      for (const id of [undecided.attackId, 99n]) {
        await expect(a.panel.connect(a.assessors[1]).report(id, 1n, 1n, hash("report")))
          .to.be.revertedWithCustomError(a.panel, "PanelRoundNotOpen")
          .withArgs(id, 1n);
      }
    });

    describe("given a conflict of interest", () => {
      const conflicted = async (a: Awaited<ReturnType<typeof five>>, i: number, member: string) =>
        expect(a.report(i, 60n * MILLION))
          .to.be.revertedWithCustomError(a.panel, "PanelConflicted")
          .withArgs(a.assessors[i]!.address, code(member));

      it("refuses the attacked member's own assessor", async () => {
        const a = await loadFixture(five);
        await moveTo(a, a.endsAt);
        await conflicted(a, 0, "LTU");
      });

      it("refuses one whose member has an open case by the same coercer, undecided already, until it is closed", async () => {
        const a = await loadFixture(five);
        const est = a.member("EST");
        await moveTo(a, a.endsAt);
        const { attackId } = await fileAttack(a, est);
        await conflicted(a, 1, "EST");
        expect((await a.panel.verdict(a.attackId, 4)).eligible).to.equal(3n);
        await a.register.connect(est.delegate).revoke(attackId);
        await a.report(1, 60n * MILLION);
        expect((await a.panel.verdict(a.attackId, 4)).eligible).to.equal(4n);
      });

      it("does not mind a case by another coercer", async () => {
        const a = await loadFixture(five);
        await moveTo(a, a.endsAt);
        await fileAttack(a, a.member("EST"), { coercer: "RUS" });
        await a.report(1, 60n * MILLION);
        expect((await a.panel.verdict(a.attackId, 4)).eligible).to.equal(4n);
      });

      it("keeps a report made before the conflict arose", async () => {
        const a = await loadFixture(five);
        await moveTo(a, a.endsAt);
        await a.report(1, 10n * MILLION);
        await fileAttack(a, a.member("EST"));
        expect(await a.panel.verdict(a.attackId, 4)).to.deep.equal([false, 0n, 1n, 4n]);
        await a.report(2, 20n * MILLION);
        await a.report(3, 30n * MILLION);
        await expect(a.report(4, 40n * MILLION))
          .to.emit(a.panel, "Settled")
          .withArgs(a.attackId, 4n, 20n * MILLION, 4n, 4n);
      });

      it("lets anyone settle at once when all who still may have reported", async () => {
        const a = await loadFixture(five);
        await moveTo(a, a.endsAt);
        for (const i of [1, 2, 3]) await a.report(i, 60n * MILLION);
        await fileAttack(a, a.member("CZE"));
        await expect(a.panel.connect(a.stranger).settle(a.attackId, 4))
          .to.emit(a.panel, "Settled")
          .withArgs(a.attackId, 4n, 60n * MILLION, 3n, 3n);
      });

      it("never settles on fewer than three, however few are eligible", async () => {
        const a = await loadFixture(five);
        await moveTo(a, a.endsAt);
        for (const name of ["EST", "LVA"]) await fileAttack(a, a.member(name));
        await a.report(3, 60n * MILLION);
        await a.report(4, 60n * MILLION);
        await moveTo(a, a.windowEnd + 1n);
        await expect(a.panel.settle(a.attackId, 4))
          .to.be.revertedWithCustomError(a.panel, "PanelNotReady")
          .withArgs(a.attackId, 4n, 2n, 3n);
      });
    });
  });

  describe("settle", () => {
    it("waits for the window to be over, then serves anyone", async () => {
      const a = await loadFixture(five);
      await moveTo(a, a.endsAt);
      for (const i of [1, 2, 3]) await a.report(i, 60n * MILLION);
      await moveTo(a, a.windowEnd - 10n);
      await at(a, a.windowEnd);
      await expect(a.panel.connect(a.stranger).settle(a.attackId, 4))
        .to.be.revertedWithCustomError(a.panel, "PanelNotReady")
        .withArgs(a.attackId, 4n, 3n, 3n);
      await at(a, a.windowEnd + 1n);
      await expect(a.panel.connect(a.stranger).settle(a.attackId, 4))
        .to.emit(a.panel, "Settled")
        .withArgs(a.attackId, 4n, 60n * MILLION, 3n, 4n);
      expect((await books(a, a.attackId)).awarded).to.equal(payable(COVER, 60n * MILLION));
    });

    it("needs half of those eligible, rounded up", async () => {
      const a = await loadFixture(fifteen);
      // Two of fifteen are Lithuania's: seven of thirteen are needed.
      expect((await a.panel.verdict(a.attackId, 4)).eligible).to.equal(13n);
      await reportLosses(
        a,
        a.attackId,
        4,
        Array.from({ length: 6 }, () => 60n * MILLION),
      );
      await moveTo(a, a.windowEnd - 2n);
      const snapshot = await connection.networkHelpers.takeSnapshot();
      await moveTo(a, a.windowEnd + 1n);
      await expect(a.panel.settle(a.attackId, 4))
        .to.be.revertedWithCustomError(a.panel, "PanelNotReady")
        .withArgs(a.attackId, 4n, 6n, 7n);
      await snapshot.restore();
      await a.report(14, 60n * MILLION);
      await moveTo(a, a.windowEnd + 1n);
      await expect(a.panel.settle(a.attackId, 4))
        .to.emit(a.panel, "Settled")
        .withArgs(a.attackId, 4n, 60n * MILLION, 7n, 13n);
    });

    it("settles no round late once a later one is", async () => {
      const a = await loadFixture(five);
      await moveTo(a, a.endsAt);
      for (const i of [1, 2, 3]) await a.report(i, 60n * MILLION);
      await reportLosses(a, a.attackId, 5, 50n * MILLION);
      await expect(a.panel.settle(a.attackId, 4))
        .to.be.revertedWithCustomError(a.panel, "PanelRoundNotOpen")
        .withArgs(a.attackId, 4n);
      expect((await books(a, a.attackId)).awarded).to.equal(payable(COVER, 50n * MILLION));
    });

    it("settles late while no later one is, whatever was reported on that", async () => {
      const a = await loadFixture(five);
      await moveTo(a, a.endsAt);
      for (const i of [1, 2, 3]) await a.report(i, 60n * MILLION);
      await moveTo(a, a.endsAt + ROUND);
      for (const i of [1, 2, 3]) await a.report(i, 70n * MILLION, 5);
      await a.panel.connect(a.stranger).settle(a.attackId, 4);
      expect((await books(a, a.attackId)).lastSettled).to.equal(4n);
      await a.report(4, 70n * MILLION, 5);
      expect((await books(a, a.attackId)).awarded).to.equal(payable(COVER, 70n * MILLION));
    });

    it("refuses a round that is not open", async () => {
      const a = await loadFixture(five);
      for (const number of [0n, 13n]) {
        await expect(a.panel.settle(a.attackId, number))
          .to.be.revertedWithCustomError(a.panel, "PanelRoundNotOpen")
          .withArgs(a.attackId, number);
      }
    });
  });

  describe("verdict", () => {
    const most = (1n << 120n) - 1n;
    for (const [name, losses, median] of [
      ["the middle of three", [50n, 60n, 40n], 50n],
      ["the lower median of four", [60n, 40n, 50n, 55n], 50n],
      ["the lower median of four in falling order", [70n, 60n, 50n, 40n], 50n],
      ["what two agree on", [0n, 60n, 60n, most], 60n],
      ["the lower of two halves that disagree", [0n, 0n, most, most], 0n],
      ["equal reports", [60n, 60n, 60n], 60n],
      ["the middle whatever one extreme says", [most, 41n, 40n], 41n],
    ] as const) {
      it(`gives ${name}`, async () => {
        const a = await loadFixture(five);
        await reportLosses(a, a.attackId, 4, [...losses]);
        expect((await a.panel.verdict(a.attackId, 4)).loss).to.equal(median);
      });
    }

    it("gives the median of thirteen, two of them extreme", async () => {
      const a = await loadFixture(fifteen);
      const losses = [most, 13n, 9n, 0n, 12n, 8n, 11n, 10n, 7n, 6n, 5n, 4n, 3n];
      const median = [...losses].sort((x, y) => (x < y ? -1 : 1))[6]!;
      await expect(await reportLosses(a, a.attackId, 4, losses))
        .to.emit(a.panel, "Settled")
        .withArgs(a.attackId, 4n, median, 13n, 13n);
    });

    it("bounds what a majority of extreme reports brings", async () => {
      const a = await loadFixture(five);
      await reportLosses(a, a.attackId, 4, most);
      const { loss, awarded } = await a.register.attack(a.attackId);
      expect(loss).to.equal(netLoss(COVER, most, 0n, 4n * ROUND));
      expect(awarded).to.equal(payable(COVER, loss));
    });

    it("gives nothing for silent assessors and for an attack that is unknown", async () => {
      const a = await loadFixture(five);
      await moveTo(a, a.windowEnd + 1n);
      expect(await a.panel.verdict(a.attackId, 4)).to.deep.equal([false, 0n, 0n, 4n]);
      expect(await a.panel.verdict(99n, 1)).to.deep.equal([false, 0n, 0n, 0n]);
      await expect(a.panel.settle(a.attackId, 4))
        .to.be.revertedWithCustomError(a.panel, "PanelNotReady")
        .withArgs(a.attackId, 4n, 0n, 3n);
    });
  });
});
