import { count, dollars, exact, plural, share } from "../format.ts";
import type { CampaignRecord, EarmarkRecord } from "../replay/record-solidarity.ts";
import type { AttackRecord, ReplayRecord } from "../replay/record.ts";
import { claimsByPurpose, claimsListed } from "./claims.ts";
import type { Claims } from "./claims.ts";
import { figure } from "./figure.ts";
import type { Draw, Figure } from "./figure.ts";
import { html } from "./html.ts";
import type { Fragment, Html } from "./html.ts";
import { bars, inMillions } from "./option.ts";
import { pairList } from "./pairs.ts";
import { amounts, dates, figures, table, words } from "./table.ts";
import { date, moment, named, sum, usd } from "./words.ts";

/** Who is meant by a purpose. */
const WHO: Record<Claims["purpose"], string> = { industry: "industries", worker: "workers" };

/** What of the awards was for industries and workers, and where it went; nothing if nothing was. */
export function earmarkPart(r: ReplayRecord, { attackId, member, earmark }: AttackRecord, draw: Draw | undefined) {
  if (earmark === undefined) return undefined;
  const { campaign, received, owed } = earmark;
  return html`<h4>Industries and workers</h4>
    <p>
      Of every award ${share(earmark.share)} is kept for industries and workers of ${named(r, member)}: ${usd(received)}
      came in, ${usd(owed)} is still owed to it.
    </p>
    ${received === 0n ? undefined : figure(earmarkFigure(attackId, earmark), draw)}
    ${campaign === undefined ? html`<p>No campaign was opened on it.</p>` : campaignPart(attackId, campaign)}
    ${returns(earmark)}`;
}

/** What was paid to whom, what went back to the member and what is held. */
export function earmarkFigure(attackId: bigint, earmark: EarmarkRecord): Figure {
  const { campaign, received, returned, held } = earmark;
  const paid = (campaign === undefined ? [] : claimsByPurpose(campaign)).map((claims) => {
    return [`paid to ${WHO[claims.purpose]}`, claims.paid] as const;
  });
  const parts = [...paid, ["returned to the member", returned] as const, ["held by the fund", held] as const];
  return {
    name: `earmark-of-attack-${attackId}`,
    title: `Where the earmark of attack ${attackId} went`,
    about: "What was kept of the awards for industries and workers, in millions of US dollars.",
    ...bars(
      "earmark",
      "million USD",
      parts.map(([name]) => name),
      [{ name: "earmark", values: parts.map(([, amount]) => inMillions(amount)) }],
    ),
    table: {
      caption: `The earmark of attack ${attackId}`,
      columns: [words("what"), amounts("amount")],
      rows: parts.map(([name, amount]) => [name, dollars(amount)]),
      foot: ["received", dollars(received)],
    },
  };
}

function campaignPart(attackId: bigint, campaign: CampaignRecord): Html {
  const { campaignId, opened, root, total, deadline, recipients } = campaign;
  return html`${pairList("facts", [
    ["Campaign", `${campaignId}, opened on ${moment(opened)}`],
    ["Total", `${usd(total)} for ${plural(recipients.length, "recipient")}`],
    ["Claims until", moment(deadline)],
    ["Root of its tree", html`<code>${root}</code>`],
  ])}
  ${purposeTable(attackId, campaign)} ${recipientTable(attackId, campaign)}`;
}

function purposeTable(attackId: bigint, campaign: CampaignRecord): Html {
  const groups = claimsByPurpose(campaign);
  const all = (of: (one: Claims) => bigint) => sum(groups.map(of));
  return table({
    caption: `Claims on the campaign of attack ${attackId} by purpose`,
    columns: [
      ...[words("purpose"), figures("recipients"), amounts("for them"), figures("have claimed"), amounts("paid")],
      amounts("not claimed"),
    ],
    rows: groups.map(({ purpose, number, total, claimants, paid }) => [
      ...[WHO[purpose], count(number), dollars(total), count(claimants), dollars(paid), dollars(total - paid)],
    ]),
    foot: [
      ...["all", count(all((one) => BigInt(one.number))), dollars(all(({ total }) => total))],
      ...[count(all((one) => BigInt(one.claimants))), dollars(all(({ paid }) => paid))],
      dollars(all(({ total, paid }) => total - paid)),
    ],
  });
}

function recipientTable(attackId: bigint, campaign: CampaignRecord): Fragment {
  const listed = claimsListed(campaign);
  if (listed.length === 0) return undefined;
  return table({
    caption: `Recipients of the campaign of attack ${attackId}`,
    columns: [words("recipients"), words("purpose"), amounts("amount"), dates("paid on")],
    rows: listed.map(({ recipients, purpose, total, first }) => [
      ...[recipients, purpose, dollars(total), first === undefined ? "not claimed" : date(first)],
    ]),
  });
}

/** In full, since what no campaign held may be what dividing left. */
function returns({ campaign, unassigned }: EarmarkRecord): Fragment {
  const told = (what: string, one: { time: number; amount: bigint } | undefined) => {
    return one && ([what, `USD ${exact(one.amount)}, returned to the member on ${date(one.time)}`] as const);
  };
  const pairs = [told("Nobody claimed", campaign?.unclaimed), told("No campaign held", unassigned)];
  return pairs.every((pair) => pair === undefined) ? undefined : pairList("facts", pairs);
}

/** For the summary. */
export function earmarkLine({ attacks }: ReplayRecord): string {
  const earmarks = attacks.flatMap(({ earmark }) => earmark ?? []);
  const paid = sum(earmarks.map(({ compensated }) => compensated));
  return `${usd(paid)}, of ${usd(sum(earmarks.map(({ received }) => received)))} kept of awards for them`;
}
