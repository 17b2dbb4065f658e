import { expect } from "chai";
import { AbiCoder } from "ethers/abi";
import { ZeroHash } from "ethers/constants";
import { keccak256 } from "ethers/crypto";
import { id } from "ethers/hash";
import { toQuantity } from "ethers/utils";
import { Wallet } from "ethers/wallet";
import type { JsonRpcRequest, JsonRpcResponse } from "hardhat/types/providers";

import { Chronicle } from "../../scripts/lib/coverage/chronicle.ts";
import { creationOf } from "../../scripts/lib/coverage/creations.ts";
import { branchesOfLaws } from "../../scripts/lib/coverage/laws.ts";
import { chainIn, hashesOfLogs, KINDS } from "../../scripts/lib/coverage/step.ts";

const SENDER = "0x1111111111111111111111111111111111111111";
const FUND = "0x2222222222222222222222222222222222222222";
const BUILDS = [{ artifact: "contracts/Fund.sol:Fund", bytecode: "0x6001" }];
const LINE = "tuple(uint8,bool,uint64,uint64,address,address,uint64,address,uint256,string,bytes,bool,bytes32[])";

/** A chain of one block for each transaction, which answers what the chronicle asks, and everything else as it is told. */
class FakeChain {
  readonly chronicle = new Chronicle("a test", BUILDS);
  /** What receipts say that differs from what they say of success. */
  receipt: object = {};
  #blocks: object[] = [];
  #logs: object[] = [];

  constructor() {
    this.mine([]);
  }

  mine(transactions: object[], logs: object[] = []): void {
    const n = this.#blocks.length;
    this.#logs = logs;
    this.#blocks.push({ number: hex(n), timestamp: hex(1_000 + n), miner: FUND, transactions });
  }

  /** Has the chronicle follow a request that ends so. */
  async follow(method: string, params: unknown[], answer: () => unknown): Promise<JsonRpcResponse> {
    return this.chronicle.follow({ jsonrpc: "2.0", id: 1, method, params }, async (asked) => ({
      jsonrpc: "2.0",
      id: 1,
      result: asked.method === method ? await answer() : this.#answer(asked),
    }));
  }

  /** What was written down since the last time, but for the first line. */
  steps() {
    return this.chronicle
      .take()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => AbiCoder.defaultAbiCoder().decode([LINE], line)[0] as (bigint | string | boolean)[])
      .map(([kind, dry, block, timestamp, , from, nonce, to, value, artifact, data, succeeded, outcomes]) => ({
        ...{ kind: KINDS[Number(kind)], dry, block, timestamp, from, nonce, to, value, artifact, data, succeeded },
        outcomes: [...(outcomes as unknown as string[])],
      }))
      .filter(({ kind }) => kind !== "chain");
  }

  #answer({ method, params }: JsonRpcRequest): unknown {
    if (method === "eth_getTransactionReceipt")
      return { contractAddress: FUND, ...{ status: "0x1", gasUsed: "0x5208" }, logs: this.#logs, ...this.receipt };
    if (method === "eth_getCode") return `0xef0100${(params as string[])[0]?.slice(2)}`;
    const [tag] = params as string[];
    const next = this.#blocks.length;
    if (tag === "pending") return { number: null, timestamp: hex(1_000 + next), miner: FUND, transactions: [] };
    return tag === "latest" ? this.#blocks.at(-1) : this.#blocks[Number(tag)];
  }
}

const hex = (n: number) => `0x${n.toString(16)}`;
const sent = { hash: ZeroHash, from: SENDER, to: FUND, value: "0x5", input: "0xabcd", gas: "0xffffff", nonce: "0x7" };
const send = (chain: FakeChain, transaction: object, logs: object[] = []) =>
  chain.follow("eth_sendRawTransaction", ["0x"], () => {
    chain.mine([transaction], logs);
    return ZeroHash;
  });

describe("the record of a chain", () => {
  let chain: FakeChain;
  beforeEach(() => {
    chain = new FakeChain();
  });

  it("begins with whose chain it is", async () => {
    await send(chain, sent);
    const names = chain.chronicle.take().trimEnd().split("\n").map(chainIn);
    expect(names).to.deep.equal(["a test", undefined]);
  });

  describe("given a transaction", () => {
    it("holds what its block says of it, and the hash of what it logged", async () => {
      const log = { address: FUND, topics: [ZeroHash], data: "0x01" };
      await send(chain, sent, [log]);
      expect(chain.steps()).to.deep.equal([
        {
          ...{ kind: "call", dry: false, block: 1n, timestamp: 1_001n, from: SENDER, nonce: 7n, to: FUND, value: 5n },
          ...{ artifact: "", data: "0xabcd", succeeded: true, outcomes: hashesOfLogs([log]) },
        },
      ]);
      expect(hashesOfLogs([log, { ...log, data: "0x02" }]))
        .to.have.length(2)
        .and.to.include(hashesOfLogs([log])[0]);
    });

    it("names the contract of ours that it creates, and keeps the constructor's arguments", async () => {
      await send(chain, { ...sent, to: null, input: "0x6001ff" });
      const [step] = chain.steps();
      expect(step).to.include({ kind: "create", to: FUND, artifact: "contracts/Fund.sol:Fund", data: "0xff" });
    });

    it("waits for the block that takes it up", async () => {
      await chain.follow("eth_sendRawTransaction", ["0x"], () => ZeroHash);
      expect(chain.chronicle.size).to.equal(1);
      await chain.follow("evm_mine", [], () => {
        chain.mine([sent]);
        chain.mine([]);
      });
      expect(chain.steps()).to.have.length(1);
    });
  });

  describe("given a call", () => {
    it("holds what it returned at the last block", async () => {
      await chain.follow("eth_call", [{ to: FUND, data: "0x01" }, "latest"], () => "0x1234");
      const [step] = chain.steps();
      expect(step).to.deep.include({
        dry: true,
        block: 0n,
        timestamp: 1_000n,
        succeeded: true,
        outcomes: [keccak256("0x1234")],
      });
    });

    it("leaves out what is asked of the past, and an estimate that succeeds", async () => {
      await chain.follow("eth_call", [{ to: FUND, data: "0x01" }, "0x0"], () => "0x");
      await chain.follow("eth_estimateGas", [{ to: FUND, data: "0x01" }], () => "0x5208");
      expect(chain.chronicle.size).to.equal(1);
    });
  });

  describe("given what fails with little gas", () => {
    const failing = (chain: FakeChain, gas: string) =>
      chain.follow("eth_call", [{ to: FUND, data: "0x01", gas }, "latest"], () => {
        throw Object.assign(new Error("reverted"), { data: "0xdead" });
      });

    it("leaves it out, since with more it may end otherwise", async () => {
      await failing(chain, "0x5208").catch(() => undefined);
      expect(chain.chronicle.size).to.equal(1);
      await failing(chain, "0xffffff").catch(() => undefined);
      expect(chain.chronicle.size).to.equal(2);
    });
  });

  describe("given a transaction that fails", () => {
    it("holds that it did, unless it was for want of gas, however much it had", async () => {
      for (const [gasUsed, written] of [
        ["0xfffffe", ["call"]],
        [sent.gas, []],
      ] as const) {
        chain.receipt = { status: "0x0", gasUsed };
        await send(chain, sent);
        expect(chain.steps().map(({ kind }) => kind)).to.deep.equal(written);
      }
    });
  });

  describe("given a transaction by which an account takes on the code of a contract", () => {
    it("gives the account that code first", async () => {
      const account = new Wallet(id("an account"));
      const { chainId, nonce, signature } = await account.authorize({ address: FUND, chainId: 31_337, nonce: 1 });
      const { r, s, yParity } = signature;
      const list = [
        { address: FUND, chainId: toQuantity(chainId), nonce: toQuantity(nonce), r, s, yParity: hex(yParity) },
      ];
      await send(chain, { ...sent, authorizationList: list });
      const [code, call] = chain.steps();
      expect(code).to.include({
        kind: "code",
        to: account.address,
        data: `0xef0100${account.address.slice(2).toLowerCase()}`,
      });
      expect(call).to.include({ kind: "call", to: FUND });
    });
  });

  describe("given an estimate that fails", () => {
    it("holds how, at the block to come, and the one who asked gets the error", async () => {
      const refusal = Object.assign(new Error("reverted"), { data: { data: "0xdead" } });
      const estimate = chain.follow("eth_estimateGas", [{ to: FUND, from: SENDER, data: "0x01" }], () => {
        throw refusal;
      });
      expect(await estimate.catch((error: unknown) => error)).to.equal(refusal);
      const [step] = chain.steps();
      expect(step).to.deep.include({
        dry: true,
        block: 1n,
        timestamp: 1_001n,
        succeeded: false,
        outcomes: [keccak256("0xdead")],
      });
    });
  });

  describe("given a transaction that is refused before it is sent", () => {
    it("holds it as asked, and waits for no block of it", async () => {
      await send(chain, sent);
      chain.steps();
      const refused = chain.follow("eth_sendTransaction", [{ to: FUND, from: SENDER, data: "0x01" }], () => {
        throw Object.assign(new Error("reverted"), { data: { data: "0xdead" } });
      });
      await refused.catch(() => undefined);
      await chain.follow("evm_mine", [], () => {
        chain.mine([sent]);
      });
      const steps = chain.steps();
      expect(steps).to.have.length(1);
      expect(steps[0]).to.deep.include({ dry: true, block: 2n, succeeded: false, outcomes: [keccak256("0xdead")] });
    });
  });

  describe("given snapshots", () => {
    it("numbers them, and goes back to the one that is named", async () => {
      for (const id of ["0x1", "0x2"]) await chain.follow("evm_snapshot", [], () => id);
      await chain.follow("evm_revert", ["0x1"], () => true);
      const steps = chain.steps().map(({ kind, value }) => ({ kind, value }));
      expect(steps).to.deep.equal([
        { kind: "snapshot", value: 0n },
        { kind: "snapshot", value: 1n },
        { kind: "revert", value: 0n },
      ]);
    });
  });

  describe("given requests at once", () => {
    it("takes them one by one, and lets through what Hardhat asks to answer one", async () => {
      const call = (data: string, answer: () => unknown) =>
        chain.follow("eth_call", [{ to: FUND, data }, "latest"], answer);
      const within = async () => {
        await call("0x02", () => "0x");
        return "0x";
      };
      await Promise.all([call("0x01", within), call("0x03", () => "0x")]);
      expect(chain.steps().map(({ data }) => data)).to.deep.equal(["0x01", "0x03"]);
    });
  });
});

describe("creationOf", () => {
  it("leaves code that is none of ours whole", () => {
    expect(creationOf("0x6002ff", BUILDS)).to.deep.equal({ artifact: "", data: "0x6002ff" });
  });
});

describe("branchesOfLaws", () => {
  const rewritten = (law: string) =>
    branchesOfLaws(`pragma solidity 0.8.34;\n${law}`, "./Kept.sol").split("\n").slice(1).join("\n");

  describe("given a law with a reason", () => {
    it("makes both its ways statements, in the same lines", () => {
      expect(branchesOfLaws("pragma solidity 0.8.34;\nrequire(a > f(b, c), Reason(a, (b)));", "./Kept.sol")).to.equal(
        'pragma solidity 0.8.34; import {kept} from "./Kept.sol";\nif (!(a > f(b, c))) revert Reason(a, (b)); else kept();',
      );
      expect(rewritten("require(\n  a || b,\n  Reason(a)\n);")).to.equal(
        "if (!(\n  a || b)) revert\n  Reason(a)\n; else kept();",
      );
    });
  });

  describe("given what is no such law", () => {
    it("leaves it as it is", () => {
      for (const other of [
        "require(a);",
        'require(a, "no");',
        "// require(a, B());",
        "_require(a, B());",
        'f("require(a, B());");',
      ])
        expect(rewritten(other)).to.equal(other);
    });
  });
});
