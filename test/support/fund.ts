import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { ethers as ethersLib } from "ethers";

import { DAY, MILLION, asTimelock, foundAlliance } from "./alliance.ts";
import type { Alliance, AllianceOptions, TestMember } from "./alliance.ts";
import type { Connection } from "./chain.ts";

export const ROLE_DELAY = 30n * DAY;
export const STOP = 28n * DAY;
export const VOID_WINDOW = 28n * DAY;

export const Role = {
  Admin: ethersLib.ZeroHash,
  Ledger: ethersLib.id("LEDGER_ROLE"),
  Register: ethersLib.id("REGISTER_ROLE"),
  Distributor: ethersLib.id("DISTRIBUTOR_ROLE"),
} as const;

export const Entry = {
  Contribution: 0n,
  Donation: 1n,
  Award: 2n,
  Disbursement: 3n,
  Earmark: 4n,
  Compensation: 5n,
  EarmarkReturn: 6n,
  Surplus: 7n,
  Void: 8n,
} as const;

/** An attack's number as the journal refers to it. */
export const ref = (attackId: bigint): string => ethersLib.toBeHex(attackId, 32);

/** What voiding an award needs, as its event tells it. */
export interface AwardRecord {
  sequence: bigint;
  module: string;
  madeAt: bigint;
  attackId: bigint;
  treasuryPart: bigint;
  treasuryBefore: bigint;
  earmarkPart: bigint;
  earmarkBefore: bigint;
}

/**
 * An alliance whose council has given the fund three further modules, plain accounts: `module` commits and awards as the
 * register does, `payer` brings contributions as the ledger does, `compensator` pays compensation as the distributor does. The reserve is empty,
 * `donor` holds money and has approved the fund.
 */
export async function foundFund(connection: Connection, options: AllianceOptions = {}) {
  const a = await foundAlliance(connection, options);
  const [module, payer, compensator, donor] = [a.spare(0), a.spare(1), a.spare(2), a.spare(3)] as const;
  await asTimelock(a, async (timelock) => {
    await a.fund.connect(timelock).grantRole(Role.Register, module.address);
    await a.fund.connect(timelock).grantRole(Role.Ledger, payer.address);
    await a.fund.connect(timelock).grantRole(Role.Distributor, compensator.address);
  });
  await a.time.increase(ROLE_DELAY);
  for (const account of [donor, payer]) {
    await a.token.connect(a.issuer).mint(account.address, 1_000_000n * MILLION);
    await a.token.connect(account).approve(await a.fund.getAddress(), ethersLib.MaxUint256);
  }
  return { ...a, module, payer, compensator, donor };
}

export type FundAlliance = Awaited<ReturnType<typeof foundFund>>;

/** Gives money to the fund. */
export async function give(f: FundAlliance, amount: bigint): Promise<void> {
  await f.fund.connect(f.donor).donate(amount, ethersLib.ZeroHash);
}

/** Commits money to an attack on a member, as a register does. */
export async function commit(
  f: FundAlliance,
  attackId: bigint,
  name: string,
  amount: bigint,
  share = 0n,
  module: HardhatEthersSigner = f.module,
): Promise<void> {
  await f.fund.connect(module).commit(attackId, f.member(name).code, share, amount);
}

/** Awards money to an attack, as a register does, and tells what was recorded of it. */
export async function award(f: FundAlliance, attackId: bigint, amount: bigint, module: HardhatEthersSigner = f.module) {
  const response = await f.fund.connect(module).award(attackId, amount);
  return await lastAward(f, attackId, response.blockNumber!);
}

/** What was recorded of an attack's last award, made in a block or later. */
export async function lastAward(
  { fund }: Pick<Alliance, "fund">,
  attackId: bigint,
  fromBlock = 0,
): Promise<{ record: AwardRecord; paid: bigint; treasuryPaid: bigint; earmarkPaid: bigint }> {
  const made = await fund.queryFilter(fund.filters.AwardMade(attackId), fromBlock);
  const { record, treasuryPaid, earmarkPaid } = made.at(-1)!.args;
  const { sequence, module: maker, madeAt, treasuryPart, treasuryBefore, earmarkPart, earmarkBefore } = record;
  return {
    record: { sequence, module: maker, madeAt, attackId, treasuryPart, treasuryBefore, earmarkPart, earmarkBefore },
    paid: treasuryPaid + earmarkPaid,
    treasuryPaid,
    earmarkPaid,
  };
}

/** Ends a module's role. */
export async function revokeModule(f: Alliance, module: string): Promise<void> {
  await asTimelock(f, (timelock) => f.fund.connect(timelock).revokeRole(Role.Register, module));
}

/** Voids an award as the council does. */
export async function voidAward(f: Alliance, record: AwardRecord) {
  return await asTimelock(f, (timelock) => f.fund.connect(timelock).voidAward(record));
}

/** What a treasury of the alliance holds beyond what the fixture gave it. */
export async function receivedBy(f: Alliance, m: TestMember): Promise<bigint> {
  return (await f.token.balanceOf(m.treasury.address)) - 10_000n * MILLION;
}

/** A member's whole standing with the fund: what it is owed, and what it can collect. */
export async function standing(f: Alliance, name: string): Promise<{ owed: bigint; collectable: bigint }> {
  const [owed, collectable] = await f.fund.balanceOf(f.member(name).code);
  return { owed, collectable };
}

/** An attack's earmark: what it is owed, and what it holds. */
export async function earmark(f: Alliance, attackId: bigint): Promise<{ owed: bigint; held: bigint }> {
  const [owed, held] = await f.fund.earmarkOf(attackId);
  return { owed, held };
}
