// Which tests try a mutation, and in which order.
import { basename } from "node:path";

import type { Program } from "./program.ts";
import { reaching } from "./reach.ts";
import type { Reach, Reaching } from "./reach.ts";
import type { Numbered } from "./switches.ts";
import type { TestCase } from "./test-bed.ts";

/** Where a file is named for the contract that it tests. */
const OWN = /^test\/(unit|property)\//;
/** Of the tests of other contracts, at most so many try a mutation, evenly spread. */
const MOST_FOREIGN_TESTS = 24;
/** What a test takes besides its own time, in milliseconds. */
const OVERHEAD = 100;

/** Tests by number. */
export interface Round {
  tests: number[];
  fromTheBeginning: boolean;
}

export class Schedule {
  readonly #program: Program;
  readonly #reach: Reach;
  readonly #leftOut = new Set<number>();
  /** How many mutations of a function each test has killed. */
  readonly #kills = new Map<string, Map<number, number>>();
  /** By mutation: the test that killed it before the tests changed. */
  readonly #suspects = new Map<number, number>();

  constructor(program: Program, reach: Reach) {
    this.#program = program;
    this.#reach = reach;
  }

  test(index: number): TestCase {
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

  /** Has a test try a mutation before all others. */
  suspect({ number }: Numbered, test: TestCase | undefined): void {
    const index = this.#reach.tests.findIndex(({ file, title }) => file === test?.file && title === test.title);
    if (index >= 0) this.#suspects.set(number, index);
  }

  /** All tests that try a mutation if none kills it, in the order of their numbers. */
  testsFor(mutation: Numbered): TestCase[] {
    const numbers = new Set(this.#reachedBy(mutation).flatMap(({ tests }) => tests));
    return [...numbers].sort((a, b) => a - b).map((index) => this.test(index));
  }

  /** Those of the tests that try a mutation which are given, in the order in which they do. */
  roundsFor(mutation: Numbered, given: readonly TestCase[] = this.testsFor(mutation)): Round[] {
    const meant = new Set(given);
    return this.#reachedBy(mutation).map(({ tests, fromTheBeginning }) => {
      const some = tests.filter((index) => meant.has(this.test(index)));
      return { tests: this.#ordered(mutation, some), fromTheBeginning };
    });
  }

  /**
   * First tests that act on what is changed: those of its own contract, then some of the others. Then those of its own
   * contract that begin where it has run, with all that is built for them built by the changed program.
   */
  #reachedBy(mutation: Numbered): Round[] {
    const own = new Set(this.#ownTests(mutation));
    const all: Reaching = { direct: [...own], beginning: [...own] };
    const { direct, beginning } = reaching(mutation, this.#program.statements, this.#reach) ?? all;
    const foreign = spread(
      direct.filter((test) => !own.has(test)),
      MOST_FOREIGN_TESTS,
    );
    return [
      { tests: [...direct.filter((test) => own.has(test)), ...foreign], fromTheBeginning: false },
      { tests: beginning.filter((test) => own.has(test)), fromTheBeginning: true },
    ];
  }

  /** Tests in the files of the contracts that hold the code, and of its own file, which may be part of several. */
  #ownTests({ file }: Numbered): number[] {
    const subjects = [...(this.#program.contracts[file] ?? []), basename(file, ".sol")];
    const isOwn = (name: string) => OWN.test(name) && subjects.includes(basename(name).split(".")[0] ?? "");
    return [...this.#reach.tests.entries()].filter(([, test]) => isOwn(test.file)).map(([index]) => index);
  }

  /** What killed this mutation before, then what kills the most in the least time. */
  #ordered({ number, place }: Numbered, tests: readonly number[]): number[] {
    const kills = this.#kills.get(place);
    const suspect = this.#suspects.get(number);
    const took = (test: number) => this.#reach.took[test] ?? 0;
    const worth = (test: number) => (test === suspect ? Infinity : (kills?.get(test) ?? 0) / (took(test) + OVERHEAD));
    const usable = tests.filter((test) => !this.#leftOut.has(test));
    return usable.sort((a, b) => (worth(a) === worth(b) ? took(a) - took(b) : worth(a) < worth(b) ? 1 : -1));
  }
}

/** At most so many of a list, evenly spread over it. */
function spread<T>(list: readonly T[], most: number): T[] {
  const step = Math.max(1, list.length / most);
  return list.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}
