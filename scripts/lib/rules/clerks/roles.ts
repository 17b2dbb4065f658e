import { ZeroHash } from "ethers";

import { ROLES, roleId, roleName } from "../../deployment/contracts.ts";
import type { Speaker } from "../../events/events.ts";
import { DAY } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import type { RoleEvent } from "../told.ts";

/** In the fund a role works so long after it is granted. */
const ROLE_DELAY = 30n * DAY;

const ADMIN = ZeroHash;

/** Who may do what with which contract, and until when the founder may. */
export class RolesClerk {
  /** Holders by contract and role. */
  readonly #holders = new Map<string, Set<string>>();
  readonly #handedOver = new Set<Speaker>();
  /** By role and account of the fund. */
  readonly #worksFrom = new Map<string, bigint>();
  readonly #revokedAt = new Map<string, bigint>();
  readonly #meant: ReadonlyMap<string, string>;
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
    const { addresses } = book.setting;
    const meant = Object.entries(ROLES).flatMap(([contract, roles]) =>
      roles.flatMap(([role, holders]) =>
        holders.map((holder): [string, string] => [`${contract}/${roleId(role)}`, addresses[holder]]),
      ),
    );
    this.#meant = new Map(meant);
  }

  apply(event: RoleEvent): void {
    const { by } = event;
    const { role, account, sender } = event.args;
    const { desk, setting } = this.book;
    const key = `${by}/${role}`;
    const holders = this.#holders.get(key) ?? new Set<string>();
    this.#holders.set(key, holders);
    const founder = role === ADMIN && account !== setting.addresses.timelock;
    // Whoever gives up a role of its own asks nobody.
    if (event.name === "RoleGranted" || sender !== account) this.book.decree(by, event.name);
    if (event.name === "RoleRevoked") {
      holders.delete(account);
      if (founder) this.#handedOver.add(by);
      if (by === "fund") this.#revokedAt.set(`${role}/${account}`, desk.now);
      return;
    }
    holders.add(account);
    if (by === "fund") {
      const worksFrom = this.founding("fund") ? desk.now : desk.now + ROLE_DELAY;
      this.#worksFrom.set(`${role}/${account}`, worksFrom);
      this.#revokedAt.delete(`${role}/${account}`);
      desk.demand("fund", "RoleScheduled", { role, account, worksFrom });
    }
    if (!founder) this.book.modules.serve(placeOf(by, role), account, this.#meant.get(key));
    if (founder && !this.founding(by)) desk.find("authority", `${account} was given all power over the ${by}`);
  }

  /** Whether the founder still holds power over a contract. */
  founding(by: Speaker): boolean {
    return !this.#handedOver.has(by);
  }

  holds(by: Speaker, role: string, account: string): boolean {
    return this.#holders.get(`${by}/${role}`)?.has(account) === true;
  }

  /** Every role ever granted, and who holds it. */
  all(): { by: Speaker; role: string; holders: string[] }[] {
    return [...this.#holders].map(([key, holders]) => {
      const [by, role] = key.split("/") as [Speaker, string];
      return { by, role, holders: [...holders] };
    });
  }

  /** Whether the fund lets a holder use a role by now. */
  works(role: string, account: string): boolean {
    const from = this.#worksFrom.get(`${role}/${account}`);
    return from !== undefined && from <= this.book.desk.now && this.holds("fund", role, account);
  }

  worksFrom(role: string, account: string): bigint {
    return this.#worksFrom.get(`${role}/${account}`) ?? 0n;
  }

  /** When a role of the fund was last taken from an account that does not hold it. */
  revokedAt(role: string, account: string): bigint | undefined {
    return this.#revokedAt.get(`${role}/${account}`);
  }
}

/** "LEDGER_ROLE of the fund". */
function placeOf(by: Speaker, role: string): string {
  return `${roleName(role)} of the ${by}`;
}
