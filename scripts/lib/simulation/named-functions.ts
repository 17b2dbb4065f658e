import { Interface } from "ethers";
import type { FunctionFragment, InterfaceAbi } from "ethers";

import { hashedOnce } from "../events/hashed-once.ts";

/** An interface that finds a function by its name at once; ethers compares the name with all there are, for every call. */
export class NamedFunctions extends Interface {
  /** Those whose name no other has. */
  readonly #functions = new Map<string, FunctionFragment>();

  constructor(fragments: InterfaceAbi) {
    super(fragments);
    const shared = new Set<string>();
    this.forEachFunction((fragment) => {
      if (this.#functions.has(fragment.name)) shared.add(fragment.name);
      this.#functions.set(fragment.name, fragment);
    });
    for (const name of shared) this.#functions.delete(name);
    hashedOnce(this);
  }

  override getFunction(key: string, values?: unknown[]): FunctionFragment | null {
    const known = this.#functions.get(key);
    const fits = known !== undefined && (values === undefined || isFor(known, values));
    return fits ? known : super.getFunction(key, values);
  }
}

/** Whether values are a function's arguments, which options may follow. */
function isFor({ inputs }: FunctionFragment, values: readonly unknown[]): boolean {
  if (values.length === inputs.length) return true;
  const options = values[inputs.length];
  return (
    values.length === inputs.length + 1 && typeof options === "object" && options !== null && !Array.isArray(options)
  );
}
