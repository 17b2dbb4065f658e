// Which contracts make up a fund, found from its council by what the contracts say of one another.
import { BrowserProvider, Interface, ZeroAddress, dataSlice, getAddress, id, isAddress } from "ethers";

import {
  AttackRegister__factory,
  CompensationDistributor__factory,
  ContributionLedger__factory,
  Council__factory,
  CoverageBook__factory,
  CrisisFund__factory,
  IERC20__factory,
  LossPanel__factory,
  MeasuresRegister__factory,
  MemberRegistry__factory,
  SolidarityMarket__factory,
  TimelockController__factory,
} from "../../../typechain-types/index.ts";
import { firstDifference } from "../deployment/bytecode.ts";
import type { Builds } from "../deployment/bytecode.ts";
import { CannotCheck } from "../deployment/chain.ts";
import { ARTIFACTS, CONTRACTS } from "../deployment/contracts.ts";
import type { ContractKey } from "../deployment/contracts.ts";
import type { Speaker, Speakers } from "../events/events.ts";
import type { Header } from "./blocks.ts";
import { LogReader } from "./log-reader.ts";
import { Refusal, quantity } from "./node.ts";
import type { Node } from "./node.ts";

/** The contracts that no other contract names, so that they must be given or searched for. */
const UNNAMED = ["market", "measures", "distributor"] as const;

/** What to audit. */
export interface Target {
  council: string;
  market?: string | undefined;
  measures?: string | undefined;
  distributor?: string | undefined;
  /** No later than the first block that has a contract of the fund; searched for if it is not given. */
  firstBlock?: number | undefined;
}

export interface Subjects {
  addresses: Record<Speaker, string>;
  firstBlock: number;
}

const QUESTIONS = new Interface([
  "function timelock() view returns (address)",
  "function registry() view returns (address)",
  "function register() view returns (address)",
  "function fund() view returns (address)",
  "function ledger() view returns (address)",
  "function coverage() view returns (address)",
  "function panel() view returns (address)",
  "function token() view returns (address)",
  "function council() view returns (address)",
]);

type Question = "timelock" | "registry" | "register" | "fund" | "ledger" | "coverage" | "panel" | "token" | "council";

/**
 * Finds and checks the contracts as they are at a block. `builds` lets their code be compared with this version's.
 * @throws {CannotCheck} if the council is none, or something that belongs to it is missing or other code
 */
export async function findSubjects(
  node: Node,
  target: Target,
  header: Header,
  builds: Builds | undefined,
): Promise<Subjects> {
  for (const name of ["council", ...UNNAMED] as const) requireAddress(name, target[name]);
  const council = getAddress(target.council);
  const asker = new Asker(node, header);
  await asker.requireCode("council", council);
  const ask = (question: Question, of: string) => asker.address(question, of, `${council} is no council of this fund`);
  const register = await ask("register", council);
  const fund = await ask("fund", register);
  const named = {
    council,
    register,
    fund,
    timelock: await ask("timelock", council),
    registry: await ask("registry", council),
    ledger: await ask("ledger", register),
    coverage: await ask("coverage", register),
    panel: await ask("panel", register),
    token: await ask("token", fund),
  };
  const appointed = await ask("council", register);
  if (appointed !== council) {
    throw new CannotCheck(`${council} is not the council in office at block ${header.number}: that is ${appointed}`);
  }
  const firstBlock = target.firstBlock ?? (await asker.firstBlockOf(named.timelock));
  const holder = (of: string, role: string) => holderOf(node, of, role, firstBlock, header);
  const addresses: Record<Speaker, string> = {
    ...named,
    market: known("market", target, await holder(register, "MARKET_ROLE")),
    measures: known("measures", target, undefined),
    distributor: known("distributor", target, await holder(fund, "DISTRIBUTOR_ROLE")),
  };
  for (const [name, address] of Object.entries(addresses) as [Speaker, string][]) {
    const code = await asker.requireCode(name, address);
    const difference = builds && isOurs(name) ? firstDifference(builds[name], code) : undefined;
    if (difference !== undefined && isOurs(name)) {
      throw new CannotCheck(`${address} is no ${ARTIFACTS[name]} of this version of the fund: its code ${difference}`);
    }
  }
  return { addresses, firstBlock };
}

/** The contracts, ready to be asked through a node. */
export function connected(node: Node, chainId: bigint, a: Record<Speaker, string>): Speakers {
  const through = new BrowserProvider(node.provider, chainId, { staticNetwork: true, cacheTimeout: -1 });
  return {
    token: IERC20__factory.connect(a.token, through),
    timelock: TimelockController__factory.connect(a.timelock, through),
    registry: MemberRegistry__factory.connect(a.registry, through),
    fund: CrisisFund__factory.connect(a.fund, through),
    ledger: ContributionLedger__factory.connect(a.ledger, through),
    coverage: CoverageBook__factory.connect(a.coverage, through),
    register: AttackRegister__factory.connect(a.register, through),
    panel: LossPanel__factory.connect(a.panel, through),
    council: Council__factory.connect(a.council, through),
    market: SolidarityMarket__factory.connect(a.market, through),
    measures: MeasuresRegister__factory.connect(a.measures, through),
    distributor: CompensationDistributor__factory.connect(a.distributor, through),
  };
}

/** The address that was given, else the one that was found. */
function known(name: (typeof UNNAMED)[number], target: Target, found: string | undefined): string {
  const given = target[name] ?? found;
  if (given !== undefined) return getAddress(given);
  throw new CannotCheck(
    `no contract names the ${ARTIFACTS[name]} of this fund; name it by --${name}, or its deployment by --deployment-id`,
  );
}

function isOurs(name: Speaker): name is ContractKey {
  return (CONTRACTS as readonly string[]).includes(name);
}

function requireAddress(name: string, given: string | undefined): void {
  if (given === undefined || (isAddress(given) && given !== ZeroAddress)) return;
  throw new CannotCheck(`--${name}: "${given}" is no address; right would be 0x and 40 hexadecimal digits`);
}

/** Asks contracts for others at one block. */
class Asker {
  readonly #node: Node;
  readonly #header: Header;

  constructor(node: Node, header: Header) {
    this.#node = node;
    this.#header = header;
  }

  async requireCode(name: Speaker, address: string): Promise<string> {
    const { number } = this.#header;
    const code = String(await this.#node.need("eth_getCode", address, quantity(number)));
    if (code === "0x") {
      throw new CannotCheck(
        `${address}, the ${name}, is no contract at block ${number}: another address, chain or block?`,
      );
    }
    return code;
  }

  async address(question: Question, of: string, otherwise: string): Promise<string> {
    const data = QUESTIONS.encodeFunctionData(question);
    try {
      const answer = await this.#node.ask("eth_call", { to: of, data }, quantity(this.#header.number));
      return String(QUESTIONS.decodeFunctionResult(question, String(answer))[0]);
    } catch (error) {
      if (error instanceof CannotCheck) throw error;
      throw new CannotCheck(`${otherwise}: ${of} does not answer ${question}()`);
    }
  }

  /** The block that brought an address its code, for which the node must know the past. */
  async firstBlockOf(address: string): Promise<number> {
    let [before, at] = [-1, this.#header.number];
    while (at - before > 1) {
      const middle = Math.floor((before + at) / 2);
      let code: unknown;
      try {
        code = await this.#node.ask("eth_getCode", address, quantity(middle));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        throw new CannotCheck(
          `${this.#node.name} does not know the past (block ${middle}: ${error.message}); name the first block by --from`,
        );
      }
      if (code === "0x") before = middle;
      else at = middle;
    }
    return at;
  }
}

/** Who was last given a role by which a contract serves the fund; undefined if nobody ever was. */
async function holderOf(
  node: Node,
  of: string,
  role: string,
  firstBlock: number,
  { number }: Header,
): Promise<string | undefined> {
  const topics = [id("RoleGranted(bytes32,address,address)"), id(role)];
  const reader = new LogReader(node, [{ addresses: [of.toLowerCase()], topics }]);
  const { logs } = await reader.read(firstBlock, number);
  const account = logs.at(-1)?.topics[2];
  return account === undefined ? undefined : getAddress(dataSlice(account, 12));
}
