// Whether what is named on the command line is there.
import { InputError } from "../csv.ts";
import { count } from "../format.ts";
import { codeOf } from "../replay/chain.ts";
import type { Desk } from "./desk.ts";

/** @throws InputError for a code that was never a member's */
export async function requireMember(desk: Desk, code: string): Promise<void> {
  if ((await desk.contracts.registry.statusOf(code)) === 0n) {
    throw new InputError(`--member: ${codeOf(code)} is no member; \`fund status\` lists them.`);
  }
}

/** @throws InputError for a number under which no attack was filed, by this register or one before it */
export async function requireAttack(desk: Desk, attackId: bigint): Promise<void> {
  const { fund, register } = desk.contracts;
  const { member } = await fund.attackAccount(attackId);
  if (codeOf(member) !== "") return;
  const { filedAt } = await register.attack(attackId);
  if (filedAt === 0n) throw await unknownAttack(desk, attackId);
}

export async function unknownAttack({ contracts: { register } }: Desk, attackId: bigint): Promise<InputError> {
  return new InputError(`--attack: ${attackId}; ${lastOf(await register.attackCount(), "attack", "filed")}.`);
}

/** "the last attack that was filed is 7", "no attack was filed yet". */
export function lastOf(last: bigint, what: string, done: string): string {
  return last === 0n ? `no ${what} was ${done} yet` : `the last ${what} that was ${done} is ${count(last)}`;
}
