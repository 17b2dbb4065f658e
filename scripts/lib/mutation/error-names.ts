// Names errors of contracts in the words of Hardhat, which knows only those that it has compiled itself.
import { Interface } from "ethers";
import type { ErrorFragment } from "ethers";

const UNNAMED = /an unrecognized custom error \(return data: (0x[0-9a-f]*)\)/;

export class ErrorNames {
  readonly #errors: Interface;

  constructor(abis: readonly (readonly unknown[])[]) {
    const fragments = abis.flatMap((abi) => {
      const face = new Interface(abi as ConstructorParameters<typeof Interface>[0] & unknown[]);
      return face.fragments.filter((fragment): fragment is ErrorFragment => fragment.type === "error");
    });
    const bySelector = new Map(fragments.map((fragment) => [fragment.selector, fragment]));
    this.#errors = new Interface([...bySelector.values()]);
  }

  /** A message with the error's name in place of its bytes, if it has one. */
  named(message: string): string {
    const [unnamed, data] = UNNAMED.exec(message) ?? [];
    const error = data === undefined ? null : this.#errors.parseError(data);
    if (unnamed === undefined || error === null) return message;
    const values = error.args.map((value) => (typeof value === "string" ? `"${value}"` : String(value)));
    return message.replace(unnamed, `custom error '${error.name}(${values.join(", ")})'`);
  }
}
