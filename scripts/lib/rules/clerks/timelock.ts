import { AbiCoder, ZeroHash, getAddress, id, keccak256, toBeHex } from "ethers";

import type { Speaker } from "../../events/bindings.ts";
import type { EventOf } from "../../events/events.ts";
import type { Decree } from "../desk.ts";
import { agrees } from "../finding.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";
import { effectsOf } from "./decisions.ts";
import type { Effect } from "./decisions.ts";

type Call = EventOf<"timelock", "CallExecuted">;

/** What a decision has the timelock do. */
export interface Operation {
  actions: readonly { target: string; data: string }[];
  /** Of the proposal; it goes into the operation's number. */
  description: string;
}

/** What the timelock carries out: nothing but what the council has decided, and all power but the founder's is its. */
export class TimelockClerk {
  delay = 0n;
  /** The calls of the transaction now told. */
  #calls: Call[] = [];
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  apply(event: Told<"timelock">): void {
    const { desk } = this.book;
    switch (event.name) {
      case "MinDelayChange":
        if (this.delay > 0n) this.book.decree("timelock", "MinDelayChange");
        desk.same("timelock.MinDelayChange", { oldDuration: this.delay }, event.args);
        this.delay = event.args.newDuration;
        return;
      case "CallExecuted":
        this.#calls.push(event);
        desk.tell(event);
        return;
      // The council never takes back what it has queued, so that nothing leads to the last.
      case "CallScheduled":
      case "CallSalt":
      case "Cancelled": {
        desk.tell(event);
        return;
      }
    }
  }

  /** A decision is queued: every action is scheduled, in order, under one number. */
  schedule(operation: Operation): void {
    const { number, salt } = this.#numbered(operation);
    const { desk } = this.book;
    operation.actions.forEach(({ target, data }, index) => {
      const values = { id: number, index, target, value: 0n, data, predecessor: ZeroHash, delay: this.delay };
      desk.demand("timelock", "CallScheduled", values);
    });
    desk.demand("timelock", "CallSalt", { id: number, salt });
  }

  /** A decision is carried out: every action is called, in order. */
  execute(operation: Operation): void {
    const { number } = this.#numbered(operation);
    operation.actions.forEach(({ target, data }, index) => {
      this.book.desk.demand("timelock", "CallExecuted", { id: number, index, target, value: 0n, data });
    });
  }

  /** The transaction is over: every act of the council is the effect of one call, and no call is without its own. */
  close(): void {
    const { desk } = this.book;
    const effects = this.#calls.flatMap(({ args, ...place }) => {
      const by = this.#contractAt(args.target);
      return by === undefined ? [] : effectsOf(by, args.data).map((effect) => ({ effect, place }));
    });
    this.#calls = [];
    for (const decree of desk.takeDecrees()) {
      const { by, name, place, values, founding } = decree;
      const index = leadingTo(
        effects.map(({ effect }) => effect),
        decree,
      );
      const [cause] = index < 0 ? [] : effects.splice(index, 1);
      if (cause === undefined) {
        if (founding) continue;
        desk.find("authority", `${by}.${name} came about without the council's decision`, undefined, undefined, place);
      } else if (!agrees(cause.effect.values, values)) {
        const sentence = `${name} states other values than the council has decided`;
        desk.find(`${by}.${name}`, sentence, cause.effect.values, values, place);
      }
    }
    for (const { effect, place } of effects) {
      if (!effect.certain) continue;
      const sentence = `${effect.by}.${effect.name}, which the timelock's call leads to, was not told`;
      desk.find("authority", sentence, effect.values, undefined, place);
    }
  }

  #contractAt(target: string): Speaker | undefined {
    const known = Object.entries(this.book.setting.addresses) as [Speaker, string][];
    return known.find(([, address]) => address === target)?.[0];
  }

  /** The operation's number and its salt, as OpenZeppelin's TimelockController and GovernorTimelockControl make them. */
  #numbered({ actions, description }: Operation): { number: string; salt: string } {
    const council = BigInt(getAddress(this.book.setting.addresses.council)) << 96n;
    const salt = toBeHex(council ^ BigInt(id(description)), 32);
    const parts = [actions.map(({ target }) => target), actions.map(() => 0n), actions.map(({ data }) => data)];
    const types = ["address[]", "uint256[]", "bytes[]", "bytes32", "bytes32"];
    return { number: keccak256(AbiCoder.defaultAbiCoder().encode(types, [...parts, ZeroHash, salt])), salt };
  }
}

/** The effect that a decree is: one that it agrees with, else the first of its name, else none. */
function leadingTo(effects: readonly Effect[], { by, name, values }: Decree): number {
  const ofName = (effect: Effect) => effect.by === by && effect.name === name;
  const exact = effects.findIndex((effect) => ofName(effect) && agrees(effect.values, values));
  return exact >= 0 ? exact : effects.findIndex(ofName);
}
