// Workers, each a process that runs tests, and what they are given to do.
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { Bytecode } from "./compiler.ts";
import type { TestCase } from "./test-bed.ts";
import type { Answer, Message, Order } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
/** A worker that says nothing for so long hangs, in milliseconds: a test that takes too long says so before. */
const PATIENCE = 600_000;

export interface Opening {
  files: string[];
  contracts: Record<string, Bytecode>;
  tagging: boolean;
}

/** The worker came to its end, or to none. */
export class WorkerLost extends Error {}

export class Worker {
  readonly tests: TestCase[];
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, tests: TestCase[]) {
    this.#process = process;
    this.tests = tests;
  }

  /** Takes seconds: Hardhat and all tests are loaded. */
  static async open(opening: Opening): Promise<Worker> {
    // The configuration knows tests by that word, and has their clocks stand still.
    const child = fork(WORKER, ["test"], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const tests = await ask(child, { order: "open", ...opening });
    return new Worker(child, tests as TestCase[]);
  }

  async ask<T extends Answer>(order: Order): Promise<T> {
    return (await ask(this.#process, order)) as T;
  }

  close(): void {
    this.#process.kill("SIGKILL");
  }
}

async function ask(child: ChildProcess, order: Order): Promise<Answer> {
  return await new Promise<Answer>((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(patience);
      child.off("message", heard).off("exit", left);
      act();
    };
    const heard = (message: Message) => {
      patience.refresh();
      if (message.alive === true) return;
      settle(() => {
        if (message.given === undefined) reject(new Error(message.failed));
        else resolve(message.given);
      });
    };
    const left = (code: number | null) => {
      settle(() => {
        reject(new WorkerLost(`a worker ended with ${code}`));
      });
    };
    const patience = setTimeout(() => {
      child.kill("SIGKILL");
    }, PATIENCE);
    child.on("message", heard).on("exit", left);
    child.send(order);
  });
}

/** Gives each of a list of tasks to the next free of several workers, which are renewed when they are lost. */
export async function shared<T>(
  tasks: readonly T[],
  jobs: number,
  opening: Opening,
  act: (worker: Worker, task: T) => Promise<{ renew: boolean }>,
): Promise<void> {
  const waiting = [...tasks];
  const work = async () => {
    let worker: Worker | undefined;
    try {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
        worker ??= await Worker.open(opening);
        const { renew } = await act(worker, task);
        if (!renew) continue;
        worker.close();
        worker = undefined;
      }
    } finally {
      worker?.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, work));
}
