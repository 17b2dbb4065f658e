import { dollars, percent, plural, share } from "../format.ts";
import type { ReplayRecord } from "../replay/record.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { dates, figures, table, words } from "./table.ts";
import { date, listed, named } from "./words.ts";

const DAY = 86_400;

const plain = (value: number) => value.toLocaleString("en-GB", { maximumFractionDigits: 6 });
const days = (seconds: unknown) => [plain(Number(seconds) / DAY), "days"];
const ratio = (ppm: unknown) => [share(Number(ppm)).replace("%", ""), "per cent"];
const money = (units: unknown) => [dollars(units as bigint), "USD"];

/** How each parameter of the deployment is called and shown; one that is not here stands as it is. */
const MODULE: Record<string, [string, (value: unknown) => string[]]> = {
  timelockDelay: ["wait between a decision and its execution", days],
  votingPeriod: ["time to vote in the ordinary procedure", days],
  firstBudget: ["asked of all members in a period of 90 days", money],
  founderCoverDelay: ["wait of the founders for cover", days],
  loading: ["loading of the weight by dependence", ratio],
  callCap: ["calls in four periods, at most, of their budgets", ratio],
  ceding: ["part of the covered loss that the fund bears", ratio],
  attachment: ["cover begins at this part of the yearly trade", ratio],
  exhaustion: ["cover ends at this part of the yearly trade", ratio],
  yearlyLimit: ["most that a member can claim in a year of cover", money],
};

const REPLAY: Record<string, [string, (value: unknown) => string[]]> = {
  deployedBefore: ["deployment before the founding", days],
  votingShare: ["part of the voting time in which all would have voted", ratio],
  exposureLead: ["trade is proposed for cover before the attack", days],
  reviewTime: ["least time for the review of membership in a period", days],
  assessors: ["assessors", (value) => [String(value), "accounts"]],
  compensationShare: ["part of an award kept for industries and workers", ratio],
  campaignTime: ["how long a campaign for industries and workers lasts", days],
  claimTime: ["wait between its opening and the claims", days],
  officeHour: ["hour at which the acts of a day happen, UTC", (value) => [plain(Number(value) / 3_600), "o'clock"]],
};

/** What was set. */
export function parameterSection({ parameters }: ReplayRecord): Html {
  const rows = (names: typeof MODULE, values: object) =>
    Object.entries(values).map(([name, value]: [string, unknown]) => {
      const [meaning, shown] = names[name] ?? [name, (as: unknown) => [String(as), ""]];
      const [text = "", unit = ""] = shown(value);
      return [meaning, text, unit, html`<code>${name}</code>`];
    });
  return table({
    caption: "Parameters of the ledger and of the replay",
    columns: [words("what"), figures("value"), words("unit"), words("name in the parameter file")],
    rows: [...rows(MODULE, parameters.CrisisInsuranceFund), ...rows(REPLAY, parameters.Replay)],
  });
}

/** What was taken for granted. */
export function assumptionSection(r: ReplayRecord): Html {
  const naming = listed(r.assessors.map(({ member }) => named(r, member)));
  return html`<ul>
    <li>
      The trade that is struck is registered with hindsight, in time for each case: when it was registered nobody could
      have known that just this trade would be struck. Its figure is the sum of the baselines of all rows in the case.
    </li>
    <li>
      Every ballot is For, one after another by code at an even pace, until the majority. This states no country's real
      position.
    </li>
    <li>
      Membership follows the ratings of Freedom House for the year before, and weights the UN scale of the period,
      rebased to the members between a floor of 0.001 and a ceiling of 22 per cent. The data hold no share of a member's
      trade with coercers, so weights follow capacity alone.
    </li>
    <li>
      A loss accrues evenly over the days of its row and counts from the start of the case. What lies outside the rounds
      is not claimed.
    </li>
    <li>
      ${r.assessors.length === 0 ? "There are no assessors." : `${plural(r.assessors.length, "assessor")}, named by ${naming}, with the same figure, that of the data: the replay has one source.`}
    </li>
    <li>All pay on the first day of every quarter, but for those that are made to stop.</li>
    <li>Documents, keys and accounts are made up: hashes of labels, and test keys.</li>
  </ul>`;
}

/** Where the figures come from and where they were recorded. */
export function sourceSection(r: ReplayRecord): Html {
  const { files, contracts, deployedAt } = r;
  return html`${table({
    caption: "Files that were read",
    columns: [words("of"), words("file")],
    rows: Object.entries<string | undefined>({ ...files })
      .filter(([, file]) => file !== undefined)
      .map(([name, file]) => [name, html`<code>${file}</code>`]),
  })}
  ${table({
    caption: `Contracts, deployed on ${date(deployedAt)} by the ledger's time`,
    columns: [words("contract"), words("address")],
    rows: Object.entries(contracts).map(([name, address]) => [name, html`<code>${address}</code>`]),
  })}
  ${weightTable(r)}`;
}

function weightTable(r: ReplayRecord): Html {
  const rows = r.members.flatMap((member) =>
    member.weights.map(({ fromPeriod, from, weight }) => {
      return [named(r, member.code), fromPeriod, date(from), percent(weight)];
    }),
  );
  return html`<details class="screen">
    <summary>Every weight on the scale</summary>
    ${table({
      caption: "Weights, each until the next of the same member",
      columns: [words("member"), figures("from period"), dates("from"), figures("weight")],
      rows,
    })}
  </details>`;
}
