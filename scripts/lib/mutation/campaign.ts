// Runs the tests that reach each mutation until one fails.
import { basename } from "node:path";

import { Worker, WorkerLost, shared } from "./pool.ts";
import type { Opening } from "./pool.ts";
import type { Program } from "./program.ts";
import { reaching } from "./reach.ts";
import type { Reach, Reaching } from "./reach.ts";
import type { Result, Results } from "./results.ts";
import type { Numbered } from "./switches.ts";
import type { Tried } from "./worker.ts";

/** Of the tests of other contracts, at most so many try a mutation, evenly spread. */
const MOST_FOREIGN_TESTS = 24;
/** A worker is renewed after so many mutations: what tests leave behind in it adds up. */
const LIFETIME = 400;

export interface Campaign {
  program: Program;
  reach: Reach;
  results: Results;
  files: string[];
  jobs: number;
  progress: (done: number, all: number, alive: number) => void;
  notice: (text: string) => void;
}

/** What became of each mutation, by its number. */
export async function campaign(
  chosen: readonly Numbered[],
  { program, reach, results, files, jobs, progress, notice }: Campaign,
): Promise<Map<number, Result>> {
  const found = new Map<number, Result>();
  const schedule = new Schedule(program, reach);
  const waiting = chosen.filter((mutation) => {
    const known = results.of(mutation);
    if (known !== undefined) found.set(mutation.number, known);
    return known === undefined;
  });
  const told = () => {
    progress(found.size, chosen.length, [...found.values()].filter(({ status }) => status === "survived").length);
  };
  told();
  const opening: Opening = { files, contracts: program.mutated, tagging: false };
  const ages = new Map<Worker, number>();
  await shared(waiting, jobs, opening, async (worker, mutation) => {
    const age = (ages.get(worker) ?? 0) + 1;
    // Tests are known by their numbers.
    if (worker.tests.length !== reach.tests.length) throw new Error("The tests have changed while they were running.");
    ages.set(worker, age);
    const { result, renew } = await withAnother(worker, opening, (one) => judge(one, mutation, schedule, notice));
    found.set(mutation.number, result);
    results.enter(mutation, result);
    told();
    return { renew: renew || age >= LIFETIME };
  });
  return found;
}

async function judge(
  worker: Worker,
  mutation: Numbered,
  schedule: Schedule,
  notice: Campaign["notice"],
): Promise<Judged> {
  let ran = 0;
  let renew = false;
  for (const { tests, fromTheBeginning } of schedule.roundsFor(mutation)) {
    let left = tests;
    while (left.length > 0 && !renew) {
      const tried = await worker.ask<Tried>({ order: "try", number: mutation.number, tests: left, fromTheBeginning });
      ran += tried.ran;
      renew = tried.lost;
      if (tried.killer === undefined) break;
      const killer = schedule.test(tried.killer);
      if (tried.unsound !== true) {
        schedule.killed(mutation, tried.killer);
        return { result: { status: "killed", killer, error: tried.error ?? "", ran }, renew };
      }
      notice(`${killer.file}: "${killer.title}" fails without a mutation too, and is left out: ${tried.error ?? ""}`);
      schedule.leaveOut(tried.killer);
      left = left.slice(left.indexOf(tried.killer) + 1);
    }
  }
  return { result: { status: "survived", ran }, renew };
}

interface Judged {
  result: Result;
  renew: boolean;
}

/** A process that ends may do so for its own sake; if another ends at the same mutation, that is why. */
async function withAnother(
  first: Worker,
  opening: Opening,
  judged: (worker: Worker) => Promise<Judged>,
): Promise<Judged> {
  try {
    return await judged(first);
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
  }
  const second = await Worker.open(opening);
  try {
    return { ...(await judged(second)), renew: true };
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    const killer = { file: "", title: "the process that ran the tests" };
    return { result: { status: "killed", killer, error: error.message, ran: 0 }, renew: true };
  } finally {
    second.close();
  }
}

interface Round {
  tests: number[];
  fromTheBeginning: boolean;
}

/** Which tests try a mutation, and in which order. */
class Schedule {
  readonly #program: Program;
  readonly #reach: Reach;
  readonly #leftOut = new Set<number>();
  /** How many mutations of a function each test has killed. */
  readonly #kills = new Map<string, Map<number, number>>();

  constructor(program: Program, reach: Reach) {
    this.#program = program;
    this.#reach = reach;
  }

  test(index: number) {
    return this.#reach.tests[index] ?? { file: "", title: "" };
  }

  killed({ place }: Numbered, test: number): void {
    const kills = this.#kills.get(place) ?? new Map<number, number>();
    kills.set(test, (kills.get(test) ?? 0) + 1);
    this.#kills.set(place, kills);
  }

  leaveOut(test: number): void {
    this.#leftOut.add(test);
  }

  /**
   * First tests that act on what is changed: those of its own contract, then some of the others. Then those of its own
   * contract that begin where it has run, with all that is built for them built by the changed program.
   */
  roundsFor(mutation: Numbered): Round[] {
    const own = new Set(this.#ownTests(mutation));
    const all: Reaching = { direct: [...own], beginning: [...own] };
    const { direct, beginning } = reaching(mutation, this.#program.statements, this.#reach) ?? all;
    const foreign = spread(
      direct.filter((test) => !own.has(test)),
      MOST_FOREIGN_TESTS,
    );
    const rounds = [
      { tests: [...direct.filter((test) => own.has(test)), ...foreign], fromTheBeginning: false },
      { tests: beginning.filter((test) => own.has(test)), fromTheBeginning: true },
    ];
    return rounds.map(({ tests, ...round }) => ({ ...round, tests: this.#ordered(mutation, tests) }));
  }

  /** Tests in the unit files of the contracts that hold the code. */
  #ownTests({ file }: Numbered): number[] {
    const holders = this.#program.contracts[file] ?? [];
    return [...this.#reach.tests.entries()]
      .filter(
        ([, test]) => test.file.startsWith("test/unit/") && holders.includes(basename(test.file).split(".")[0] ?? ""),
      )
      .map(([index]) => index);
  }

  #ordered({ place }: Numbered, tests: readonly number[]): number[] {
    const kills = this.#kills.get(place);
    const usable = tests.filter((test) => !this.#leftOut.has(test));
    return usable.sort((a, b) => (kills?.get(b) ?? 0) - (kills?.get(a) ?? 0));
  }
}

/** At most so many of a list, evenly spread over it. */
function spread<T>(list: readonly T[], most: number): T[] {
  const step = Math.max(1, list.length / most);
  return list.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}
