import { codeOf } from "../replay/chain.ts";
import type { FundState } from "./exporter.ts";

/**
 * The chart of accounts. Debits are positive. What the fund awards is an expense at once, against liabilities to the
 * member's treasury and to the attack's earmark; what it transfers pays a liability. What is committed and what of the
 * liabilities no money is assigned to yet are remembered off the balance sheet, against one contra account.
 */
export const RESERVE = "Assets:Fund:Reserve";
export const POT = "Assets:Fund:Pot";
export const DONATIONS = "Income:Donations";
export const SURPLUS = "Income:Surplus";
export const OWED = "Equity:Memorandum:Owed";
export const CONTRA = "Equity:Memorandum:Contra";

/** Accounts that only sum up those below them. */
export const EARMARKED = "Assets:Fund:Earmarked";
export const COMMITTED = "Equity:Memorandum:Committed";

export const earmarkedFor = (attackId: bigint) => `${EARMARKED}:Attack-${attackId}`;
export const committedFor = (attackId: bigint) => `${COMMITTED}:Attack-${attackId}`;
export const contributionsOf = (member: string) => `Income:Contributions:${codeOf(member)}`;
export const awardsTo = (member: string, attackId: bigint) => `Expenses:Awards:${codeOf(member)}:Attack-${attackId}`;
export const voidedOf = (member: string, attackId: bigint) => `Expenses:Voided:${codeOf(member)}:Attack-${attackId}`;
export const dueToMember = (member: string) => `Liabilities:Members:${codeOf(member)}`;
export const dueToEarmark = (attackId: bigint) => `Liabilities:Earmarks:Attack-${attackId}`;

/** The balances for which the fund has a view of its own. */
export function balancesOnChain(state: FundState): Map<string, bigint> {
  return new Map([
    [RESERVE, state.reserve],
    [POT, state.pot],
    [OWED, state.owed],
    [CONTRA, -(state.owed + state.committed)],
    ...state.members.map(({ member, owed, collectable }) => [dueToMember(member), -(owed + collectable)] as const),
    ...state.attacks.flatMap(({ attackId, owed, held, earmark, commitment }) => [
      [dueToEarmark(attackId), -(owed + held)] as const,
      [earmarkedFor(attackId), earmark] as const,
      [committedFor(attackId), commitment] as const,
    ]),
  ]);
}
