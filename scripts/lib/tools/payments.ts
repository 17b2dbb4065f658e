// What treasury officials do: pay what their member is asked, and collect what it is paid.
import { codeOf } from "../replay/chain.ts";
import { InputError } from "../csv.ts";
import type { Desk } from "./desk.ts";
import { requireMember } from "./known.ts";
import { signPermit } from "./permit.ts";
import { carryOut } from "./transactions.ts";

export interface Payment {
  /** The member that is paid for, as the contracts know it. */
  code: string;
  /** In base units. */
  amount: bigint;
  /** The account that pays; else the member's treasury. */
  from?: string | undefined;
  permit?: boolean;
  print?: boolean;
}

/** Pays for a member, and tells what it owes then. */
export async function contribute(desk: Desk, payment: Payment): Promise<void> {
  const { code, amount, permit = false, print = false } = payment;
  const { ledger } = desk.contracts;
  const from = payment.from ?? (await treasuryOf(desk, code));
  if (permit && print)
    throw new InputError("--print: a permit is signed here and now; one of --permit and --print would be right.");
  const before = await standing(desk, code);
  const call = permit ? await permitted(desk, from, code, amount) : ledger.contribute.populateTransaction(code, amount);
  await carryOut(desk, { from, as: "the account that would pay", call: Promise.resolve(call), print });
  if (print) return;
  const after = await standing(desk, code);
  const show = (units: bigint) => desk.money.show(units);
  desk.say(`${codeOf(code)} has paid ${show(amount)}, in all ${show(after.paid)} of ${show(after.asked)} asked so far`);
  desk.say(`overdue: ${show(before.debt)} before, ${show(after.debt)} now`);
  if (after.paid > after.asked) desk.say(`credit for later periods: ${show(after.paid - after.asked)}`);
  if (before.suspended && !after.suspended) desk.say(`the vote of ${codeOf(code)} is restored`);
}

/** Transfers to a member's treasury all that lies ready for it; anyone may. */
export async function collect(
  desk: Desk,
  code: string,
  given: { from?: string | undefined; print?: boolean },
): Promise<void> {
  const { fund, registry } = desk.contracts;
  await requireMember(desk, code);
  const from = given.from ?? (await treasuryOf(desk, code));
  const call = fund.collect.populateTransaction(code);
  const { print = false } = given;
  const events = await carryOut(desk, { from, as: "the account that would collect", call, print });
  if (print) return;
  const show = (units: bigint) => desk.money.show(units);
  for (const event of events) {
    if (event.by === "fund" && event.name === "Entry")
      desk.say(`${show(event.args.amount)} paid to ${event.args.party}`);
    if (event.by === "fund" && event.name === "TransferDeferred") {
      desk.say(
        `the token refuses to transfer ${show(event.args.amount)} to ${event.args.treasury}; it stays collectable`,
      );
    }
  }
  const [owed, ready] = await fund.balanceOf(code);
  desk.say(
    `${codeOf(code)} is still owed ${show(owed)}; ${show(ready)} lies ready for ${await registry.treasuryToPay(code)}`,
  );
}

async function treasuryOf(desk: Desk, code: string): Promise<string> {
  await requireMember(desk, code);
  return (await desk.contracts.registry.member(code)).treasury;
}

async function permitted(desk: Desk, from: string, code: string, amount: bigint) {
  const { deadline, signature } = await signPermit(desk, from, amount);
  const { v, r, s } = signature;
  return await desk.contracts.ledger.contributeWithPermit.populateTransaction(code, amount, deadline, v, r, s);
}

async function standing({ contracts: { ledger } }: Desk, code: string) {
  const { paid, voteSuspended: suspended } = await ledger.account(code);
  return { paid, suspended, asked: await ledger.askedOf(code), debt: await ledger.debtOf(code) };
}
