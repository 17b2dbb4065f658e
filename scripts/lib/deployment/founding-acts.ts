// The acts of founding as the contracts record them: those that were planned, and those that were done.
import { AbiCoder, getAddress, keccak256 } from "ethers";

import { toBytes3 } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import type { Founding, FoundingMember } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { plain } from "./chain.ts";
import { CONTRACTS, OWNED, ROLES, roleId } from "./contracts.ts";
import type { Addresses, ContractKey } from "./contracts.ts";
import { weightOf } from "./founding.ts";
import type { Recorded } from "./history.ts";
import type { FundParameters } from "./parameters.ts";

export type Acts = Record<ContractKey, string[]>;

/** What members and passers-by can cause, and what only repeats the grant of a role. */
const NOT_THE_FOUNDERS = new Set([
  "RoleScheduled",
  ...["Applied", "KeysProposed", "KeysAccepted", "KeysStopped", "KeysChanged"],
  ...["ReportFiled", "NoticeGiven", "NoticeWithdrawn"],
  ...["ArrearsCleared", "Entry", "ThreatNotified"],
  ...["ProposalCreated", "ProposalCanceled", "VoteCast", "Decided"],
]);

/** These end in the time they take effect, which follows from the code. */
const TIMED = new Set(["coverage.TermsSet", "coverage.ExposureSet"]);
const TIMES: Record<string, number> = { TermsSet: 1, ExposureSet: 2 };

const NO_DOCUMENT = { hash: "0x" + "00".repeat(32), uri: "" };

/** What the founder did, by the contract it did it to. */
export function actsOf(history: Recorded[]): Acts {
  const acts = empty();
  for (const { contract, name, args } of history) {
    if (NOT_THE_FOUNDERS.has(name)) continue;
    const times = TIMED.has(`${contract}.${name}`) ? (TIMES[name] ?? 0) : 0;
    acts[contract].push(act(name, ...args.slice(0, args.length - times)));
  }
  return acts;
}

/** What the parameters and the founding ask for. */
export function expectedActs(plan: {
  addresses: Addresses;
  parameters: FundParameters;
  founding: Founding;
  deployer: string;
}): Acts {
  const { addresses: a, parameters: p, founding, deployer } = plan;
  const { members, exposures, assessors } = founding;
  const acts = empty();
  for (const key of OWNED) {
    for (const [role, holders] of ROLES[key]) {
      for (const holder of holders) acts[key].push(act("RoleGranted", roleId(role), a[holder], deployer));
    }
    const own = [roleId("DEFAULT_ADMIN_ROLE"), deployer, deployer];
    acts[key].push(act("RoleGranted", ...own), act("RoleRevoked", ...own));
  }
  acts.timelock.push(act("MinDelayChange", 0n, p.timelockDelay));
  acts.fund.push(act("GuardianSet", p.guardian), act("BreakerArmed"));
  acts.register.push(act("PanelAppointed", a.panel), act("CouncilAppointed", a.council, 1n));
  acts.council.push(
    act("VotingDelaySet", 0n, 0n),
    act("VotingPeriodSet", 0n, p.votingPeriod),
    act("ProposalThresholdSet", 0n, 1n),
    act("TimelockChange", "0x" + "00".repeat(20), a.timelock),
  );
  acts.ledger.push(act("BudgetSet", 0n, p.firstBudget), act("TermsSet", [p.loading, p.callCap]));
  acts.registry.push(act("LedgerAppointed", a.ledger));

  let seats = 0n;
  for (const member of members) {
    const isState = member.kind === "State";
    const seat = isState ? seats++ : 0n;
    const { code, kind, treasury, delegate } = asStored(member);
    acts.registry.push(act("Admitted", code, applicationHash(member), kind, treasury, delegate, isState, seat));
    if (isState) acts.registry.push(act("ElectorateChanged", (1n << seats) - 1n));
    const { capacity, dependence } = member;
    const weight = weightOf(capacity, dependence, p.loading);
    acts.ledger.push(act("ScaleSet", code, capacity, dependence, weight, 0n));
    acts.coverage.push(act("TermsSet", code, [p.ceding, p.attachment, p.exhaustion, p.yearlyLimit]));
  }
  for (const { code, coercer, baseline, dependence, source } of exposures) {
    acts.coverage.push(act("ExposureSet", toBytes3(code), toBytes3(coercer), [baseline, dependence, source]));
  }
  const panel = assessors.map(({ account, member }) => [getAddress(account), toBytes3(member)]);
  acts.panel.push(act("AssessorsSet", 1n, panel));
  return acts;
}

function act(name: string, ...args: unknown[]): string {
  return `${name}${plain(args)}`;
}

function asStored({ code, kind, treasury, delegate }: FoundingMember) {
  return {
    code: toBytes3(code),
    kind: kind === "State" ? 0n : 1n,
    treasury: getAddress(treasury),
    delegate: getAddress(delegate),
  };
}

/** The key of the application, which binds the dossier. */
function applicationHash(member: FoundingMember): string {
  const { code, kind, treasury, delegate } = asStored(member);
  const dossier = Array.from({ length: 5 }, (_, i) => member.dossier[i] ?? NO_DOCUMENT).map(({ hash, uri }) => [
    hash,
    uri,
  ]);
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["bytes3", "uint8", "address", "address", "tuple(bytes32, string)[5]"],
      [code, kind, treasury, delegate, dossier],
    ),
  );
}

function empty(): Acts {
  return Object.fromEntries(CONTRACTS.map((key) => [key, []])) as unknown as Acts;
}
