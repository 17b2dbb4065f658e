import type { ContractTransaction } from "ethers";
import type { network } from "hardhat";

export type Connection = Awaited<ReturnType<typeof network.create>>;

type RequestArguments = Parameters<Connection["provider"]["request"]>[0];

/** As many transactions share a block where many are sent together: while it is mined, the next are encoded. */
const A_BLOCK = 20;
/** Above every call of the replay but those below: an urgent ballot carries 1.5 million for the recognition. */
const GAS = 4_000_000;
/** The most that a transaction may have. A proposal that names a hundred members' weights comes near it. */
export const MOST_GAS = 16_777_216;

/**
 * Does something on the chain of a connection, and gives each transaction that it leads to the second after the block before.
 * Else the node would go by the clock of this machine, and a slow one would make another chain.
 */
export async function secondBySecond<Result>(connection: Connection, act: () => Promise<Result>): Promise<Result> {
  const { networkHelpers, provider } = connection;
  const request: (wanted: RequestArguments) => Promise<unknown> = provider.request.bind(provider);
  let now = await networkHelpers.time.latest();
  let before: Promise<unknown> = Promise.resolve();
  const stamped = async (wanted: RequestArguments): Promise<unknown> => {
    now += 1;
    await request({ method: "evm_setNextBlockTimestamp", params: [now] });
    return await request(wanted);
  };
  provider.request = async (wanted): Promise<unknown> => {
    if (wanted.method !== "eth_sendTransaction") return await request(wanted);
    // One after the other, even where some are sent at once; each tells its own sender how it went.
    const sent = before.then(() => stamped(wanted));
    before = sent.catch(() => undefined);
    return await sent;
  };
  try {
    return await act();
  } finally {
    provider.request = request;
  }
}

/** A call that is not encoded before its turn comes. */
export interface Sending {
  from: { address: string };
  call: () => Promise<ContractTransaction>;
}

/** What a transaction was charged in gas, and how many bytes its call data have. */
export interface Charge {
  gas: number;
  bytes: number;
}

/** That have been sent, and wait for their block. */
type Pending = { hash: string; bytes: number }[];

/**
 * The chain in this process, with a clock of its own: every transaction gets the second after the one before, or the time
 * last moved to, so that the same replay makes the same chain.
 */
export class Chain {
  readonly #provider: Connection["provider"];
  #now: number;

  private constructor(provider: Connection["provider"], now: number) {
    this.#provider = provider;
    this.#now = now;
  }

  static async of(connection: Connection): Promise<Chain> {
    return new Chain(connection.provider, await connection.networkHelpers.time.latest());
  }

  /** Timestamp of the last block. */
  get now(): number {
    return this.#now;
  }

  /** Moves the clock forward; a time that has passed leaves it as it is. */
  async moveTo(time: number): Promise<void> {
    if (time <= this.#now) return;
    await this.#mine(time);
  }

  /** Sends a call from an account of this chain. A revert is thrown, with its `data`. */
  async send(from: { address: string }, call: Promise<ContractTransaction>, gas = GAS): Promise<void> {
    await this.#send(from, await call, gas);
  }

  /** The same, and tells the gas that it was charged. */
  async charged(from: { address: string }, call: ContractTransaction, gas = GAS): Promise<Charge> {
    await this.#send(from, call, gas);
    // It is alone in its block, which is told without the logs that a receipt would bring.
    const block: unknown = await this.#provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
    return { gas: Number((block as { gasUsed: string }).gasUsed), bytes: bytesOf(call) };
  }

  /**
   * The same for many, in their order, of which some share each block. One that reverts or finds no place is thrown, without
   * its `data`.
   */
  async sendAll(sendings: readonly Sending[]): Promise<Charge[]> {
    const charges: Charge[] = [];
    let block: Promise<Charge[]> = Promise.resolve([]);
    await this.#provider.request({ method: "evm_setAutomine", params: [false] });
    try {
      for (let first = 0; first < sendings.length; first += A_BLOCK) {
        const sent = this.#wait(sendings.slice(first, first + A_BLOCK));
        const [pending, before] = await Promise.all([sent, block]);
        charges.push(...before);
        block = this.#together(pending);
      }
      charges.push(...(await block));
    } finally {
      await this.#provider.request({ method: "evm_setAutomine", params: [true] });
    }
    return charges;
  }

  /** Does something and takes it back: afterwards the chain and its clock are as before. */
  async undone(act: () => Promise<void>): Promise<void> {
    const now = this.#now;
    const params = [await this.#provider.request({ method: "evm_snapshot", params: [] })];
    try {
      await act();
    } finally {
      await this.#provider.request({ method: "evm_revert", params });
      this.#now = now;
    }
  }

  async #send(from: { address: string }, call: ContractTransaction, gas: number): Promise<void> {
    this.#now += 1;
    await this.#provider.request({ method: "evm_setNextBlockTimestamp", params: [this.#now] });
    await this.#request(from, call, gas);
  }

  async #request(from: { address: string }, { to, data }: ContractTransaction, gas: number): Promise<string> {
    const params = [{ from: from.address, to, data, gas: `0x${gas.toString(16)}` }];
    return (await this.#provider.request({ method: "eth_sendTransaction", params })) as string;
  }

  /** Sends what is not mined at once. */
  async #wait(sendings: readonly Sending[]): Promise<Pending> {
    const encoded = await Promise.all(sendings.map(async ({ from, call }) => ({ from, call: await call() })));
    return await Promise.all(
      encoded.map(async ({ from, call }) => ({ hash: await this.#request(from, call, GAS), bytes: bytesOf(call) })),
    );
  }

  /** Mines all that waits, in one block. */
  async #together(pending: Pending): Promise<Charge[]> {
    await this.#mine(this.#now + 1);
    return await Promise.all(
      pending.map(async ({ hash, bytes }) => {
        const receipt: unknown = await this.#provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
        if (receipt === null) throw new Error(`Transaction ${hash} found no place in the block of ${this.#now}.`);
        const { gasUsed, status } = receipt as { gasUsed: string; status: string };
        if (Number(status) !== 1) throw new Error(`Transaction ${hash} was reverted in the block of ${this.#now}.`);
        return { gas: Number(gasUsed), bytes };
      }),
    );
  }

  async #mine(time: number): Promise<void> {
    await this.#provider.request({ method: "evm_mine", params: [time] });
    this.#now = time;
  }
}

function bytesOf({ data }: ContractTransaction): number {
  return (data.length - 2) / 2;
}

/** The country code that a `bytes3` spells: nothing for zero, and as it is, in hexadecimals, for what is no code. */
export function codeOf(bytes3: string): string {
  const text = Buffer.from(bytes3.slice(2), "hex").toString("latin1");
  if (/^[A-Z]{3}$/.test(text)) return text;
  return /^0x0*$/.test(bytes3) ? "" : bytes3;
}
