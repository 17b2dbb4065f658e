import { once } from "node:events";
import { MessageChannel, Worker } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";

import type { Provider } from "../node/node.ts";
import type { Answer, Opening, Order, Question } from "./auditor-thread.ts";
import type { Heard } from "./auditor.ts";

const THREAD = new URL("auditor-thread.ts", import.meta.url);

/** An auditor in a thread of its own: most of its work is not the chain's, and can be done while this thread lives on. */
export class AuditorDesk {
  readonly #thread: Worker;
  readonly #questions: MessagePort;

  private constructor(thread: Worker, questions: MessagePort) {
    this.#thread = thread;
    this.#questions = questions;
  }

  /** Takes seconds: the bindings are loaded once more. */
  static async open(provider: Provider, opening: Omit<Opening, "chain">): Promise<AuditorDesk> {
    const { port1: questions, port2: chain } = new MessageChannel();
    questions.on("message", (question: Question) => {
      void answerTo(question, provider).then((answer) => {
        questions.postMessage(answer);
      });
    });
    const thread = new Worker(THREAD, { workerData: { ...opening, chain }, transferList: [chain] });
    await once(thread, "message");
    return new AuditorDesk(thread, questions);
  }

  /** As `Auditor.audit`; one at a time. */
  async audit(block: number, all: boolean): Promise<Heard> {
    this.#thread.postMessage([block, all] satisfies Order);
    const [heard] = (await once(this.#thread, "message")) as [Heard];
    return heard;
  }

  async close(): Promise<void> {
    this.#questions.close();
    await this.#thread.terminate();
  }
}

async function answerTo({ number, ...question }: Question, provider: Provider): Promise<Answer> {
  try {
    return { number, result: await provider.request(question) };
  } catch (error) {
    const { data, message } = error as Error & { data?: unknown };
    return { number, refusal: { message, data: typeof data === "string" ? data : undefined } };
  }
}
