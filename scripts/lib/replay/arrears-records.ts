import type { Arrear } from "./arrears.ts";
import type { ArrearRecord, MembershipChange, PaymentIn } from "./record.ts";

/** What was seen of debts, with the vote that rested for each and the payment that ended it. */
export function arrearRecords(
  arrears: readonly Arrear[],
  memberships: readonly MembershipChange[],
  payments: readonly PaymentIn[],
): ArrearRecord[] {
  return arrears.map((arrear) => {
    const paid = payments.find(({ code, time }) => code === arrear.code && time > arrear.dueAt);
    const within = (time: number) => time > arrear.dueAt && (paid === undefined || time <= paid.time);
    const voteRested = memberships.find((one) => {
      return one.code === arrear.code && one.change === "vote suspended" && within(one.time);
    });
    return { ...arrear, voteRestedAt: voteRested?.time, paid: paid && { time: paid.time, amount: paid.amount } };
  });
}
