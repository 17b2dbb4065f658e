import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { Contract, ContractTransactionResponse } from "ethers";
import { ZeroAddress, concat, zeroPadValue } from "ethers";

import type { PlainToken } from "../../typechain-types/index.ts";
import type { Connection } from "../support/chain.ts";
import { gasOf } from "../support/operations.ts";
import { createSafe, inOrder } from "../support/safe.ts";
import { majorityOf } from "./chamber.ts";
import type { Act, Chamber, DecisionCosts, Manner } from "./chamber.ts";

/** The hand-written floor: one word counts, and a majority acts at once. It takes no ballots by signature. */
export async function floorChamber({ ethers }: Connection, seats: number, act: Act): Promise<Chamber> {
  const voters = (await ethers.getSigners()).slice(20, 20 + seats);
  const floor = await ethers.deployContract("BallotFloor", [voters.map(({ address }) => address)]);
  let proposalId = 0n;
  return {
    seats,
    async decide() {
      const { payee, data } = act.next();
      const propose = await gasOf(floor.connect(voters[0]).open(++proposalId, act.target, data));
      const ballots: bigint[] = [];
      for (const voter of voters.slice(0, majorityOf(seats))) {
        ballots.push(await gasOf(floor.connect(voter).cast(proposalId, true)));
      }
      const queueAndExecute = await gasOf(floor.carryOut(proposalId, act.target, data));
      await act.expectDone(await floor.getAddress(), payee);
      return { propose, ballots, queueAndExecute };
    },
  };
}

/** A Safe's transaction without refund: the arguments of `getTransactionHash` and `execTransaction` before the last. */
const transactionOf = (to: string, data: string) => [to, 0n, data, 0, 0n, 0n, 0n, ZeroAddress, ZeroAddress] as const;

/** A Safe 1.5 whose majority of owners must agree. Nothing is proposed on chain, and what is agreed is done at once. */
export class SafeChamber implements Chamber {
  readonly seats: number;
  readonly #safe: Contract;
  readonly #owners: HardhatEthersSigner[];
  readonly #relayer: HardhatEthersSigner;
  readonly #act: Act;

  private constructor(safe: Contract, owners: HardhatEthersSigner[], relayer: HardhatEthersSigner, act: Act) {
    this.seats = owners.length;
    this.#safe = safe;
    this.#owners = owners;
    this.#relayer = relayer;
    this.#act = act;
  }

  static async found(connection: Connection, seats: number, act: Act): Promise<SafeChamber> {
    const signers = await connection.ethers.getSigners();
    const owners = inOrder(signers.slice(20, 20 + seats));
    const safe = await createSafe(connection, signers[0]!, owners, majorityOf(seats), "Safe.sol/Safe.json");
    return new SafeChamber(safe, owners, signers[3]!, act);
  }

  async address(): Promise<string> {
    return await this.#safe.getAddress();
  }

  /**
   * By transactions, all of the majority but one approve the hash, and that one executes, which needs no approval of its
   * own; by signatures, a relayer brings all of them.
   */
  async decide(manner: Manner): Promise<DecisionCosts> {
    const { payee, data } = this.#act.next();
    const costs = await this.#carry(this.#act.target, data, manner);
    await this.#act.expectDone(await this.address(), payee);
    return costs;
  }

  /** Gives it so much of a token, and has it pay that out by signatures. */
  async pay(token: PlainToken, payee: string, amount: bigint): Promise<bigint> {
    await token.mint(await this.address(), 2n * amount);
    const data = token.interface.encodeFunctionData("transfer", [payee, amount]);
    const target = await token.getAddress();
    // The first transaction of a Safe sets its nonce.
    await this.#carry(target, data, "signatures");
    const { queueAndExecute } = await this.#carry(target, data, "signatures");
    if ((await token.balanceOf(await this.address())) !== 0n) throw new Error("the Safe has not paid");
    return queueAndExecute;
  }

  async #carry(to: string, data: string, manner: Manner): Promise<DecisionCosts> {
    const majority = this.#owners.slice(0, majorityOf(this.seats));
    const executor = manner === "signatures" ? this.#relayer : majority.at(-1)!;
    const nonce = (await this.#safe.getFunction("nonce").staticCall()) as bigint;
    const hash = (await this.#safe
      .getFunction("getTransactionHash")
      .staticCall(...transactionOf(to, data), nonce)) as string;
    const ballots: bigint[] = [];
    const signatures: string[] = [];
    for (const owner of majority) {
      if (manner === "signatures") {
        signatures.push(await this.#sign(owner, to, data, nonce));
        continue;
      }
      if (owner !== executor) ballots.push(await gasOf(this.#send(owner, "approveHash", hash)));
      signatures.push(concat([zeroPadValue(owner.address, 32), zeroPadValue("0x", 32), "0x01"]));
    }
    const executing = this.#send(executor, "execTransaction", ...transactionOf(to, data), concat(signatures));
    return { propose: 0n, ballots, queueAndExecute: await gasOf(executing) };
  }

  async #send(sender: HardhatEthersSigner, name: string, ...args: unknown[]): Promise<ContractTransactionResponse> {
    return (await this.#safe.connect(sender).getFunction(name)(...args)) as ContractTransactionResponse;
  }

  async #sign(owner: HardhatEthersSigner, to: string, data: string, nonce: bigint): Promise<string> {
    const { chainId } = await owner.provider!.getNetwork();
    const domain = { chainId, verifyingContract: await this.address() };
    const fields = [
      "address to",
      "uint256 value",
      "bytes data",
      "uint8 operation",
      "uint256 safeTxGas",
      "uint256 baseGas",
      "uint256 gasPrice",
      "address gasToken",
      "address refundReceiver",
      "uint256 nonce",
    ].map((field) => field.split(" "));
    const types = { SafeTx: fields.map(([type, name]) => ({ type: type!, name: name! })) };
    const values = [...transactionOf(to, data), nonce];
    return await owner.signTypedData(
      domain,
      types,
      Object.fromEntries(fields.map(([, name], i) => [name!, values[i]])),
    );
  }
}
