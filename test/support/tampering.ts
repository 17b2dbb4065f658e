import type { Interface } from "ethers";

import type { Provider } from "../../scripts/lib/node/node.ts";
import { INTERFACES } from "../../scripts/lib/events/bindings.ts";
import type { LedgerEvent, Speakers } from "../../scripts/lib/events/events.ts";

/** Answers every question once by the node, and from then on from memory: the chain stands still. */
export function remembering(provider: Provider): Provider {
  const answers = new Map<string, Promise<unknown>>();
  return {
    request: (question) => {
      const key = JSON.stringify(question);
      const answer = answers.get(key) ?? provider.request(question);
      answers.set(key, answer);
      return answer;
    },
  };
}

/** Contracts that answer every question once by the node, and from then on from memory, decoded as it was. */
export function recalling(contracts: Speakers): Speakers {
  const all = Object.entries(contracts as unknown as Record<string, object>);
  const pairs = all.map(([name, contract]): [string, object] => [name, recallingOne(contract)]);
  return Object.fromEntries(pairs) as unknown as Speakers;
}

function recallingOne(contract: object): object {
  const answers = new Map<string, unknown>();
  return new Proxy(contract, {
    get: (target, name): unknown => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        const key = JSON.stringify([String(name), ...given], (_key, one: unknown) =>
          typeof one === "bigint" ? `${one}n` : one,
        );
        if (!answers.has(key)) answers.set(key, Reflect.apply(value, target, given));
        return answers.get(key);
      };
    },
  });
}

type RpcLog = Record<string, string> & { topics: string[] };

/** What a node tells instead of a log: nothing, another, or it and more. */
export type Instead = readonly {
  topics: readonly string[];
  data: string;
  address?: string;
  blockTimestamp?: string;
}[];

/** Gives the logs at some places (block and index) as others, or not at all; the rest is the node's. */
export function replacing(provider: Provider, changes: ReadonlyMap<string, Instead>): Provider {
  return {
    request: async (question) => {
      const answer = await provider.request(question);
      if (question.method !== "eth_getLogs") return answer;
      return (answer as RpcLog[]).flatMap((log): object[] => {
        const instead = changes.get(`${Number(log["blockNumber"])}:${Number(log["logIndex"])}`);
        if (instead === undefined) return [log];
        return instead.map((one) => ({ ...log, ...one }));
      });
    },
  };
}

/** The same values with one of them changed, for each of them; a value's path as text. */
export function alterations(values: unknown, path = ""): [path: string, altered: unknown][] {
  if (typeof values === "bigint") return [[path, values === 0n ? 1n : values - 1n]];
  if (typeof values === "boolean") return [[path, !values]];
  if (typeof values === "string") return [[path, otherText(values)]];
  if (Array.isArray(values)) {
    // The first stands for all that are like it.
    const first = alterations(values[0], `${path}[0]`).map(([where, one]): [string, unknown] => [
      where,
      [one, ...(values as unknown[]).slice(1)],
    ]);
    return values.length === 0 ? [] : first;
  }
  if (typeof values !== "object" || values === null) return [];
  return Object.entries(values).flatMap(([name, value]) =>
    alterations(value, path === "" ? name : `${path}.${name}`).map(([where, one]): [string, unknown] => [
      where,
      { ...values, [name]: one },
    ]),
  );
}

/** Hexadecimal digits change in the last place, other text by a letter. */
function otherText(text: string): string {
  if (!/^0x[0-9a-fA-F]+$/.test(text)) return `${text}x`;
  const last = text.toLowerCase().at(-1) === "1" ? "2" : "1";
  return `${text.slice(0, -1)}${last}`;
}

/** An event as its contract would log it. */
export function encoded({ by, name, args }: LedgerEvent): { data: string; topics: string[] } {
  const abi: Interface = INTERFACES[by];
  const event = abi.getEvent(name)!;
  const ordered = event.inputs.map((input, i) =>
    Array.isArray(args) ? (args as unknown[])[i] : (args as Record<string, unknown>)[input.name],
  );
  return abi.encodeEventLog(event, ordered);
}
