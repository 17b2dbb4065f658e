import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { ethers as ethersLib } from "ethers";

import { crisisInsuranceFund, toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import type { FoundingExposure } from "../../../deploy/modules/CrisisInsuranceFund.ts";
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
  TestToken,
  TimelockController,
} from "../../../typechain-types/index.ts";
import type { AllianceMember } from "./alliance.ts";
import { Chain, secondBySecond } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { InputError } from "../csv.ts";
import type { ModuleParameters } from "./parameters.ts";

export const DAY = 86_400;
export const PERIOD = 90 * DAY;
export const YEAR = 365 * DAY;

const FIRST_MEMBER_KEY = 20;
const MOST_ASSESSORS = 15;
const CRITERIA = ["elected government", "UDHR", "ICCPR", "national laws", "Human Rights Act"] as const;

export interface Evidence {
  hash: string;
  uri: string;
}

/** A member with the two accounts that act for it. */
export interface Actor {
  code: string;
  name: string;
  kind: "State" | "Partner";
  bytes3: string;
  treasury: HardhatEthersSigner;
  delegate: HardhatEthersSigner;
}

export interface Assessor {
  account: HardhatEthersSigner;
  /** The member that named it. */
  member: string;
}

export interface Contracts {
  token: TestToken;
  timelock: TimelockController;
  registry: MemberRegistry;
  fund: CrisisFund;
  ledger: ContributionLedger;
  coverage: CoverageBook;
  register: AttackRegister;
  panel: LossPanel;
  council: Council;
  market: SolidarityMarket;
  measures: MeasuresRegister;
  distributor: CompensationDistributor;
}

export interface Ledger extends Contracts {
  connection: Connection;
  chain: Chain;
  genesis: number;
  deployedAt: number;
  /** Everyone who ever joins, States first, each by code. */
  actors: Actor[];
  assessors: Assessor[];
  issuer: HardhatEthersSigner;
  /** Brings what others have signed, and sends what anyone may. */
  relayer: HardhatEthersSigner;
}

export interface LedgerFounding {
  alliance: { members: readonly Pick<AllianceMember, "code" | "weight">[] };
  /** Everyone who ever joins. */
  everMembers: readonly Pick<AllianceMember, "code" | "name" | "kind">[];
  genesis: number;
  parameters: ModuleParameters;
  exposures: FoundingExposure[];
  /** The members that name an assessor each. */
  naming: string[];
}

/** A hash that stands for a document of the replay. */
export function documentHash(text: string): string {
  return ethersLib.id(text);
}

/** Where a document of the replay would lie. */
export function documentUri(...parts: (number | string)[]): string {
  return `urn:replay:${parts.map((part) => String(part).replaceAll(" ", "-").toLowerCase()).join(":")}`;
}

/** Deploys the whole ledger through the module of a live network, and founds the alliance, a transaction a second. */
export async function foundLedger(connection: Connection, founding: LedgerFounding): Promise<Ledger> {
  return await secondBySecond(connection, () => found(connection, founding));
}

async function found(connection: Connection, founding: LedgerFounding): Promise<Ledger> {
  const { ethers, ignition } = connection;
  const signers = await ethers.getSigners();
  const signer = (index: number): HardhatEthersSigner => {
    const found = signers[index];
    if (found === undefined)
      throw new InputError(`The network has ${signers.length} accounts, too few for the alliance.`);
    return found;
  };
  const [guardian, relayer, issuer] = [signer(1), signer(2), signer(3)];
  const actors = founding.everMembers.map(({ code, name, kind }, i) => ({
    code,
    name,
    kind,
    bytes3: toBytes3(code),
    treasury: signer(FIRST_MEMBER_KEY + 2 * i),
    delegate: signer(FIRST_MEMBER_KEY + 2 * i + 1),
  }));
  const assessors = founding.naming.slice(0, MOST_ASSESSORS).map((member, i) => ({ account: signer(4 + i), member }));

  const token = await ethers.deployContract("TestToken", [issuer.address]);
  const module = crisisInsuranceFund({
    members: founding.alliance.members.map(({ code, weight }) => {
      const { kind, treasury, delegate } = actorOf(actors, code);
      const [paying, acting] = [treasury.address, delegate.address];
      const dossier = dossierOf(code);
      return { code, kind, treasury: paying, delegate: acting, dossier, capacity: Number(weight), dependence: 0 };
    }),
    exposures: founding.exposures,
    assessors: assessors.map(({ account, member }) => ({ account: account.address, member })),
  });
  const deployed = await ignition.deploy(module, {
    parameters: {
      CrisisInsuranceFund: {
        ...founding.parameters,
        token: await token.getAddress(),
        guardian: guardian.address,
        genesis: founding.genesis,
      },
    },
  });
  const typed = async <T>(name: string, contract: { getAddress(): Promise<string> }) =>
    (await ethers.getContractAt(name, await contract.getAddress())) as unknown as T;
  const chain = await Chain.of(connection);
  return {
    connection,
    chain,
    genesis: founding.genesis,
    deployedAt: chain.now,
    actors,
    assessors,
    issuer,
    relayer,
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
}

/** The actor with this code, who must be one. */
export function actorOf(actors: readonly Actor[], code: string): Actor {
  const found = actors.find((actor) => actor.code === code);
  if (found === undefined) throw new Error(`${code} never joins.`);
  return found;
}

/** The evidence that a member applies with, by criterion. */
export function dossierOf(code: string): [Evidence, Evidence, Evidence, Evidence, Evidence] {
  const evidence = (criterion: (typeof CRITERIA)[number]): Evidence => ({
    hash: documentHash(`${code}: ${criterion}`),
    uri: documentUri(code, criterion),
  });
  const [first, second, third, fourth, fifth] = CRITERIA;
  return [evidence(first), evidence(second), evidence(third), evidence(fourth), evidence(fifth)];
}
