import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { ethers as ethersLib } from "ethers";

import { crisisInsuranceFund, toBytes3 } from "../../deploy/modules/CrisisInsuranceFund.ts";
import type { Founding } from "../../deploy/modules/CrisisInsuranceFund.ts";
import type {
  AttackRegister,
  CompensationDistributor,
  ContributionLedger,
  Council,
  CoverageBook,
  CrisisFund,
  LossPanel,
  MeasuresRegister,
  MemberRegistry,
  SolidarityMarket,
  TimelockController,
} from "../../typechain-types/index.ts";
import { asContract, moveTo, now } from "./chain.ts";
import type { Connection } from "./chain.ts";

export const DAY = 86_400n;
export const PERIOD = 90n * DAY;
export const YEAR = 365n * DAY;
export const PPM = 1_000_000n;
export const UNIT = 1_000_000n; // one unit of the six-decimal test token
export const MILLION = 1_000_000n * UNIT;

export const Support = { Against: 0, For: 1, Abstain: 2 } as const;
export const Kind = { State: 0, Partner: 1 } as const;
export const Status = { None: 0n, Active: 1n, Suspended: 2n, Withdrawn: 3n, Expelled: 4n } as const;
export const ProposalState = {
  Pending: 0n,
  Active: 1n,
  Canceled: 2n,
  Defeated: 3n,
  Succeeded: 4n,
  Queued: 5n,
  Expired: 6n,
  Executed: 7n,
} as const;
export const CaseStatus = {
  None: 0n,
  Voting: 1n,
  Approved: 2n,
  Rejected: 3n,
  Revoked: 4n,
  Fallen: 5n,
  Recognised: 6n,
  Closed: 7n,
} as const;
export const Measure = { ImportBan: 0, Tariff: 2, CustomsDelisting: 3, OrderCancellation: 5, Other: 10 } as const;

/** A country code as the contracts know it. */
export const code = toBytes3;
/** A hash of a label, for evidence, documents and memos. */
export const hash = (label: string): string => ethersLib.id(label);

export interface TestMember {
  name: string;
  code: string;
  treasury: HardhatEthersSigner;
  delegate: HardhatEthersSigner;
}

export interface AllianceOptions {
  /** States, in order of their seats. */
  states?: string[];
  partners?: string[];
  /** Weight of each member, in ppm; else an equal share. */
  capacity?: number;
  assessors?: number;
  /** Registered trade of each State and Partner with CHN, in base units. */
  baseline?: bigint;
  parameters?: Record<string, unknown>;
  /** Seconds from the deployment to genesis. */
  genesisIn?: bigint;
  /** Under which name Ignition records it on a chain that is not in this process. */
  deploymentId?: string;
}

const CRITERIA = ["elected government", "UDHR", "ICCPR", "national laws", "Human Rights Act"];

/** A complete dossier of a member, with the hashes of labels. */
export function dossierOf(name: string): { hash: string; uri: string }[] {
  return CRITERIA.map((criterion) => ({ hash: hash(`${name}: ${criterion}`), uri: `ipfs://${name}/${criterion}` }));
}

export const DEFAULT_STATES = ["LTU", "EST", "LVA", "POL", "CZE", "NOR", "AUS"];

/** Founds an alliance through the deployment module of a live network. */
export async function foundAlliance(connection: Connection, options: AllianceOptions = {}) {
  const { ethers, ignition, networkHelpers } = connection;
  const signers = await ethers.getSigners();
  const at = (index: number) => signers[index]!;
  const [deployer, guardian, stranger, relayer, issuer] = [at(0), at(1), at(2), at(3), at(4)] as const;
  const assessors = Array.from({ length: options.assessors ?? 5 }, (_, i) => at(5 + i));
  const states = options.states ?? DEFAULT_STATES;
  const partners = options.partners ?? ["TWN"];
  const members: TestMember[] = [...states, ...partners].map((name, i) => ({
    name,
    code: code(name),
    treasury: at(20 + 2 * i),
    delegate: at(21 + 2 * i),
  }));
  const spare = (index: number) => at(459 - index);

  const token = await ethers.deployContract("TestToken", [issuer.address]);
  const capacity = options.capacity ?? Math.min(200_000, Math.floor(1_000_000 / members.length));
  const founding: Founding = {
    members: members.map((m, i) => ({
      code: m.name,
      kind: i < states.length ? "State" : "Partner",
      treasury: m.treasury.address,
      delegate: m.delegate.address,
      dossier: dossierOf(m.name),
      capacity,
      dependence: 0,
    })),
    exposures: members.map((m) => ({
      code: m.name,
      coercer: "CHN",
      baseline: options.baseline ?? 200n * MILLION,
      dependence: 100_000,
      source: hash(`${m.name}: trade with CHN`),
    })),
    assessors: assessors.map((a, i) => ({ account: a.address, member: members[i % members.length]!.name })),
  };
  const genesis = (await now(networkHelpers)) + (options.genesisIn ?? 10n * DAY);
  const deployed = await ignition.deploy(crisisInsuranceFund(founding), {
    ...(options.deploymentId === undefined ? {} : { deploymentId: options.deploymentId }),
    parameters: {
      CrisisInsuranceFund: {
        token: await token.getAddress(),
        guardian: guardian.address,
        genesis,
        timelockDelay: 7n * DAY,
        votingPeriod: 14n * DAY,
        firstBudget: 100n * MILLION,
        founderCoverDelay: 180n * DAY,
        loading: 0,
        callCap: 1_000_000,
        ceding: 800_000,
        attachment: 50_000,
        exhaustion: 600_000,
        yearlyLimit: 1_000n * MILLION,
        ...options.parameters,
      },
    },
  });
  const typed = async <T>(name: string, contract: { getAddress(): Promise<string> }) =>
    (await ethers.getContractAt(name, await contract.getAddress())) as unknown as T;
  const contracts = {
    token,
    timelock: await typed<TimelockController>("TimelockController", deployed.timelock),
    registry: await typed<MemberRegistry>("MemberRegistry", deployed.registry),
    fund: await typed<CrisisFund>("CrisisFund", deployed.fund),
    ledger: await typed<ContributionLedger>("ContributionLedger", deployed.ledger),
    coverage: await typed<CoverageBook>("CoverageBook", deployed.coverage),
    register: await typed<AttackRegister>("AttackRegister", deployed.register),
    panel: await typed<LossPanel>("LossPanel", deployed.panel),
    council: await typed<Council>("Council", deployed.council),
    market: await typed<SolidarityMarket>("SolidarityMarket", deployed.market),
    measures: await typed<MeasuresRegister>("MeasuresRegister", deployed.measures),
    distributor: await typed<CompensationDistributor>("CompensationDistributor", deployed.distributor),
  };

  // Every treasury can pay, and has approved the fund.
  const fundAddress = await contracts.fund.getAddress();
  for (const m of members) {
    await token.connect(issuer).mint(m.treasury.address, 10_000n * MILLION);
    await token.connect(m.treasury).approve(fundAddress, ethersLib.MaxUint256);
  }
  return {
    connection,
    ethers,
    time: networkHelpers.time,
    ...contracts,
    deployer,
    guardian,
    stranger,
    relayer,
    issuer,
    assessors,
    spare,
    members,
    states: members.slice(0, states.length),
    partners: members.slice(states.length),
    member: (name: string) => members.find((m) => m.name === name)!,
    genesis,
  };
}

export type Alliance = Awaited<ReturnType<typeof foundAlliance>>;

/** An action of a proposal: a call of one of the fund's contracts. */
export interface Action {
  target: { getAddress(): Promise<string> };
  data: string;
}

let proposals = 0;

/** Proposes by the first voting seat. Voting opens the second after. */
export async function propose(
  a: Alliance,
  actions: Action[],
  description = `Proposal ${++proposals}`,
  proposer: HardhatEthersSigner = a.states[0]!.delegate,
): Promise<bigint> {
  const targets = await Promise.all(actions.map(({ target }) => target.getAddress()));
  await a.council.connect(proposer).propose(
    targets,
    actions.map(() => 0n),
    actions.map(({ data }) => data),
    description,
  );
  return await a.council.latestProposalId();
}

/** Casts For ballots, States in order, until the proposal is decided. */
export async function voteThrough(a: Alliance, proposalId: bigint): Promise<void> {
  await moveTo(a, (await a.council.proposalSnapshot(proposalId)) + 1n);
  for (const { delegate } of a.states) {
    if ((await a.council.state(proposalId)) !== ProposalState.Active) break;
    if (await a.council.hasVoted(proposalId, delegate.address)) continue;
    const { seat, seated } = await a.registry.accountOf(delegate.address);
    const { remaining } = await a.council.ballotBox(proposalId);
    if (!seated || ((remaining >> seat) & 1n) === 0n) continue;
    await a.council.connect(delegate).castVote(proposalId, Support.For, { gasLimit: 3_000_000 });
  }
}

/** Carries a decision through: proposal, votes, timelock, execution. Takes a little over seven days. */
export async function decide(a: Alliance, ...actions: Action[]): Promise<void> {
  const proposalId = await propose(a, actions);
  await voteThrough(a, proposalId);
  await a.council["queue(uint256)"](proposalId);
  await a.time.increaseTo(await a.council.proposalEta(proposalId));
  await a.council["execute(uint256)"](proposalId);
}

/** Acts as the timelock at once, for laws that lie behind a decision. */
export async function asTimelock<T>(a: Alliance, act: (timelock: HardhatEthersSigner) => Promise<T>): Promise<T> {
  return await asContract(a, a.timelock, act);
}

/** Pays every member's assessments up to and including the period now running. */
export async function payAll(a: Alliance): Promise<void> {
  for (const m of a.members) await payDebt(a, m);
}

/** Pays all that a member has been asked so far, due or not. */
export async function payDebt(a: Alliance, m: TestMember): Promise<void> {
  const asked = await a.ledger.askedOf(m.code);
  const { paid } = await a.ledger.account(m.code);
  if (asked > paid) await a.ledger.connect(m.treasury).contribute(m.code, asked - paid);
}

/** Moves to `days` after genesis, paying every period's assessments on the way. */
export async function liveUntil(a: Alliance, days: bigint): Promise<void> {
  const until = a.genesis + days * DAY;
  for (let start = a.genesis; start <= until; start += PERIOD) {
    await moveTo(a, start);
    await payAll(a);
  }
  await moveTo(a, until);
}

let filings = 0;

/** Files an attack by CHN that began now, or at `startedAt`. */
export async function fileAttack(
  a: Alliance,
  m: TestMember,
  options: { startedAt?: bigint; coercer?: string; share?: number; measure?: number } = {},
): Promise<{ attackId: bigint; proposalId: bigint; startedAt: bigint }> {
  const startedAt = options.startedAt ?? (await now(a));
  await a.register
    .connect(m.delegate)
    .file(
      m.code,
      code(options.coercer ?? "CHN"),
      options.measure ?? Measure.ImportBan,
      startedAt,
      hash(`evidence ${++filings}`),
      "ipfs://evidence",
      hash("incident"),
      options.share ?? 0,
    );
  const attackId = await a.register.attackCount();
  const { proposalId } = await a.register.attack(attackId);
  return { attackId, proposalId, startedAt };
}

/** Files an attack and has it recognised. */
export async function recognisedAttack(a: Alliance, m: TestMember, options: Parameters<typeof fileAttack>[2] = {}) {
  const filed = await fileAttack(a, m, options);
  await voteThrough(a, filed.proposalId);
  return filed;
}

/** Moves to the end of a round and has every assessor report the same loss. */
export async function reportRound(a: Alliance, attackId: bigint, round: number, loss: bigint): Promise<void> {
  await moveTo(a, (await a.register.round(attackId, round)).endsAt);
  for (const assessor of a.assessors) {
    // The last report settles the round.
    if (!(await a.register.round(attackId, round)).open) return;
    try {
      await a.panel.connect(assessor).report(attackId, round, loss, hash(`report ${attackId} ${round}`));
    } catch (error) {
      if (!String(error).includes("PanelConflicted")) throw error;
    }
  }
}
