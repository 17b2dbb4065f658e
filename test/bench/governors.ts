import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { ZeroAddress, id } from "ethers";

import type { BareGovernor } from "../../typechain-types/index.ts";
import { Support } from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import type { Connection } from "../support/chain.ts";
import { TIMELOCK_DELAY, signature } from "../support/council.ts";
import { gasOf, signedBallots } from "../support/operations.ts";
import { majorityOf } from "./chamber.ts";
import type { Act, Chamber, DecisionCosts, Manner } from "./chamber.ts";

/** How many blocks BareGovernor's votes last, and one. In seconds it is shorter than any vote of ours. */
const PERIOD_IN_BLOCKS = 1_001;

interface Body {
  connection: Connection;
  /** Ours and OpenZeppelin's answer to the same calls. */
  governor: BareGovernor;
  voters: HardhatEthersSigner[];
  relayer: HardhatEthersSigner;
  /** Who executes for it. */
  executor: string;
}

/** OpenZeppelin's governor, and ours, which is one. */
class GovernorChamber implements Chamber {
  readonly seats: number;
  readonly body: Body;
  readonly #act: Act;
  #proposals = 0;

  constructor(body: Body, act: Act) {
    this.seats = body.voters.length;
    this.body = body;
    this.#act = act;
  }

  async decide(manner: Manner): Promise<DecisionCosts> {
    const { governor, voters, connection } = this.body;
    const { mine, time } = connection.networkHelpers;
    const { payee, call, description, proposalId, gas } = await this.#propose();
    const majority = voters.slice(0, majorityOf(this.seats));
    const bring = manner === "transactions" ? this.cast.bind(this) : this.castBySignatures.bind(this);
    const ballots = await bring(proposalId, majority);
    await mine(PERIOD_IN_BLOCKS);
    let queueAndExecute = 0n;
    if (await governor.proposalNeedsQueuing(proposalId)) {
      queueAndExecute += await gasOf(governor.queue(...call, description));
      await time.increase(TIMELOCK_DELAY);
    }
    queueAndExecute += await gasOf(governor.execute(...call, description));
    await this.#act.expectDone(this.body.executor, payee);
    return { propose: gas, ballots, queueAndExecute };
  }

  async ballotBySignature(seat: number): Promise<bigint> {
    const { voters } = this.body;
    const { proposalId } = await this.#propose();
    await this.cast(proposalId, [voters[0]!]);
    return await this.oneBySignature(proposalId, voters[seat]!);
  }

  /** Casts ballots, and gives what each cost. */
  async cast(proposalId: bigint, voters: HardhatEthersSigner[]): Promise<bigint[]> {
    const costs: bigint[] = [];
    for (const voter of voters) {
      costs.push(await gasOf(this.body.governor.connect(voter).castVote(proposalId, Support.For)));
    }
    return costs;
  }

  /** Brings signed ballots as cheaply as the governor can take them, and gives what each cost. */
  async castBySignatures(proposalId: bigint, voters: HardhatEthersSigner[]): Promise<bigint[]> {
    const costs: bigint[] = [];
    for (const voter of voters) costs.push(await this.oneBySignature(proposalId, voter));
    return costs;
  }

  protected async oneBySignature(proposalId: bigint, voter: HardhatEthersSigner): Promise<bigint> {
    const { governor, relayer, connection } = this.body;
    const { ethers } = connection;
    const name = await governor.name();
    const bytes = await signature({ ethers, council: governor }, voter, proposalId, Support.For, { name });
    return await gasOf(governor.connect(relayer).castVoteBySig(proposalId, Support.For, voter.address, bytes));
  }

  /** Proposes the act once more, and opens the vote. */
  async #propose() {
    const { governor, voters, connection } = this.body;
    const { payee, data } = this.#act.next();
    // Of one length, and given to everybody.
    const text = `Approve one more payee, ${String(++this.#proposals).padStart(3, "0")}`;
    const call = [[this.#act.target], [0n], [data]] satisfies [string[], bigint[], string[]];
    const gas = await gasOf(governor.connect(voters[0]).propose(...call, text));
    const description = id(text);
    const proposalId = await governor.getProposalId(...call, description);
    await connection.networkHelpers.mine(2);
    return { payee, call, description, proposalId, gas };
  }
}

/** Our council by its ordinary procedure, which takes signed ballots in batches. */
class OurChamber extends GovernorChamber {
  readonly #alliance: Alliance;

  constructor(a: Alliance, body: Body, act: Act) {
    super(body, act);
    this.#alliance = a;
  }

  override async castBySignatures(proposalId: bigint, voters: HardhatEthersSigner[]): Promise<bigint[]> {
    const all = await signedBallots(this.#alliance, proposalId, voters.length, Support.For);
    return voters.map(() => all / BigInt(voters.length));
  }
}

/** Our council of an alliance. */
export async function chamberOf(a: Alliance, act: Act): Promise<Chamber> {
  const governor: BareGovernor = await a.ethers.getContractAt("BareGovernor", await a.council.getAddress());
  const voters = a.states.map(({ delegate }) => delegate);
  const executor = await a.timelock.getAddress();
  return new OurChamber(a, { connection: a.connection, governor, voters, relayer: a.relayer, executor }, act);
}

/** OpenZeppelin's governor with one token for each voter. */
export async function openZeppelinChamber(
  connection: Connection,
  seats: number,
  act: Act,
  kind: "full" | "bare",
): Promise<Chamber> {
  const { ethers } = connection;
  const signers = await ethers.getSigners();
  const voters = signers.slice(20, 20 + seats);
  const votes = await ethers.deployContract("VotingToken");
  for (const voter of voters) {
    await votes.mint(voter.address, 1n);
    await votes.connect(voter).delegate(voter.address);
  }
  const found = kind === "bare" ? bareGovernor : fullGovernor;
  const made = await found(connection, await votes.getAddress(), signers[0]!);
  return new GovernorChamber({ connection, voters, relayer: signers[3]!, ...made }, act);
}

type Made = Pick<Body, "governor" | "executor">;

async function bareGovernor({ ethers }: Connection, votes: string): Promise<Made> {
  const governor = await ethers.deployContract("BareGovernor", [votes]);
  return { governor, executor: await governor.getAddress() };
}

async function fullGovernor({ ethers }: Connection, votes: string, deployer: HardhatEthersSigner): Promise<Made> {
  const timelock = await ethers.deployContract("TimelockController", [TIMELOCK_DELAY, [], [ZeroAddress], deployer]);
  const executor = await timelock.getAddress();
  const full = await (await ethers.deployContract("FullGovernor", [votes, executor])).getAddress();
  await timelock.grantRole(await timelock.PROPOSER_ROLE(), full);
  return { governor: await ethers.getContractAt("BareGovernor", full), executor };
}
