// Which contracts make up a fund, found from its council by what the contracts say of one another.
import { Interface, ZeroAddress, dataSlice, getAddress, id } from "ethers";

import { firstDifference, immutablesOf } from "../deployment/bytecode.ts";
import type { Builds } from "../deployment/bytecode.ts";
import { CannotCheck } from "../deployment/chain.ts";
import { ARTIFACTS, CONTRACTS } from "../deployment/contracts.ts";
import type { ContractKey } from "../deployment/contracts.ts";
import { connected } from "../events/bindings.ts";
import type { Speaker, Speakers } from "../events/bindings.ts";
import { addressGiven } from "../deployment/input.ts";
import type { Header } from "../node/blocks.ts";
import { requireOneFund } from "./immutables.ts";
import type { Fixed } from "./immutables.ts";
import { LogReader } from "../node/log-reader.ts";
import { askingThrough, quantity } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { Past } from "./past.ts";

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
  /** The code that was looked at, for a proof to be held against. */
  codes: Record<Speaker, string>;
  firstBlock: number;
  /** What the code of all has fixed; undefined without builds. */
  fixed: Fixed | undefined;
  /** What could not be checked, in sentences. */
  unchecked: string[];
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
 * Finds and checks the contracts as they are at a block. With `builds`, their code is compared with this version's, and
 * what code has fixed is taken from there and not from an answer.
 * @throws {CannotCheck} if the council is none, or something that belongs to it is missing, or is other code or another
 * fund's, or is older than the first block
 */
export async function findSubjects(
  node: Node,
  chainId: bigint,
  target: Target,
  header: Header,
  builds: Builds | undefined,
): Promise<Subjects> {
  for (const name of ["council", ...UNNAMED] as const) {
    const address = target[name];
    if (address !== undefined) addressGiven(`--${name}`, address, `the ${ARTIFACTS[name]}`);
  }
  const council = getAddress(target.council);
  const asker = new Asker(node, header, builds);
  const ask = (question: Question, name: ContractKey, of: string) =>
    asker.address(question, name, of, `${council} is no council of this fund`);
  const register = await ask("register", "council", council);
  const fund = await ask("fund", "register", register);
  const made = {
    council,
    register,
    fund,
    timelock: await ask("timelock", "council", council),
    registry: await ask("registry", "council", council),
    ledger: await ask("ledger", "register", register),
    coverage: await ask("coverage", "register", register),
    panel: await ask("panel", "register", register),
  };
  const appointed = await ask("council", "register", register);
  if (appointed !== council) {
    const inOffice = appointed === ZeroAddress ? "nobody is yet" : `that is ${appointed}`;
    throw new CannotCheck(`${council} is not the council in office at block ${header.number}: ${inOffice}`);
  }
  const past = new Past(node, header);
  const given = target.firstBlock;
  const unchecked = given === undefined ? [] : await past.requireNothing(made, given);
  const begun = given ?? (await past.firstOf(made, header.number));
  const holder = (of: string, role: string) => holderOf(node, of, role, begun, header);
  const unnamed = {
    market: known("market", target, await holder(register, "MARKET_ROLE")),
    measures: known("measures", target, undefined),
    distributor: known("distributor", target, await holder(fund, "DISTRIBUTOR_ROLE")),
  };
  const addresses: Record<Speaker, string> = { ...made, ...unnamed, token: await ask("token", "fund", fund) };
  const codes: Partial<Record<Speaker, string>> = {};
  for (const [name, address] of Object.entries(addresses) as [Speaker, string][]) {
    codes[name] = await asker.requireCode(name, address);
  }
  const all = codes as Record<Speaker, string>;
  const fixed = builds && requireOneFund(addresses, all, builds, chainId);
  if (given !== undefined && unchecked.length === 0) unchecked.push(...(await past.requireNothing(unnamed, given)));
  const firstBlock = given ?? (await past.firstOf(unnamed, begun));
  return { addresses, codes: all, firstBlock, fixed, unchecked };
}

/** The contracts, ready to be asked through a node. */
export function askedThrough(node: Node, chainId: bigint, addresses: Record<Speaker, string>): Speakers {
  return connected(addresses, askingThrough(node, chainId));
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

/** Asks contracts for others at one block. */
class Asker {
  readonly #node: Node;
  readonly #header: Header;
  readonly #builds: Builds | undefined;
  readonly #codes = new Map<string, string>();

  constructor(node: Node, header: Header, builds: Builds | undefined) {
    this.#node = node;
    this.#header = header;
    this.#builds = builds;
  }

  /** The code of a contract, which is this version's. */
  async requireCode(name: Speaker, address: string): Promise<string> {
    const { number } = this.#header;
    const read = this.#codes.get(address) ?? String(await this.#node.need("eth_getCode", address, quantity(number)));
    this.#codes.set(address, read);
    if (read === "0x") {
      throw new CannotCheck(
        `${address}, the ${name}, is no contract at block ${number}: another address, chain or block?`,
      );
    }
    if (this.#builds === undefined || !isOurs(name)) return read;
    const difference = firstDifference(this.#builds[name], read);
    if (difference === undefined) return read;
    throw new CannotCheck(`${address} is no ${ARTIFACTS[name]} of this version of the fund; its code: ${difference}`);
  }

  /** Another contract that one names: by its code if it is fixed there, else by its answer. */
  async address(question: Question, name: ContractKey, of: string, otherwise: string): Promise<string> {
    const code = await this.requireCode(name, of);
    const fixed = this.#builds && immutablesOf(this.#builds[name], code).find((one) => one.name === question);
    if (fixed !== undefined) return getAddress(dataSlice(fixed.value, 12));
    const data = QUESTIONS.encodeFunctionData(question);
    try {
      const answer = await this.#node.ask("eth_call", { to: of, data }, quantity(this.#header.number));
      return String(QUESTIONS.decodeFunctionResult(question, String(answer))[0]);
    } catch (error) {
      if (error instanceof CannotCheck) throw error;
      throw new CannotCheck(`${otherwise}: ${of} does not answer ${question}()`);
    }
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
