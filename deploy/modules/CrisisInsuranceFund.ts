import type {
  Future,
  IgnitionModuleBuilder,
  NamedArtifactContractDeploymentFuture,
} from "@nomicfoundation/ignition-core";
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** What the alliance is founded with. Amounts in base units of the settlement token, ratios in parts per million. */
export interface Founding {
  members: FoundingMember[];
  /** Trade registered from the start. It is effective 90 days after the deployment. */
  exposures: FoundingExposure[];
  /** At most 15. */
  assessors: { account: string; member: string }[];
}

export interface FoundingMember {
  /** ISO 3166-1 alpha-3, as text. */
  code: string;
  kind: "State" | "Partner";
  treasury: string;
  delegate: string;
  /** Elected government, UDHR, ICCPR, national laws, Human Rights Act; a Partner needs the first. */
  dossier: { hash: string; uri: string }[];
  capacity: number;
  dependence: number;
}

export interface FoundingExposure {
  code: string;
  coercer: string;
  baseline: bigint;
  dependence: number;
  source: string;
}

/** Ignition names a call by this prefix and its number; each stays well below a block's gas. */
const FOUNDERS_A_CALL = 20;
const ENTRIES_A_CALL = 50;

/** The first register; one that replaces it counts on from where it stopped. */
export const ATTACKS_BEFORE = 0;

const NO_DOCUMENT = { hash: "0x" + "00".repeat(32), uri: "" };

/** An ISO code as the `bytes3` that the contracts know it by. */
export function toBytes3(code: string): string {
  return "0x" + Buffer.from(code, "ascii").toString("hex");
}

function chunked<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

/**
 * The whole ledger: deploys every contract, founds the alliance, and gives all power to the council's timelock. The
 * parameters are those of `deploy/parameters`.
 */
export function crisisInsuranceFund(founding: Founding) {
  return buildModule("CrisisInsuranceFund", (m) => {
    const contracts = deployContracts(m);
    const wired = wire(m, contracts);
    const founded = found(m, contracts, founding, wired);
    handOver(m, contracts, founded);
    return contracts;
  });
}

type Contracts = ReturnType<typeof deployContracts>;
type Contract = NamedArtifactContractDeploymentFuture<string>;

function deployContracts(m: IgnitionModuleBuilder) {
  const deployer = m.getAccount(0);
  const timelock = m.contract("TimelockController", [m.getParameter("timelockDelay"), [], [], deployer]);
  const registry = m.contract("MemberRegistry", [timelock, m.getParameter("genesis")]);
  const fund = m.contract("CrisisFund", [timelock, registry, m.getParameter("token"), m.getParameter("guardian")]);
  const ledger = m.contract("ContributionLedger", [
    timelock,
    registry,
    fund,
    { loading: m.getParameter("loading"), callCap: m.getParameter("callCap") },
    m.getParameter("founderCoverDelay"),
    m.getParameter("firstBudget"),
  ]);
  const coverage = m.contract("CoverageBook", [timelock, registry]);
  const register = m.contract("AttackRegister", [timelock, registry, fund, ledger, coverage, ATTACKS_BEFORE]);
  const panel = m.contract("LossPanel", [timelock, registry, register]);
  const council = m.contract("Council", [timelock, registry, register, m.getParameter("votingPeriod")]);
  const market = m.contract("SolidarityMarket", [registry, fund, register]);
  const measures = m.contract("MeasuresRegister", [timelock, registry]);
  const distributor = m.contract("CompensationDistributor", [registry, fund, register]);
  return { timelock, registry, fund, ledger, coverage, register, panel, council, market, measures, distributor };
}

/** Tells each contract which module may call it, and the timelock that the council alone drives it. */
function wire(m: IgnitionModuleBuilder, c: Contracts): Future[] {
  const role = (on: Contract, name: string, to: Contract) =>
    m.call(on, "grantRole", [m.staticCall(on, name, [], 0, { id: `${on.contractName}_${name}` }), to], {
      id: `${on.contractName}_grant_${name}`,
    });
  return [
    m.call(c.registry, "appointLedger", [c.ledger]),
    m.call(c.register, "appointPanel", [c.panel]),
    m.call(c.register, "appointCouncil", [c.council]),
    role(c.registry, "CASE_ROLE", c.register),
    role(c.fund, "LEDGER_ROLE", c.ledger),
    role(c.fund, "REGISTER_ROLE", c.register),
    role(c.fund, "DISTRIBUTOR_ROLE", c.distributor),
    role(c.ledger, "REGISTER_ROLE", c.register),
    role(c.register, "MARKET_ROLE", c.market),
    role(c.timelock, "PROPOSER_ROLE", c.council),
    role(c.timelock, "CANCELLER_ROLE", c.council),
    role(c.timelock, "EXECUTOR_ROLE", c.council),
  ];
}

/** Admits the founders with their weights and terms of cover, and names the assessors. */
function found(m: IgnitionModuleBuilder, c: Contracts, founding: Founding, after: Future[]): Future[] {
  const { members, exposures, assessors } = founding;
  const admissions = chunked(members, FOUNDERS_A_CALL).map((some, i) =>
    m.call(
      c.registry,
      "admitFounders",
      [
        some.map(({ code, kind, treasury, delegate, dossier }) => ({
          code: toBytes3(code),
          kind: kind === "State" ? 0 : 1,
          treasury,
          delegate,
          dossier: Array.from({ length: 5 }, (_, criterion) => dossier[criterion] ?? NO_DOCUMENT),
        })),
      ],
      { id: `admit_founders_${i}`, after },
    ),
  );
  const terms = {
    ceding: m.getParameter("ceding"),
    attachment: m.getParameter("attachment"),
    exhaustion: m.getParameter("exhaustion"),
    yearlyLimit: m.getParameter("yearlyLimit"),
  };
  const scaled = chunked(members, ENTRIES_A_CALL).map((some, i) =>
    m.call(
      c.ledger,
      "setScales",
      [some.map(({ code, capacity, dependence }) => ({ code: toBytes3(code), capacity, dependence }))],
      { id: `set_scales_${i}`, after: admissions },
    ),
  );
  const covered = chunked(members, ENTRIES_A_CALL).map((some, i) =>
    m.call(c.coverage, "setTerms", [some.map(({ code }) => toBytes3(code)), terms], {
      id: `set_terms_${i}`,
      after: admissions,
    }),
  );
  const exposed = chunked(exposures, ENTRIES_A_CALL).map((some, i) =>
    m.call(
      c.coverage,
      "setExposures",
      [
        some.map(({ code, coercer, ...exposure }) => ({
          code: toBytes3(code),
          coercer: toBytes3(coercer),
          exposure,
        })),
      ],
      { id: `set_exposures_${i}`, after: admissions },
    ),
  );
  const named = m.call(
    c.panel,
    "setAssessors",
    [assessors.map(({ account, member }) => ({ account, member: toBytes3(member) }))],
    { after: admissions },
  );
  return [...admissions, ...scaled, ...covered, ...exposed, named];
}

/** The founder gives every power away; from here on the council decides alone. Market and distributor have no owner. */
function handOver(m: IgnitionModuleBuilder, c: Contracts, after: Future[]): void {
  const { timelock, registry, fund, ledger, coverage, register, panel, measures } = c;
  for (const contract of [registry, fund, ledger, coverage, register, panel, measures, timelock]) {
    m.call(contract, "renounceRole", ["0x" + "00".repeat(32), m.getAccount(0)], {
      id: `${contract.contractName}_hand_over`,
      after,
    });
  }
}
