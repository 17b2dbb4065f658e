// The contracts of a fund as TypeScript calls them, by the name each has everywhere in the scripts.
import type { ContractRunner, Interface } from "ethers";

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
import type { ContractKey } from "../deployment/contracts.ts";
import { hashedOnce } from "./hashed-once.ts";

interface Binding {
  createInterface(): Interface;
  connect(address: string, runner?: ContractRunner | null): object;
}

/** The token is any ERC-20. */
export const BINDINGS = {
  token: IERC20__factory,
  timelock: TimelockController__factory,
  registry: MemberRegistry__factory,
  fund: CrisisFund__factory,
  ledger: ContributionLedger__factory,
  coverage: CoverageBook__factory,
  register: AttackRegister__factory,
  panel: LossPanel__factory,
  council: Council__factory,
  market: SolidarityMarket__factory,
  measures: MeasuresRegister__factory,
  distributor: CompensationDistributor__factory,
} as const satisfies Record<ContractKey | "token", Binding>;

/** The contracts whose events tell the whole history. */
export type Speakers = { [By in keyof typeof BINDINGS]: ReturnType<(typeof BINDINGS)[By]["connect"]> };

export type Speaker = keyof Speakers;

export const SPEAKERS = Object.keys(BINDINGS) as Speaker[];

/** How each contract speaks. */
export const INTERFACES = ofEach((_, binding) => hashedOnce(binding.createInterface())) as Record<Speaker, Interface>;

/** The contracts at their addresses, ready to be asked through a node. */
export function connected(addresses: Readonly<Record<Speaker, string>>, runner: ContractRunner): Speakers {
  // Each binding makes the contract of its own name.
  return ofEach((name, binding) => binding.connect(addresses[name], runner)) as Speakers;
}

function ofEach(make: (name: Speaker, binding: Binding) => object): Record<Speaker, object> {
  const pairs = SPEAKERS.map((name) => [name, make(name, BINDINGS[name])] as const);
  return Object.fromEntries(pairs) as Record<Speaker, object>;
}
