import { expect } from "chai";
import { network } from "hardhat";

import { seeded } from "../../scripts/lib/random.ts";
import { distance } from "../support/reference-fund.ts";
import { netLoss, payable } from "../support/reference-indemnity.ts";
import { ReferencePool } from "../support/reference-pro-rata.ts";
import type { Movement } from "../support/reference-pro-rata.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const RUNS = 5_000;
const PPM = 1_000_000n;
const DAY = 86_400n;
const MOST = 2n ** 256n - 1n;
const CREDITORS = 4;

const ceil = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const beyond = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n);

/** Numbers of any length, the extremes among them, the same at every run. */
class Source {
  readonly dice: ReturnType<typeof seeded>;

  constructor(seed: number) {
    this.dice = seeded(seed);
  }

  /** Any number from 0 to `most`: nothing, one, the most and one less each in one of ten cases. */
  upTo(most: bigint): bigint {
    const extremes = [0n, least(1n, most), most, beyond(most, 1n)];
    const choice = this.dice.below(10);
    if (choice < extremes.length) return extremes[choice]!;
    const bits = 1 + this.dice.below(most.toString(2).length);
    let drawn = 0n;
    for (let i = 0; i < bits; i += 32) drawn = (drawn << 32n) | BigInt(this.dice.below(2 ** 32));
    return (drawn & ((1n << BigInt(bits)) - 1n)) % (most + 1n);
  }

  ofBits(bits: number): bigint {
    return this.upTo(2n ** BigInt(bits) - 1n);
  }

  from(lowest: bigint, most: bigint): bigint {
    return lowest + this.upTo(most - lowest);
  }
}

/** Hands the inputs over in parts, since a call may use only so much gas. */
async function inParts<I, O>(inputs: I[], size: number, ask: (part: I[]) => Promise<O[]>): Promise<O[]> {
  const results: O[] = [];
  for (let i = 0; i < inputs.length; i += size) results.push(...(await ask(inputs.slice(i, i + size))));
  expect(results).to.have.lengthOf(inputs.length);
  return results;
}

/** That every result is as expected; the first that is not is shown with its input. */
function expectSame<I>(inputs: I[], results: unknown[][], expected: (input: I) => unknown[]): void {
  inputs.forEach((input, i) => {
    const shown = JSON.stringify(input, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
    expect([...results[i]!], `input ${i}: ${shown}`).to.deep.equal(expected(input));
  });
}

const make = <T>(seed: number, one: (source: Source) => T): T[] => {
  const source = new Source(seed);
  return Array.from({ length: RUNS }, () => one(source));
};

describe("The libraries", function () {
  this.timeout(600_000);

  const exposed = () => connection.ethers.deployContract("ExposedLibraries");

  describe(`given ${RUNS} inputs to each, extremes among them, and the same in big integers`, () => {
    it("ContributionMath weighs, rounds, calls and counts periods", async () => {
      const libraries = await loadFixture(exposed);
      const inputs = make(1, (s) => {
        const weights = s.from(1n, PPM);
        const [capacity, dependence, loading] = [s.upTo(2n ** 80n), s.upTo(2n ** 80n), s.upTo(2n ** 80n)];
        const scaled = s.dice.below(2) === 0;
        return {
          capacity: scaled ? capacity % (PPM + 1n) : capacity,
          dependence: scaled ? dependence % (PPM + 1n) : dependence,
          loading: scaled ? loading % (PPM + 1n) : loading,
          millionths: s.ofBits(256),
          amount: s.upTo((MOST * weights) / PPM),
          weights,
          genesis: s.ofBits(48),
          timestamp: s.dice.below(2) === 0 ? s.ofBits(256) : s.ofBits(49),
        };
      });
      const results = await inParts(inputs, 500, (part) => libraries.assessments(part));
      expectSame(inputs, results, (a) => {
        const weight = (a.capacity * (PPM + (a.loading * a.dependence) / PPM)) / PPM;
        const missedFrom = a.genesis + 30n * DAY;
        return [
          weight < 10n ? 10n : least(weight, 220_000n),
          ceil(a.millionths, PPM),
          ceil(a.amount * PPM, a.weights),
          ceil(beyond(a.timestamp, missedFrom), 90n * DAY),
        ];
      });
    });

    it("ContributionMath charges who leaves", async () => {
      const libraries = await loadFixture(exposed);
      const inputs = make(2, (s) => {
        const allWeights = s.from(1n, PPM);
        const owed = s.ofBits(256);
        return {
          memberWeight: s.upTo(allWeights),
          allWeights,
          owed,
          committed: s.upTo(MOST - owed),
          reserve: s.ofBits(256),
        };
      });
      const results = await inParts(inputs, 500, (part) => libraries.exitCharges(part));
      expectSame(
        inputs,
        results.map((one) => [one]),
        (e) => [ceil(e.memberWeight * beyond(e.owed + e.committed, e.reserve), e.allWeights)],
      );
    });

    it("IndemnityMath pays between attachment and exhaustion", async () => {
      const libraries = await loadFixture(exposed);
      const inputs = make(3, (s) => {
        const exhaustion = s.upTo(PPM);
        const baseline = s.ofBits(128);
        return {
          cover: { baseline, ceding: s.upTo(PPM), attachment: s.upTo(exhaustion), exhaustion },
          reported: s.ofBits(256),
          bought: s.ofBits(s.dice.below(2) === 0 ? 256 : 128),
          elapsed: s.ofBits(s.dice.below(2) === 0 ? 128 : 26),
          loss: s.dice.below(2) === 0 ? s.ofBits(256) : s.upTo(baseline),
        };
      });
      const results = await inParts(inputs, 500, (part) => libraries.losses(part));
      expectSame(inputs, results, ({ cover, reported, bought, elapsed, loss }) => {
        const begins = ceil(cover.attachment * cover.baseline, PPM);
        const ends = (cover.exhaustion * cover.baseline) / PPM;
        const pays = (amount: bigint) => (cover.ceding * beyond(least(amount, ends), begins)) / PPM;
        return [begins, ends, netLoss(cover, reported, bought, elapsed), pays(loss), pays(ends)];
      });
      // The formula rounded once instead of three times.
      inputs.forEach(({ cover, loss }, i) => {
        const short = payable(cover, loss) - results[i]![3];
        expect(short >= 0n && short <= 2n, `input ${i}: ${short} units less than by the formula`).to.equal(true);
      });
    });

    it("SeatBitmap holds, adds, removes and counts seats", async () => {
      const libraries = await loadFixture(exposed);
      const inputs = make(4, (s) => ({
        seats: s.ofBits(208),
        // Often about the last that there is.
        seat: s.dice.below(4) === 0 ? s.from(206n, 208n) : s.ofBits(8),
      }));
      const results = await inParts(inputs, 500, (part) => libraries.sets(part));
      expectSame(inputs, results, ({ seats, seat }) => {
        const list = new Set(
          Array.from(seats.toString(2))
            .reverse()
            .flatMap((bit, i) => (bit === "1" ? [BigInt(i)] : [])),
        );
        const sum = (set: Set<bigint>) => [...set].reduce((total, one) => total + 2n ** one, 0n);
        const [more, fewer] = [new Set(list), new Set(list)];
        if (seat < 208n) more.add(seat);
        fewer.delete(seat);
        return [list.has(seat) ? 1n : 0n, sum(more), sum(fewer), BigInt(list.size)];
      });
    });

    it("CountryCode knows three capital letters", async () => {
      const libraries = await loadFixture(exposed);
      const inputs = make(5, (s) => {
        const letter = () => (s.dice.below(4) === 0 ? s.ofBits(8) : s.from(63n, 92n)).toString(16).padStart(2, "0");
        return `0x${letter()}${letter()}${letter()}`;
      });
      const results = await inParts(inputs, 500, (part) => libraries.areValid(part));
      const expected = (code: string) => /^[A-Z]{3}$/.test(Buffer.from(code.slice(2), "hex").toString("latin1"));
      expectSame(
        inputs,
        results.map((one) => [one]),
        (code) => [expected(code)],
      );
      expect(new Set(results).size, "codes of both kinds").to.equal(2);
    });

    const stepsOf = (seed: number) =>
      make(seed, (s) => {
        const series: { from: bigint; value: bigint; before: bigint }[] = [];
        let from = 0n;
        for (let i = s.dice.below(10); i > 0; --i) {
          from = least(from + (s.dice.below(2) === 0 ? s.upTo(3n) : s.ofBits(32)), 2n ** 32n - 1n);
          series.push({ from, value: s.ofBits(96), before: s.ofBits(128) });
        }
        const near = series.flatMap((step) => [beyond(step.from, 1n), step.from, step.from + 1n]);
        return { series, positions: [...near, s.ofBits(256), s.ofBits(32)] };
      });
    const written = ({ from, value, before }: { from: bigint; value: bigint; before: bigint }) =>
      `${from} ${value} ${before}`;

    it("StepFunction finds the step that holds", async () => {
      const libraries = await loadFixture(exposed);
      const inputs = stepsOf(6);
      const ask = async (part: typeof inputs) =>
        await libraries.stepsAt.staticCall(
          part.map(({ series }) => series),
          part.map(({ positions }) => positions),
        );
      const results = await inParts(inputs, 25, ask);
      expectSame(
        inputs,
        results.map((steps) => steps.map(written)),
        ({ series, positions }) =>
          positions.map((position) => {
            // Of several at one position the last holds.
            const held = series.findLast(({ from }) => from <= position);
            return written(held ?? { from: 0n, value: 0n, before: 0n });
          }),
      );
    });

    it("StepFunction keeps one step a position, and takes the last away", async () => {
      const libraries = await loadFixture(exposed);
      const inputs = stepsOf(8);
      const ask = async (part: typeof inputs) => await libraries.stepsKept.staticCall(part.map(({ series }) => series));
      const results = await inParts(inputs, 25, ask);
      expectSame(
        inputs,
        results.map((steps) => steps.map(written)),
        ({ series }) =>
          series
            .filter(({ from }, i) => series[i + 1]?.from !== from)
            .reverse()
            .map(written),
      );
    });

    it("ProRata divides money by what each is owed then, within a unit an obligation", async () => {
      const libraries = await loadFixture(exposed);
      const inputs = make(7, (s) => {
        const bits = s.dice.pick([4, 12, 40, 76]);
        const reference = new ReferencePool(CREDITORS);
        return Array.from({ length: 4 + s.dice.below(8) }, () => {
          const { outstanding } = reference;
          const nearly = outstanding - outstanding / (1_000n + s.upTo(1_000n));
          const arrives = outstanding > 0n && s.dice.below(2) === 0;
          const arriving = s.dice.pick([s.upTo(outstanding), nearly, outstanding + s.upTo(9n)]);
          const amount = arrives ? arriving : 1n + s.ofBits(bits);
          const movement: Movement = { arrives, creditor: s.dice.below(CREDITORS), amount };
          reference.move(movement);
          return movement;
        });
      });
      const results = await inParts(inputs, 20, (part) => libraries.proRata.staticCall(part));
      let split = 0;
      inputs.forEach((movements, i) => {
        const reference = new ReferencePool(CREDITORS);
        for (const movement of movements) reference.move(movement);
        const result = results[i]!;
        const told = movements.map((m) => `${m.arrives ? "arrives" : `owed to ${m.creditor}`}: ${m.amount}`);
        const shown = `input ${i}: ${told.join(", ")}`;
        expect(result[2 * CREDITORS], shown).to.equal(reference.outstanding);
        expect(result[2 * CREDITORS + 1], shown).to.equal(reference.completed);
        for (let creditor = 0; creditor < CREDITORS; ++creditor) {
          const far = [
            distance(result[2 * creditor]!, reference.owedTo(creditor)),
            distance(result[2 * creditor + 1]!, reference.received[creditor]!),
          ];
          const allowed = reference.obligations + 1n;
          expect(
            far.every((units) => units <= allowed),
            `${shown}: creditor ${creditor} off by ${far.join(" and ")}`,
          ).to.equal(true);
        }
        if (reference.openEpochs > 1) ++split;
      });
      expect(split, "pools with two open epochs").to.be.greaterThan(RUNS / 100);
    });
  });

  it("append no step that lies before the last", async () => {
    const libraries = await loadFixture(exposed);
    const step = (from: bigint) => ({ from, value: 1n, before: 0n });
    for (const from of [0n, 4n]) {
      await expect(libraries.stepsKept([[step(2n), step(5n), step(from)]]))
        .to.be.revertedWithCustomError(libraries, "StepOutOfOrder")
        .withArgs(from, 5n);
    }
  });
});
