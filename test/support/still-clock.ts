// Keeps the clock of the chains in this process still between blocks: Hardhat loads it as the handlers of a plugin. Else a block
// comes as many seconds after the one before it as the machine has taken, and a slow one misses deadlines that a fast one meets.
import type { NetworkHooks } from "hardhat/types/hooks";
import type { JsonRpcRequest, JsonRpcResponse } from "hardhat/types/providers";

type Ask = (request: JsonRpcRequest) => Promise<JsonRpcResponse>;

const MINING = new Set(["eth_sendTransaction", "eth_sendRawTransaction", "evm_mine", "hardhat_mine"]);
/** Its clock comes back with the chain. */
const REVERTING = "evm_revert";
/** What the chain would ignore now that the time of the next block is always set. */
const INCREASING = "evm_increaseTime";

/** One chain, whose next block comes as soon after the last as it can, unless a test sets its time. */
class StillClock {
  #head: string | undefined;
  readonly #least: bigint;

  /** `least` is how many seconds have to lie between two blocks. */
  constructor(least: bigint) {
    this.#least = least;
  }

  async follow(request: JsonRpcRequest, ask: Ask): Promise<JsonRpcResponse> {
    const { method } = request;
    if (method === INCREASING) throw new Error(`${method} is ignored here; right is time.increase(seconds)`);
    if (this.#head === undefined) await this.#lookUp(request, ask);
    const response = await ask(request);
    if (MINING.has(method)) await this.#lookUp(request, ask);
    else if (method === REVERTING) this.#head = (await latest(request, ask)).number;
    return response;
  }

  /** Sets the time of the next block, once for each head, so that what a test has set stands. */
  async #lookUp(request: JsonRpcRequest, ask: Ask): Promise<void> {
    const { number, timestamp } = await latest(request, ask);
    if (number === this.#head) return;
    this.#head = number;
    await put(request, ask, "evm_setNextBlockTimestamp", [`0x${(BigInt(timestamp) + this.#least).toString(16)}`]);
  }
}

/** Asks in the name of a request. */
async function put({ id }: JsonRpcRequest, ask: Ask, method: string, params: unknown[]): Promise<unknown> {
  const response = await ask({ jsonrpc: "2.0", id, method, params });
  if ("error" in response) throw new Error(`${method}: ${response.error.message}`);
  return response.result;
}

async function latest(request: JsonRpcRequest, ask: Ask): Promise<{ number: string; timestamp: string }> {
  return (await put(request, ask, "eth_getBlockByNumber", ["latest", false])) as { number: string; timestamp: string };
}

export default function handlers(): Promise<Partial<NetworkHooks>> {
  const clocks = new Map<number, StillClock>();
  return Promise.resolve({
    async newConnection(context, next) {
      const connection = await next(context);
      const { networkConfig, id } = connection;
      if (networkConfig.type === "edr-simulated")
        clocks.set(id, new StillClock(networkConfig.allowBlocksWithSameTimestamp ? 0n : 1n));
      return connection;
    },

    onRequest(context, connection, request, next) {
      const ask = (asked: JsonRpcRequest) => next(context, connection, asked);
      return clocks.get(connection.id)?.follow(request, ask) ?? ask(request);
    },
  });
}
