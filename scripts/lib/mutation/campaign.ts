// Runs the tests that reach each mutation until one fails.
import { Worker, WorkerLost, shared } from "./pool.ts";
import type { Opening } from "./pool.ts";
import type { Program } from "./program.ts";
import type { Reach } from "./reach.ts";
import type { Result, Results } from "./results.ts";
import { Schedule } from "./schedule.ts";
import type { Round } from "./schedule.ts";
import type { Numbered } from "./switches.ts";
import type { Tried } from "./worker.ts";

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
    const known = results.of(mutation, schedule.testsFor(mutation));
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
    schedule.suspect(mutation, results.killerOf(mutation));
    const tests = schedule.testsFor(mutation);
    const rounds = schedule.roundsFor(mutation, results.untried(mutation, tests));
    const { result, renew } = await beyondDoubt(worker, opening, (one) =>
      judge(one, mutation, rounds, schedule, notice),
    );
    found.set(mutation.number, result);
    results.enter(mutation, result, tests);
    told();
    return { renew: renew || age >= LIFETIME };
  });
  return found;
}

async function judge(
  worker: Worker,
  mutation: Numbered,
  rounds: readonly Round[],
  schedule: Schedule,
  notice: Campaign["notice"],
): Promise<Judged> {
  let ran = 0;
  let renew = false;
  for (const { tests, fromTheBeginning } of rounds) {
    let left = tests;
    while (left.length > 0 && !renew) {
      const tried = await worker.ask<Tried>({ order: "try", number: mutation.number, tests: left, fromTheBeginning });
      ran += tried.ran;
      renew = tried.lost;
      if (tried.killer === undefined) break;
      const killer = schedule.test(tried.killer);
      if (tried.unsound !== true) {
        schedule.killed(mutation, tried.killer);
        return { result: { status: "killed", killer, error: tried.error ?? "", ran }, renew, late: tried.lost };
      }
      notice(`${killer.file}: "${killer.title}" fails without a mutation too, and is left out: ${tried.error ?? ""}`);
      schedule.leaveOut(tried.killer);
      left = left.slice(left.indexOf(tried.killer) + 1);
    }
  }
  return { result: { status: "survived", ran }, renew, late: false };
}

interface Judged {
  result: Result;
  renew: boolean;
  /** It was killed by a test that did not end in time. */
  late: boolean;
}

/** A process may end, and a test be late, for the machine's sake: then what another process finds is what counts. */
async function beyondDoubt(
  first: Worker,
  opening: Opening,
  judged: (worker: Worker) => Promise<Judged>,
): Promise<Judged> {
  try {
    const once = await judged(first);
    if (!once.late) return once;
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
  }
  const second = await Worker.open(opening);
  try {
    return { ...(await judged(second)), renew: true };
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    const killer = { file: "", title: "the process that ran the tests" };
    return { result: { status: "killed", killer, error: error.message, ran: 0 }, renew: true, late: true };
  } finally {
    second.close();
  }
}
