import type { Interface, ParamType } from "ethers";

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
import type { LedgerEvent, Place, Speaker } from "./events.ts";

/** How each contract speaks. The token is any ERC-20. */
export const INTERFACES: Record<Speaker, Interface> = {
  token: IERC20__factory.createInterface(),
  timelock: TimelockController__factory.createInterface(),
  registry: MemberRegistry__factory.createInterface(),
  fund: CrisisFund__factory.createInterface(),
  ledger: ContributionLedger__factory.createInterface(),
  coverage: CoverageBook__factory.createInterface(),
  register: AttackRegister__factory.createInterface(),
  panel: LossPanel__factory.createInterface(),
  council: Council__factory.createInterface(),
  market: SolidarityMarket__factory.createInterface(),
  measures: MeasuresRegister__factory.createInterface(),
  distributor: CompensationDistributor__factory.createInterface(),
};

/**
 * A log as the event it is, or undefined if the contract's interface knows no such event.
 * @throws if its data are not those of the event that its first topic names
 */
export function decode(
  by: Speaker,
  log: { topics: readonly string[]; data: string },
  place: Place,
): LedgerEvent | undefined {
  const parsed = INTERFACES[by].parseLog(log);
  if (parsed === null) return undefined;
  // The bindings describe the very interface that parsed the log.
  return {
    ...place,
    by,
    name: parsed.name,
    args: named(parsed.fragment.inputs, parsed.args),
  } as unknown as LedgerEvent;
}

function named(types: readonly ParamType[], values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(types.map((type, i) => [type.name, plain(type, values[i])]));
}

/** Structs by the names of their parts, arrays as lists. What stands behind a hash in a topic is left as it is. */
function plain(type: ParamType, value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const { arrayChildren, components } = type;
  if (arrayChildren !== null) return value.map((part: unknown) => plain(arrayChildren, part));
  return named(components ?? [], value);
}
