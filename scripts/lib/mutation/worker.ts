// Runs tests for the process that started it, which says which, and what is in force.
import hre from "hardhat";
import { register } from "tsx/esm/api";

import type { Bytecode } from "./compiler.ts";
import type { TestCase } from "./test-bed.ts";

/** What a worker is asked. */
export type Order =
  | { order: "open"; files: string[]; contracts: Record<string, Bytecode>; tagging: boolean }
  | { order: "reach"; test: number }
  | { order: "try"; number: number; tests: number[]; fromTheBeginning: boolean };

/** What a test reaches: tags of its own, and of the beginnings that it builds on. */
export interface Reached {
  tags: string[];
  fixtures: string[];
  /** Beginnings that were built meanwhile. */
  built: Record<string, string[]>;
  /** How long it took, in milliseconds. */
  took: number;
  error?: string;
}

export interface Tried {
  /** The test that failed, and how. */
  killer?: number;
  error?: string;
  /** That test fails without the mutation as well. */
  unsound?: boolean;
  /** Something may go on that began here: the process is not to be used again. */
  lost: boolean;
  ran: number;
}

export type Answer = TestCase[] | Reached | Tried;

/** What a worker says: its answer, why there is none, or that it is still at work. */
export interface Message {
  given?: Answer;
  failed?: string;
  alive?: true;
}

function say(message: Message): void {
  process.send?.(message);
}

// The generated bindings name their files as they would be once compiled, which Node itself does not find.
register();
const { TestBed } = await import("./test-bed.ts");
type Bed = Awaited<ReturnType<typeof TestBed.open>>;
let bed: Bed | undefined;
const tags = new Set<string>();

async function answer(order: Order): Promise<Answer> {
  if (order.order === "open") {
    if (order.tagging) {
      hre.hooks.registerHandlers("network", {
        onCoverageData: (_context, data: string[]) => {
          for (const tag of data) tags.add(tag);
          return Promise.resolve();
        },
      });
    }
    bed = await TestBed.open(order.files, order.contracts);
    return bed.tests;
  }
  if (bed === undefined) throw new Error("No tests are open.");
  return order.order === "reach" ? await reach(bed, order.test) : await tryOut(bed, order);
}

async function reach(tests: Bed, test: number): Promise<Reached> {
  const reached: Reached = { tags: [], fixtures: [], built: {}, took: 0 };
  tags.clear();
  const before = new Set<string>();
  tests.onFixture = (fixture, built) => {
    if (built) {
      for (const tag of tags) before.add(tag);
      tags.clear();
      reached.built[fixture] = [];
      return;
    }
    if (reached.built[fixture]?.length === 0) {
      reached.built[fixture] = [...tags];
      tags.clear();
    }
    reached.fixtures.push(fixture);
  };
  const started = Date.now();
  const { error } = await tests.run(test);
  const took = Date.now() - started;
  return { ...reached, took, tags: [...before, ...tags], ...(error === undefined ? {} : { error }) };
}

async function tryOut(
  tests: Bed,
  { number, tests: chosen, fromTheBeginning }: Extract<Order, { order: "try" }>,
): Promise<Tried> {
  const force = async (inForce: number) => {
    tests.number = inForce;
    tests.fromTheBeginning = fromTheBeginning;
    if (fromTheBeginning) await tests.clear();
  };
  await force(number);
  try {
    for (const [i, test] of chosen.entries()) {
      const { error, lost } = await tests.run(test);
      say({ alive: true });
      if (error === undefined) continue;
      if (lost) return { killer: test, error, lost, ran: i + 1 };
      // What fails without the mutation too says nothing of it.
      await force(0);
      const without = await tests.run(test);
      return { killer: test, error, unsound: without.error !== undefined, lost: without.lost, ran: i + 1 };
    }
    return { lost: false, ran: chosen.length };
  } finally {
    await force(0);
  }
}

process.on("message", (order: Order) => {
  answer(order).then(
    (given) => {
      say({ given });
    },
    (error: unknown) => {
      say({ failed: (error instanceof Error ? error.stack : undefined) ?? String(error) });
    },
  );
});
