import type { CampaignRecord } from "../replay/record-solidarity.ts";
import { PURPOSES } from "../replay/solidarity-data.ts";
import { sum } from "./words.ts";

type Recipient = CampaignRecord["recipients"][number];

/** Beyond so many they are told by purpose alone: nobody reads a list of all, and it would name them. */
const MOST_LISTED = 50;

/** Recipients of one purpose, what the campaign holds for them, and what of it they were paid. */
export interface Claims {
  purpose: Recipient["purpose"];
  /** Who they are; undefined if they are all of that purpose. */
  recipients: string | undefined;
  number: number;
  total: bigint;
  claimants: number;
  paid: bigint;
  /** When the first and the last of them was paid. */
  first: number | undefined;
  last: number | undefined;
}

/** All recipients of each purpose together, of purposes that have any. */
export function claimsByPurpose({ recipients }: CampaignRecord): Claims[] {
  return PURPOSES.map((purpose) => recipients.filter((one) => one.purpose === purpose))
    .filter((own) => own.length > 0)
    .map((own) => claimsOf(own));
}

/** Each of the recipients; nobody if there are too many to list. */
export function claimsListed({ recipients }: CampaignRecord): Claims[] {
  return recipients.length > MOST_LISTED ? [] : recipients.map((one) => claimsOf([one], one.recipients));
}

function claimsOf(own: readonly Recipient[], recipients?: string): Claims {
  const paid = own.filter(({ claimed }) => claimed !== undefined);
  const times = paid.flatMap(({ claimed }) => claimed ?? []).sort((a, b) => a - b);
  return {
    purpose: own[0]?.purpose ?? PURPOSES[0],
    recipients,
    number: own.length,
    total: sum(own.map(({ amount }) => amount)),
    claimants: paid.length,
    paid: sum(paid.map(({ amount }) => amount)),
    first: times[0],
    last: times.at(-1),
  };
}
