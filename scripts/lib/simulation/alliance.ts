import type { FoundingExposure } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import type { Dice } from "../random.ts";
import { PERIOD, YEAR, documentHash } from "../replay/ledger.ts";
import { PPM } from "../replay/weights.ts";
import type { SimulationParameters } from "./parameters.ts";

/** A State as it is founded. */
export interface Founder {
  code: string;
  name: string;
  kind: "State";
  /** In ppm. */
  weight: bigint;
  /** Yearly trade with some coercers, in base units, by their code. */
  trade: ReadonlyMap<string, bigint>;
}

/** As the ledger bounds a weight. */
const [LEAST_WEIGHT, MOST_WEIGHT] = [10n, 220_000n];
const LETTERS = 26;

/**
 * States with weights by a power law, as the scale of assessments of the UN has them about, and the trade of each with some
 * of the coercers. Codes are those that ISO 3166-1 leaves to users: nobody is meant.
 */
export function allianceOf(count: number, { CrisisInsuranceFund, Simulation }: SimulationParameters, dice: Dice) {
  const shares = Array.from({ length: count }, () => BigInt(Math.round(1e6 / (dice.next() * count + 1))));
  const total = shares.reduce((sum, share) => sum + share, 0n);
  const budget = (BigInt(CrisisInsuranceFund["firstBudget"] ?? 0) * BigInt(YEAR)) / BigInt(PERIOD);
  return shares.map((share, i): Founder => {
    const weight = clamped((share * PPM) / total - LEAST_WEIGHT);
    const contribution = (budget * weight) / PPM;
    const trade = new Map<string, bigint>();
    while (trade.size < Math.min(Simulation.exposuresEach, Simulation.coercers)) {
      const times = dice.between(100 * Simulation.leastTrade, 100 * Simulation.mostTrade);
      trade.set(coercerCode(dice.below(Simulation.coercers)), (contribution * BigInt(times)) / 100n);
    }
    return { code: code("QM", i), name: `State ${i + 1}`, kind: "State", weight, trade };
  });
}

export function coercerCode(place: number): string {
  return code("XA", place);
}

/** The registered trade of some members, as the book of cover takes it. */
export function exposuresOf(members: readonly Pick<Founder, "code" | "trade">[]): FoundingExposure[] {
  return members.flatMap(({ code, trade }) =>
    [...trade].map(([coercer, baseline]) => {
      const source = documentHash(`${code}: trade with ${coercer}`);
      return { code, coercer, baseline, dependence: 0, source };
    }),
  );
}

/** The `place`-th code from `start` and A on: QMA to QMZ, then QNA. */
function code(start: string, place: number): string {
  const letter = (from: string, ahead: number) => String.fromCharCode(from.charCodeAt(0) + ahead);
  const [first = "", second = ""] = start;
  return first + letter(second, Math.floor(place / LETTERS)) + letter("A", place % LETTERS);
}

function clamped(weight: bigint): bigint {
  if (weight < LEAST_WEIGHT) return LEAST_WEIGHT;
  return weight > MOST_WEIGHT ? MOST_WEIGHT : weight;
}
