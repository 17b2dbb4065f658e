// The auditor in a thread of its own, which asks the chain through the thread that began it.
import { parentPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";

import { register } from "tsx/esm/api";

import type { Speaker } from "../events/bindings.ts";
import type { Provider } from "../node/node.ts";

/** What the thread is given. */
export interface Opening {
  addresses: Record<Speaker, string>;
  /** Of the members, as `bytes3`. */
  codes: string[];
  /** Code for `BundledViews`. */
  asking: string;
  /** Takes questions for the chain. */
  chain: MessagePort;
}

/** A question for the chain, and what it answers: numbers tell which belong together. */
export interface Question {
  number: number;
  method: string;
  params: unknown[];
}
export type Answer = { number: number } & ({ result: unknown } | { refusal: { message: string; data: unknown } });

/** What to audit, as `Auditor.audit` takes it; the thread answers with what it gives. Its first message says that it is ready. */
export type Order = [block: number, all: boolean];

function providerOver(port: MessagePort): Provider {
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  port.on("message", (answer: Answer) => {
    waiting.get(answer.number)?.(answer);
    waiting.delete(answer.number);
  });
  return {
    request: async ({ method, params = [] }) => {
      const number = ++last;
      const answer = await new Promise<Answer>((resolve) => {
        waiting.set(number, resolve);
        port.postMessage({ number, method, params } satisfies Question);
      });
      if ("result" in answer) return answer.result;
      throw Object.assign(new Error(answer.refusal.message), { data: answer.refusal.data });
    },
  };
}

// The generated bindings name their files as they would be once compiled, which Node itself does not find.
register();
const { BrowserProvider } = await import("ethers");
const { connected } = await import("../events/bindings.ts");
const { Auditor } = await import("./auditor.ts");
const { BundledViews } = await import("./bundled-views.ts");

const { addresses, asking, chain, codes } = workerData as Opening;
const provider = providerOver(chain);
const ethers = new BrowserProvider(provider, undefined, { cacheTimeout: -1 });
const contracts = new BundledViews(provider, ethers, asking).connected(connected(addresses, ethers));
const node = { send: (method: string, params: unknown[]) => provider.request({ method, params }) };
const auditor = await Auditor.of(node, contracts, codes);
parentPort?.on("message", ([block, all]: Order) => {
  // What is thrown ends the thread, and is thrown to who waits for its answer.
  void auditor.audit(block, all).then((heard) => parentPort?.postMessage(heard));
});
parentPort?.postMessage("ready");
