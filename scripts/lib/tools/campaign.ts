// Preparing a campaign of compensation: tree and proofs on disk, and the transaction that opens it.
import { ZeroAddress } from "ethers";
import type { ContractTransaction } from "ethers";

import { INTERFACES } from "../events/bindings.ts";
import { InputError } from "../csv.ts";
import { readBeneficiaries } from "./beneficiaries.ts";
import { writeCampaign } from "./campaign-files.ts";
import type { Summary } from "./campaign-files.ts";
import type { Desk } from "./desk.ts";
import { addressOf, attackNumber, wholeNumber } from "./input.ts";
import { Money } from "./money.ts";
import type { Hearing } from "./progress.ts";
import { Refused, timeText } from "./refusals.ts";
import { attempt, carryOut } from "./transactions.ts";

const DAY = 86_400n;
/** A day more than the contract asks for, since the deadline counts from when the transaction is in a block. */
const LEAST_DAYS = 91n;
const MOST_DAYS = 730n;
const DEFAULT_DAYS = "180";
const DEFAULT_DECIMALS = "6";
const MOST_DECIMALS = 18n;
const MOST_NUMBER = 2n ** 32n - 1n;

export interface CampaignChoices {
  csv: string;
  attack: string;
  /** Which campaign of the attack it will be; a chain tells the next. */
  number?: string | undefined;
  out: string;
  /** In days from now. */
  deadline?: string | undefined;
  /** Where those concerned will find their proofs. */
  uri?: string | undefined;
  /** Without a chain, what else it would tell. */
  chainId?: string | undefined;
  distributor?: string | undefined;
  decimals?: string | undefined;
}

export interface PreparedCampaign {
  summary: Summary;
  money: Money;
  /** Last second at which claims are accepted. */
  deadline: bigint;
  open: Pick<ContractTransaction, "to" | "data">;
}

/** Whether a campaign is prepared without a chain. */
export function isOffline({ chainId, distributor }: Pick<CampaignChoices, "chainId" | "distributor">): boolean {
  return chainId !== undefined || distributor !== undefined;
}

/**
 * Reads those to be compensated, writes the campaign and proves it again from its files. Amounts are read in the token's
 * units; without a desk nothing is asked of any chain.
 * @throws InputError that names all that is wrong with the file, or what is wrong with a choice
 */
export async function prepareCampaign(
  choices: CampaignChoices,
  desk: Desk | undefined,
  hear?: Hearing,
): Promise<PreparedCampaign> {
  const attackId = attackNumber("--attack", choices.attack);
  const days = wholeNumber("--deadline", choices.deadline ?? DEFAULT_DAYS);
  if (days < LEAST_DAYS || days > MOST_DAYS) {
    throw new InputError(`--deadline: ${days} days; ${LEAST_DAYS} to ${MOST_DAYS} would be right.`);
  }
  const { number, money, now, ...place } = await (desk === undefined
    ? offlinePlace(choices)
    : placeOf(desk, choices, attackId));
  if (number > MOST_NUMBER) throw new InputError(`--number: ${number}; at most ${MOST_NUMBER} would be right.`);
  const leaves = readBeneficiaries(choices.csv, money.decimals);
  const summary = await writeCampaign(choices.out, { ...place, attackId, number }, leaves, hear);
  const deadline = now + days * DAY;
  const values = [attackId, number, summary.root, summary.total, deadline, choices.uri ?? ""] as const;
  const data = INTERFACES.distributor.encodeFunctionData("open", values);
  return { summary, money, deadline, open: { to: place.distributor, data } };
}

/** The campaign in lines: what it pays, and the transaction that opens it. */
export function campaignLines({ summary, money, deadline, open }: PreparedCampaign): string[] {
  const { attackId, number, count, total, byPurpose, root } = summary;
  return [
    `campaign ${number} of attack ${attackId}: ${count} payments, ${money.show(total)}, every proof verified from its file`,
    ...byPurpose.map((part) => `  ${part.purpose}: ${part.count} payments, ${money.show(part.total)}`),
    `root:     ${root}`,
    `deadline: ${timeText(deadline)}`,
    "The treasury opens it by this transaction:",
    `  to:    ${open.to}`,
    "  value: 0",
    `  data:  ${open.data}`,
  ];
}

/** Opens a prepared campaign by the treasury of the attacked member, or tells why it would be refused now. */
export async function openCampaign(
  desk: Desk,
  { summary, money, open }: PreparedCampaign,
  send: boolean,
): Promise<void> {
  const { fund, registry } = desk.contracts;
  const { member } = await fund.attackAccount(summary.attackId);
  const treasury = await registry.treasuryToPay(member);
  const call = Promise.resolve(open);
  try {
    if (treasury === ZeroAddress) {
      throw new Refused(`attack ${summary.attackId} has no earmark, or the council is recovering its member's keys`);
    }
    await attempt(desk, treasury, call);
  } catch (error) {
    if (send || !(error instanceof Refused)) throw error;
    desk.say(`Sent now, it would not be accepted. ${String(error)}`);
  }
  if (!send) return;
  await carryOut(desk, { from: treasury, as: "the treasury of the attacked member", call });
  desk.say(`campaign ${summary.number} of attack ${summary.attackId} is open and may pay ${money.show(summary.total)}`);
}

interface Place {
  chainId: bigint;
  distributor: string;
  number: bigint;
  money: Money;
  /** In seconds since 1970. */
  now: bigint;
}

async function placeOf(desk: Desk, choices: CampaignChoices, attackId: bigint): Promise<Place> {
  const { distributor } = desk.contracts;
  const next = (await distributor.campaignCount(attackId)) + 1n;
  const block = await desk.provider.getBlock("latest");
  return {
    chainId: (await desk.provider.getNetwork()).chainId,
    distributor: await distributor.getAddress(),
    number: choices.number === undefined ? next : wholeNumber("--number", choices.number),
    money: desk.money,
    now: BigInt(block?.timestamp ?? 0),
  };
}

function offlinePlace({ chainId, distributor, number, decimals }: CampaignChoices): Promise<Place> {
  const digits = wholeNumber("--decimals", decimals ?? DEFAULT_DECIMALS, 0n);
  if (digits > MOST_DECIMALS) throw new InputError(`--decimals: ${digits}; at most ${MOST_DECIMALS} would be right.`);
  return Promise.resolve({
    chainId: wholeNumber("--chain-id", chainId),
    distributor: addressOf("--distributor", distributor),
    number: wholeNumber("--number", number),
    money: new Money("units", Number(digits)),
    now: BigInt(Math.floor(Date.now() / 1000)),
  });
}
