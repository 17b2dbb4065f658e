import type { Interface } from "ethers";

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
import { decoderOf } from "./decoder.ts";
import type { Speaker } from "./events.ts";

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

/** A log as the event it is, or undefined if the contract's interface knows no such event. */
export const decode = decoderOf(INTERFACES);
