import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { ContractTransactionResponse } from "ethers";
import { isError } from "ethers";

import { decode } from "../../../scripts/lib/events/decode.ts";
import type { Speaker, Speakers } from "../../../scripts/lib/events/events.ts";
import { compare } from "../../../scripts/lib/rules/compare.ts";
import type { Finding } from "../../../scripts/lib/rules/finding.ts";
import { Rulebook } from "../../../scripts/lib/rules/rulebook.ts";
import { readSetting } from "../../../scripts/lib/rules/setting.ts";
import { subjectsOf } from "../../../scripts/lib/rules/views/question.ts";
import { ProposalState, Support } from "../alliance.ts";
import type { Action, Alliance } from "../alliance.ts";
import { now } from "../chain.ts";
import { URGENT_GAS } from "../council.ts";
import type { seeded } from "../random.ts";

export const COERCERS = ["CHN", "RUS", "PRK"];

/** An act of somebody; it may be refused, and then nothing may change. */
export type Act = (w: World) => Promise<unknown>;

const SPEAKERS: Speaker[] = [
  "token",
  "timelock",
  "registry",
  "fund",
  "ledger",
  "coverage",
  "register",
  "panel",
  "council",
  "market",
  "measures",
  "distributor",
];

/** An alliance, and a rulebook that is told what the chain says. */
export class World {
  readonly a: Alliance;
  readonly dice: ReturnType<typeof seeded>;
  readonly rules: Rulebook;
  /** How often each kind of act was carried out, and how often refused. */
  readonly done = new Map<string, { times: number; refused: number }>();
  readonly #contracts: Speakers;
  readonly #speakers: ReadonlyMap<string, Speaker>;
  readonly #signers: ReadonlyMap<string, HardhatEthersSigner>;
  #nextSpare = 0;
  #nextLabel = 0;
  #nextBlock = 0;
  #shown = 0;
  #refused = false;

  private constructor(a: Alliance, dice: World["dice"], rules: Rulebook, signers: HardhatEthersSigner[]) {
    this.a = a;
    this.dice = dice;
    this.rules = rules;
    this.#contracts = a;
    const { addresses } = rules.setting;
    this.#speakers = new Map(SPEAKERS.filter((by) => by !== "token").map((by) => [addresses[by], by]));
    this.#signers = new Map(signers.map((signer) => [signer.address, signer]));
  }

  static async of(a: Alliance, dice: World["dice"]): Promise<World> {
    const contracts = Object.fromEntries(SPEAKERS.map((by) => [by, a[by]])) as unknown as Speakers;
    const rules = new Rulebook(await readSetting(contracts, "latest"));
    return new World(a, dice, rules, await a.ethers.getSigners());
  }

  signer(account: string): HardhatEthersSigner {
    return this.#signers.get(account)!;
  }

  /** An account that served nobody before. */
  spare(): HardhatEthersSigner {
    return this.a.spare(this.#nextSpare++);
  }

  label(): string {
    return this.a.ethers.id(`label ${++this.#nextLabel}`);
  }

  get members() {
    return [...this.rules.registry.members.values()];
  }

  treasuryOf(code: string): HardhatEthersSigner {
    return this.signer(this.rules.registry.member(code).treasury);
  }

  delegateOf(code: string): HardhatEthersSigner {
    return this.signer(this.rules.registry.member(code).delegate);
  }

  /** One of the member's two accounts. */
  officerOf(code: string): HardhatEthersSigner {
    return this.dice.below(2) === 0 ? this.treasuryOf(code) : this.delegateOf(code);
  }

  async now(): Promise<bigint> {
    return await now(this.a);
  }

  /** Sends what may be refused; tells whether it was carried out. */
  async try(send: () => Promise<ContractTransactionResponse>): Promise<boolean> {
    try {
      await send();
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#refused = true;
      return false;
    }
  }

  /** The council decides and carries it out, if enough seats vote: about a week. */
  async decide(...actions: Action[]): Promise<boolean> {
    const { council } = this.a;
    const voters = this.members.filter(({ seat, code }) => seat !== undefined && this.mayVote(code));
    const proposer = voters[0];
    if (proposer === undefined) return false;
    const targets = await Promise.all(actions.map(({ target }) => target.getAddress()));
    const data = actions.map(({ data }) => data);
    const values = actions.map(() => 0n);
    const sent = () => council.connect(this.delegateOf(proposer.code)).propose(targets, values, data, this.label());
    if (!(await this.try(sent))) return false;
    const proposalId = await council.latestProposalId();
    await this.a.time.increase(1n + BigInt(this.dice.below(1000)));
    for (const { code } of voters) {
      if ((await council.state(proposalId)) !== ProposalState.Active) break;
      await council.connect(this.delegateOf(code)).castVote(proposalId, Support.For, URGENT_GAS);
    }
    await council["queue(uint256)"](proposalId);
    await this.a.time.increaseTo((await council.proposalEta(proposalId)) + BigInt(this.dice.below(3)));
    return await this.try(() => council["execute(uint256)"](proposalId));
  }

  mayVote(code: string): boolean {
    const { electorate } = this.rules.registry;
    const { seat } = this.rules.registry.member(code);
    return seat !== undefined && ((electorate >> seat) & 1n) === 1n;
  }

  /** Does something, tells the rulebook, and compares what it touched, or all. */
  async step(name: string, act: Act, all: boolean): Promise<Finding[]> {
    this.#refused = false;
    await act(this);
    const { times, refused } = this.done.get(name) ?? { times: 0, refused: 0 };
    this.done.set(name, { times: times + 1, refused: refused + (this.#refused ? 1 : 0) });
    const block = await this.a.ethers.provider.getBlockNumber();
    const touched = await this.#follow(block);
    const told = this.rules.findings.slice(this.#shown);
    this.#shown = this.rules.findings.length;
    const { findings } = await compare(this.rules, this.#contracts, block, all ? undefined : touched);
    return [...told, ...findings];
  }

  async #follow(toBlock: number): Promise<ReadonlySet<string>> {
    const { provider } = this.a.ethers;
    const fromBlock = this.#nextBlock;
    this.#nextBlock = toBlock + 1;
    const logs = await provider.getLogs({ fromBlock, toBlock, address: [...this.#speakers.keys()] });
    const times = new Map<number, number>();
    const touched = new Set<string>();
    for (const { address, topics, data, blockNumber, index, transactionHash } of logs) {
      if (!times.has(blockNumber)) times.set(blockNumber, (await provider.getBlock(blockNumber))!.timestamp);
      const place = { block: blockNumber, index, transaction: transactionHash, time: times.get(blockNumber)! };
      const event = decode(this.#speakers.get(address)!, { topics, data }, place)!;
      this.rules.apply(event);
      for (const subject of subjectsOf(event)) touched.add(subject);
    }
    this.rules.finish();
    return touched;
  }
}

function isRefusal(error: unknown): boolean {
  return isError(error, "CALL_EXCEPTION") || String(error).includes("reverted with");
}
