// Who holds which role, and who is appointed: what the last event about it says must be what the contract answers.
import { ZeroAddress } from "ethers";

import { CONTRACTS, ROLES, roleId, roleName } from "../deployment/contracts.ts";
import type { LedgerEvent, Place, Speaker, Speakers } from "../events/events.ts";
import type { Finding } from "../rules/finding.ts";

type Governing = keyof typeof ROLES;

/** Events that set one value, by the view that answers it. A value named `old…` must be the one set before. */
const SETTINGS = {
  "council.VotingDelaySet": ["votingDelay", "newVotingDelay", "oldVotingDelay"],
  "council.VotingPeriodSet": ["votingPeriod", "newVotingPeriod", "oldVotingPeriod"],
  "council.ProposalThresholdSet": ["proposalThreshold", "newProposalThreshold", "oldProposalThreshold"],
  "council.TimelockChange": ["timelock", "newTimelock", "oldTimelock"],
  "timelock.MinDelayChange": ["getMinDelay", "newDuration", "oldDuration"],
  "registry.LedgerAppointed": ["ledger", "ledger", undefined],
  "register.CouncilAppointed": ["council", "council", undefined],
  "register.PanelAppointed": ["panel", "panel", undefined],
  "fund.GuardianSet": ["guardian", "guardian", undefined],
} as const;

type Setting = keyof typeof SETTINGS;

/** What all contracts answer that have the view. */
interface Asked {
  hasRole(role: string, account: string, at: { blockTag: number }): Promise<boolean>;
  [view: string]: unknown;
}

export class Powers {
  readonly findings: Finding[] = [];
  /** Who holds a role now, by contract and role. */
  readonly #holders = new Map<Governing, Map<string, Set<string>>>();
  readonly #accounts = new Set<string>();
  readonly #settings = new Map<Setting, string>();

  follow(event: LedgerEvent): void {
    if (event.name === "RoleGranted" || event.name === "RoleRevoked") this.#role(event);
    const name = `${event.by}.${event.name}`;
    if (name in SETTINGS) this.#set(name as Setting, event);
  }

  /** Asks every contract for every role and account that ever occurred, and for every setting. */
  async compare(contracts: Speakers, block: number): Promise<{ checked: number; findings: Finding[] }> {
    const at = { blockTag: block };
    const findings: Finding[] = [];
    let checked = 0;
    const accounts = new Set(this.#accounts);
    for (const name of CONTRACTS) accounts.add(await contracts[name].getAddress());
    for (const [by, named] of Object.entries(ROLES)) {
      const contract = contracts[by as Governing] as unknown as Asked;
      const held = this.#holders.get(by as Governing) ?? new Map<string, Set<string>>();
      for (const role of new Set([...named.map(([name]) => roleId(name)), ...held.keys()])) {
        const answers = [...accounts].map(async (account) => {
          const [expected, found] = [held.get(role)?.has(account) ?? false, await contract.hasRole(role, account, at)];
          checked += 1;
          if (expected === found) return;
          const sentence = `${account} ${found ? "has" : "lacks"} role ${roleName(role)} of the ${by}, which no event says`;
          findings.push({ rule: `${by}.hasRole`, sentence, expected: String(expected), found: String(found) });
        });
        await Promise.all(answers);
      }
    }
    for (const [name, [view]] of Object.entries(SETTINGS) as [Setting, (typeof SETTINGS)[Setting]][]) {
      const by = name.split(".")[0] as Speaker;
      const contract = contracts[by] as unknown as Record<string, (at: { blockTag: number }) => Promise<unknown>>;
      const found = String(await contract[view]?.(at));
      checked += 1;
      const expected = this.#settings.get(name) ?? "nothing";
      if (expected === found) continue;
      const sentence = `the ${by} answers ${view}() otherwise than its last ${name.split(".")[1] ?? ""}`;
      findings.push({ rule: `${by}.${view}`, sentence, expected, found });
    }
    return { checked, findings };
  }

  #role(event: LedgerEvent & { name: "RoleGranted" | "RoleRevoked" }): void {
    const by = event.by;
    const { role, account } = event.args;
    const roles = this.#holders.get(by) ?? new Map<string, Set<string>>();
    const holders = roles.get(role) ?? new Set<string>();
    this.#holders.set(by, roles.set(role, holders));
    this.#accounts.add(account);
    const isGranted = event.name === "RoleGranted";
    if (holders.has(account) === isGranted) {
      this.#note(event, `${account} ${isGranted ? "had" : "had not"} role ${roleName(role)} of the ${by} before`);
    }
    if (isGranted) holders.add(account);
    else holders.delete(account);
  }

  #set(name: Setting, event: LedgerEvent): void {
    const [, now, old] = SETTINGS[name];
    const values = event.args as unknown as Record<string, unknown>;
    const before = this.#settings.get(name) ?? (typeof values[now] === "bigint" ? "0" : ZeroAddress);
    if (old !== undefined && String(values[old]) !== before) {
      this.#note(event, `${event.name} names ${String(values[old])} as what was set before, which was ${before}`);
    }
    this.#settings.set(name, String(values[now]));
  }

  #note({ block, index, transaction, time, by, name }: LedgerEvent & Place, sentence: string): void {
    this.findings.push({ rule: `${by}.${name}`, place: { block, index, transaction, time }, sentence });
  }
}
