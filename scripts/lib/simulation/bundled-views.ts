import { BaseContract, toQuantity } from "ethers";
import type { ContractRunner, Provider as EthersProvider, TransactionRequest } from "ethers";

import type { Provider } from "../node/node.ts";
import { NamedFunctions } from "./named-functions.ts";

/** Views asked with one call, so that all of them have gas enough. */
const MOST = 100;
/** Where the contract that asks them stands for the time of a call. */
const ASKING = "0x00000000000000000000000000000000000a11e5";

/** In digits of a packed answer: a word that says whether it is one, and how many bytes follow. */
const WORD = 64;
const LENGTH = 8;

interface Waiting {
  to: string;
  data: string;
  given: (answer: Promise<string>) => void;
}

/**
 * Asks views that are asked at the same time with one call, which takes a fraction of the time that as many calls take. One that
 * does not answer is asked again by itself, so that it fails as it would alone. A signer, whose work this is else, looks up
 * nonces and fees besides, which no view needs.
 */
export class BundledViews implements ContractRunner {
  readonly provider: EthersProvider;
  readonly #node: Provider;
  readonly #code: string;
  /** By the block as of which they are asked. */
  readonly #waiting = new Map<string, Waiting[]>();

  /** `code` is that of `ManyViews`, as it is deployed. */
  constructor(node: Provider, provider: EthersProvider, code: string) {
    this.#node = node;
    this.provider = provider;
    this.#code = code;
  }

  async call({ to, data, from, blockTag }: TransactionRequest): Promise<string> {
    const at = typeof blockTag === "number" ? toQuantity(blockTag) : "latest";
    if (typeof to !== "string" || typeof data !== "string" || from) return await this.#alone({ from, to, data }, at);
    return await new Promise<string>((given) => {
      const waiting = this.#waiting.get(at) ?? this.#begun(at);
      waiting.push({ to, data, given });
    });
  }

  /** What is asked as of a block by all that is ready to ask. */
  #begun(at: string): Waiting[] {
    const waiting: Waiting[] = [];
    this.#waiting.set(at, waiting);
    setImmediate(() => {
      this.#ask(at);
    });
    return waiting;
  }

  #ask(at: string): void {
    const all = this.#waiting.get(at) ?? [];
    this.#waiting.delete(at);
    for (let first = 0; first < all.length; first += MOST) {
      const some = all.slice(first, first + MOST);
      const answers = some.length === 1 ? Promise.resolve([]) : this.#together(some, at).catch(() => []);
      for (const [i, one] of some.entries()) {
        one.given(answers.then((known) => known[i] ?? this.#alone({ to: one.to, data: one.data }, at)));
      }
    }
  }

  /** The same contracts, asked so. */
  connected<All extends object>(contracts: All): All {
    const all = Object.entries(contracts).map(([name, one]: [string, BaseContract]) => {
      return [name, new BaseContract(one.target, new NamedFunctions(one.interface.fragments), this)];
    });
    return Object.fromEntries(all) as All;
  }

  /** What each answers, unless it does not. */
  async #together(some: readonly Waiting[], at: string): Promise<(string | undefined)[]> {
    const data = some.map(({ to, data }) => `${digits(to)}${lengthOf(data)}${digits(data)}`).join("");
    const params = [{ to: ASKING, data: `0x${data}` }, at, { [ASKING]: { code: this.#code } }];
    const answers = digits((await this.#node.request({ method: "eth_call", params })) as string);
    let place = 0;
    return some.map(() => {
      const begins = place + WORD;
      const given = answers[begins - LENGTH - 1] === "1";
      place = begins + 2 * parseInt(answers.slice(begins - LENGTH, begins), 16);
      return given ? `0x${answers.slice(begins, place)}` : undefined;
    });
  }

  async #alone(call: object, at: string): Promise<string> {
    return (await this.#node.request({ method: "eth_call", params: [call, at] })) as string;
  }
}

function digits(hex: string): string {
  return hex.slice(2);
}

/** Of bytes, as four of them. */
function lengthOf(hex: string): string {
  return (digits(hex).length / 2).toString(16).padStart(LENGTH, "0");
}
