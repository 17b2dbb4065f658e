// Who holds which role of a deployment, by its events and by its contracts.
import { GOVERNED, OWNED, ROLES, roleId } from "./contracts.ts";
import { compare } from "./evidence.ts";
import type { Check, Evidence } from "./evidence.ts";
import type { Recorded } from "./history.ts";

/** The events of every role leave exactly the holders that are meant, and the contracts agree. */
export async function checkRoles(e: Evidence): Promise<Check[]> {
  const checks: Check[] = [];
  for (const key of OWNED) {
    const kept: string[] = [];
    const events = e.history.filter(({ contract }) => contract === key);
    const holders = holdersOf(events);
    const meant = new Map(ROLES[key].map(([role, keys]) => [roleId(role), { role, keys }]));
    const roles = new Set([...meant.keys(), ...holders.keys()]);
    for (const id of roles) {
      const { role, keys } = meant.get(id) ?? { role: id, keys: [] };
      const expected = keys.map((holder) => e.addresses[holder]);
      const replayed = holders.get(id) ?? new Set<string>();
      checks.push(compare(key, `holders of ${role}`, listed(expected), listed([...replayed])));
      // An account that ever held the role, or should, is asked about: the contract may not disagree with its events.
      const everNamed = new Set([...expected, ...everHeld(events, id), e.deployer]);
      const asked: string[] = [];
      for (const account of everNamed) {
        if ((await e.readings[key].ask("hasRole", id, account)) !== "false") asked.push(account);
      }
      checks.push(compare(key, `hasRole of ${role}`, listed(expected), listed(asked)));
      checks.push(
        compare(
          key,
          `admin of ${role}`,
          "DEFAULT_ADMIN_ROLE",
          nameOfRole(await e.readings[key].ask("getRoleAdmin", id)),
        ),
      );
      if (replayed.has(e.deployer) || asked.includes(e.deployer)) kept.push(role);
    }
    checks.push(compare(key, "roles left to the deployer", listed([]), listed(kept)));
  }
  for (const key of GOVERNED) {
    checks.push(compare(key, "isFounding", "false", await e.readings[key].ask("isFounding")));
  }
  for (const [role, holder] of [
    ["LEDGER_ROLE", "ledger"],
    ["REGISTER_ROLE", "register"],
    ["DISTRIBUTOR_ROLE", "distributor"],
  ] as const) {
    const from = await e.readings.fund.ask("worksFrom", roleId(role), e.addresses[holder]);
    const grantedAtOnce = /^[1-9]\d*$/.test(from) && BigInt(from) < e.parameters.genesis;
    checks.push({
      contract: "fund",
      what: `${role} of the ${holder} works`,
      expected: "before genesis",
      found: from,
      holds: grantedAtOnce,
    });
  }
  return checks;
}

/** Role by role, who holds it after all its events. */
function holdersOf(events: Recorded[]): Map<string, Set<string>> {
  const holders = new Map<string, Set<string>>();
  for (const { name, args } of events) {
    const [role = "", account = ""] = args;
    if (name !== "RoleGranted" && name !== "RoleRevoked") continue;
    const of = holders.get(role) ?? new Set<string>();
    holders.set(role, of);
    if (name === "RoleGranted") of.add(account);
    else of.delete(account);
  }
  return holders;
}

function everHeld(events: Recorded[], id: string): string[] {
  return events.filter(({ name, args }) => name === "RoleGranted" && args[0] === id).map(({ args }) => args[1] ?? "");
}

function nameOfRole(id: string): string {
  return id === roleId("DEFAULT_ADMIN_ROLE") ? "DEFAULT_ADMIN_ROLE" : id;
}

function listed(values: string[]): string {
  return values.length === 0 ? "nobody" : [...values].sort().join(", ");
}
