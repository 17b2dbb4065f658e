// Preparing a campaign of compensation: tree and proofs on disk, and the transaction that opens it.
import { ZeroAddress } from "ethers";
import type { ContractTransaction } from "ethers";

import { INTERFACES } from "../events/bindings.ts";
import { plural } from "../format.ts";
import { readBeneficiaries } from "./beneficiaries.ts";
import { writeCampaign } from "./campaign-files.ts";
import type { Summary } from "./campaign-files.ts";
import type { Desk } from "./desk.ts";
import { addressOf, attackNumber, readAll, required, wholeNumber } from "./input.ts";
import { requireAttack } from "./known.ts";
import { Money } from "./money.ts";
import type { Hearing } from "../progress.ts";
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
  csv: string | undefined;
  attack: string | undefined;
  /** Which campaign of the attack it will be; a chain tells the next. */
  number?: string | undefined;
  out: string | undefined;
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
  const plan = desk === undefined ? planOffline(choices) : await planAt(desk, choices);
  const { csv, out, days, money, now, ...place } = plan;
  const leaves = readBeneficiaries(csv, money.decimals);
  const summary = await writeCampaign(out, place, leaves, hear);
  const deadline = now + days * DAY;
  const values = [place.attackId, place.number, summary.root, summary.total, deadline, choices.uri ?? ""] as const;
  const data = INTERFACES.distributor.encodeFunctionData("open", values);
  return { summary, money, deadline, open: { to: place.distributor, data } };
}

/** The campaign in lines: what it pays, and the transaction that opens it. */
export function campaignLines({ summary, money, deadline, open }: PreparedCampaign): string[] {
  const { attackId, number, count, total, byPurpose, root } = summary;
  return [
    `campaign ${number} of attack ${attackId}: ${plural(count, "payment")}, ${money.show(total)}, every proof verified from its file`,
    ...byPurpose.map((part) => `  ${part.purpose}: ${plural(part.count, "payment")}, ${money.show(part.total)}`),
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

/** What the choices and the chain tell. */
interface Plan {
  csv: string;
  out: string;
  attackId: bigint;
  days: bigint;
  chainId: bigint;
  distributor: string;
  number: bigint;
  money: Money;
  /** In seconds since 1970. */
  now: bigint;
}

const readersOf = ({ csv, out, attack, deadline = DEFAULT_DAYS }: CampaignChoices) => ({
  csv: () => required("--csv", csv),
  attackId: () => attackNumber("--attack", attack),
  out: () => required("--out", out),
  days: () => wholeNumber("--deadline", deadline, LEAST_DAYS, MOST_DAYS),
});

async function planAt(desk: Desk, choices: CampaignChoices): Promise<Plan> {
  const { distributor } = desk.contracts;
  const given = choices.number;
  const { number, ...read } = readAll({
    ...readersOf(choices),
    number: () => (given === undefined ? undefined : wholeNumber("--number", given, 1n, MOST_NUMBER)),
  });
  await requireAttack(desk, read.attackId);
  const block = await desk.provider.getBlock("latest");
  return {
    ...read,
    chainId: (await desk.provider.getNetwork()).chainId,
    distributor: await distributor.getAddress(),
    number: number ?? (await distributor.campaignCount(read.attackId)) + 1n,
    money: desk.money,
    now: BigInt(block?.timestamp ?? 0),
  };
}

function planOffline(choices: CampaignChoices): Plan {
  const { chainId, distributor, number, decimals = DEFAULT_DECIMALS } = choices;
  const { digits, ...read } = readAll({
    ...readersOf(choices),
    chainId: () => wholeNumber("--chain-id", chainId),
    distributor: () => addressOf("--distributor", distributor),
    number: () => wholeNumber("--number", number, 1n, MOST_NUMBER),
    digits: () => wholeNumber("--decimals", decimals, 0n, MOST_DECIMALS),
  });
  return { ...read, money: new Money("units", Number(digits)), now: BigInt(Math.floor(Date.now() / 1000)) };
}
