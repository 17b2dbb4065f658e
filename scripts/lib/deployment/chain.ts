// Asking a chain directly, with the answers as text that can be compared and printed.
import { Interface } from "ethers";
import type { InterfaceAbi } from "ethers";
import type { network } from "hardhat";

export type Connection = Awaited<ReturnType<typeof network.create>>;

/** The chain id of `hardhat node` and `anvil`: a chain of one's own. */
export const LOCAL_CHAIN = 31337n;

/** A check could not be made: nothing is proved by it, and nothing disproved. */
export class CannotCheck extends Error {}

export async function chainIdOf({ ethers }: Connection): Promise<bigint> {
  try {
    return (await ethers.provider.getNetwork()).chainId;
  } catch (error) {
    throw new CannotCheck(`the chain does not answer: ${reasonOf(error)}`);
  }
}

/** What a call returns; undefined if it reverts. */
export async function call(
  connection: Connection,
  to: string,
  data: string,
  from?: string,
): Promise<string | undefined> {
  try {
    return await connection.ethers.provider.call({ to, data, ...(from === undefined ? {} : { from }) });
  } catch (error) {
    await requireAnswering(connection, error);
    return undefined;
  }
}

/** One contract of a deployment, to be asked by the names of its functions. */
export class Reading {
  readonly connection: Connection;
  readonly address: string;
  readonly abi: Interface;

  constructor(connection: Connection, address: string, abi: InterfaceAbi) {
    this.connection = connection;
    this.address = address;
    this.abi = new Interface(abi);
  }

  /** The answer as text; "no answer" if the contract gives none that fits. */
  async ask(name: string, ...args: unknown[]): Promise<string> {
    const data = await call(this.connection, this.address, this.abi.encodeFunctionData(name, args));
    if (data === undefined) return NO_ANSWER;
    try {
      const values: unknown[] = [...this.abi.decodeFunctionResult(name, data)];
      return values.length === 1 ? plain(values[0]) : plain(values);
    } catch {
      return NO_ANSWER;
    }
  }
}

export const NO_ANSWER = "no answer";

/** One way to write a value down, whether a chain or a file gave it. */
export function plain(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(plain).join(", ")})`;
  return String(value);
}

/** The first line of a message, without the framework's number for it: what follows is a library's own advice. */
export function reasonOf(error: unknown): string {
  return messageOf(error)
    .replace(/\n.*/s, "")
    .replace(/^HHE\d+: /, "");
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An answer that is a revert is an answer; silence is not. */
async function requireAnswering({ ethers }: Connection, error: unknown): Promise<void> {
  try {
    await ethers.provider.getBlockNumber();
  } catch {
    throw new CannotCheck(`the chain does not answer: ${messageOf(error)}`);
  }
}
