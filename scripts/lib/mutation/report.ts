// What a run of mutations comes to.
import { basename } from "node:path";

import { count, table } from "../format.ts";
import { explains, idle } from "./explained.ts";
import type { Explanation } from "./explained.ts";
import type { Result } from "./results.ts";
import type { Numbered } from "./switches.ts";

/** Of what moves money or counts votes, at least this share has to be killed, in per cent. */
export const LEAST_SCORE = 95;
/** What does neither. */
const OTHERS = ["contracts/MeasuresRegister.sol", "contracts/libraries/CountryCode.sol"];

export interface Score {
  file: string;
  /** Whether it moves money or counts votes, or tells what is paid or who votes. */
  bound: boolean;
  mutations: number;
  killed: number;
  explained: number;
  alive: number;
  /** Killed of all that are not explained, in per cent, rounded down to a tenth. */
  score: number;
}

export interface Survivor {
  mutation: Numbered;
  why?: string;
}

export interface Verdict {
  scores: Score[];
  survivors: Survivor[];
  /** Explanations of nothing. */
  idle: string[];
}

export function verdictOn(
  chosen: readonly Numbered[],
  all: readonly Numbered[],
  results: ReadonlyMap<number, Result>,
  explanations: readonly Explanation[],
): Verdict {
  const survivors = chosen
    .filter(({ number }) => results.get(number)?.status === "survived")
    .map((mutation): Survivor => {
      const why = explanations.find((explanation) => explains(explanation, mutation))?.why;
      return { mutation, ...(why === undefined ? {} : { why }) };
    });
  const files = [...new Set(chosen.map(({ file }) => file))];
  return {
    scores: files.map((file) =>
      scoreOf(
        file,
        chosen.filter((mutation) => mutation.file === file),
        survivors.filter(({ mutation }) => mutation.file === file),
      ),
    ),
    survivors,
    idle: idle(explanations, all, new Set(survivors.map(({ mutation }) => mutation.number)), new Set(results.keys())),
  };
}

function scoreOf(file: string, mutations: readonly Numbered[], survivors: readonly Survivor[]): Score {
  const explained = survivors.filter(({ why }) => why !== undefined).length;
  const killed = mutations.length - survivors.length;
  const counted = mutations.length - explained;
  return {
    file,
    bound: !OTHERS.includes(file),
    mutations: mutations.length,
    killed,
    explained,
    alive: survivors.length - explained,
    score: counted === 0 ? 100 : Math.floor((1000 * killed) / counted) / 10,
  };
}

export function holds({ scores, idle }: Verdict): boolean {
  return idle.length === 0 && scores.every(({ bound, score }) => !bound || score >= LEAST_SCORE);
}

/** The verdict in words. */
export function statement({ scores, survivors, idle }: Verdict): string[] {
  const bound = scores.filter((score) => score.bound);
  const total = (field: "mutations" | "killed" | "explained" | "alive") =>
    bound.reduce((sum, score) => sum + score[field], 0);
  const counted = total("mutations") - total("explained");
  const share = counted === 0 ? 100 : Math.floor((1000 * total("killed")) / counted) / 10;
  const told = ({ mutation: { file, line, place, before, after } }: Survivor) =>
    `${file}:${line} ${place}: ${before} → ${after}`;
  return [
    ...table(
      ["contract", "mutations", "killed", "explained", "alive", "score"],
      scores.map(({ file, bound, mutations, killed, explained, alive, score }) => [
        basename(file, ".sol") + (bound ? "" : " (moves no money, counts no vote)"),
        ...[mutations, killed, explained, alive].map(count),
        `${score.toFixed(1)}%`,
      ]),
    ),
    ...section("Alive", survivors.filter(({ why }) => why === undefined).map(told)),
    ...section(
      "Alive, and why that is as it should be",
      survivors.filter(({ why }) => why !== undefined).map((one) => `${told(one)}\n    ${one.why ?? ""}`),
    ),
    ...section("EXPLAINED WITHOUT NEED, in test/mutation/explained.json", idle),
    `What moves money or counts votes: ${share}% of ${count(counted)} mutations killed, and at least ${LEAST_SCORE}% are asked of each contract.`,
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title} (${count(lines.length)}):`, ...lines.map((line) => `  ${line}`)];
}
