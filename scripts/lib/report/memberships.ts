import { plural } from "../format.ts";
import type { MembershipChange, ReplayRecord } from "../replay/record.ts";
import { figure } from "./figure.ts";
import type { Draw, Figure } from "./figure.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { linesOverTime } from "./option.ts";
import { dates, figures, words } from "./table.ts";
import { date, listed, named } from "./words.ts";

/** How many there are of each kind from a time on. */
export interface Strength {
  time: number;
  /** States whose seat may vote, members whose rights rest, Partners, and States whose vote rests for a debt. */
  voting: number;
  suspended: number;
  partners: number;
  debtors: number;
  changes: MembershipChange[];
}

const COUNTS = [
  ["voting", "voting States"],
  ["suspended", "suspended members"],
  ["partners", "Partners"],
  ["debtors", "States without a vote for debt"],
] as const;

/** Who belongs over time. */
export function membershipSection(r: ReplayRecord, draw: Draw | undefined): Html {
  return html`<p>
      A country that was rated Free in the year before is admitted by a vote of the council; one that no longer is, is
      put to a vote and suspended: it owes its contributions, but does not vote and files no attack.
    </p>
    ${r.memberships.length === 0 ? html`<p>There was no member.</p>` : figure(membershipFigure(r), draw)}`;
}

export function membershipFigure(r: ReplayRecord): Figure {
  const strengths = strengthsOf(r);
  const last = strengths.at(-1);
  const ends = last === undefined ? strengths : [...strengths, { ...last, time: r.until }];
  const lines = COUNTS.filter(([column], i) => i === 0 || strengths.some((strength) => strength[column] > 0)).map(
    ([column, name]) => ({
      ...{ name, holds: true },
      points: ends.map((strength) => [strength.time, strength[column]] as const),
    }),
  );
  return {
    name: "memberships-over-time",
    title: "Members",
    about: "How many States may vote, how many members are suspended, and how many Partners there are.",
    ...linesOverTime(["members"], lines),
    table: {
      caption: "Changes of membership and how many there were after each",
      columns: [dates("date"), words("what happened"), ...COUNTS.map(([, name]) => figures(name))],
      rows: strengths.map((strength) => [
        date(strength.time),
        changesText(r, strength.changes),
        ...COUNTS.map(([column]) => strength[column]),
      ]),
    },
  };
}

/** The numbers after each time at which anything changed; all founders are there when the first period begins. */
export function strengthsOf({ memberships, members, genesis }: ReplayRecord): Strength[] {
  const kinds = new Map(members.map(({ code, kind }) => [code, kind]));
  const [active, suspended, debtors] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const strengths: Strength[] = [];
  for (const one of memberships) {
    const { code, change } = one;
    if (["founded", "admitted", "reinstated"].includes(change)) active.add(code);
    else if (["suspended", "expelled", "left"].includes(change)) active.delete(code);
    if (change === "suspended") suspended.add(code);
    else if (!change.startsWith("vote")) suspended.delete(code);
    if (change === "vote suspended") debtors.add(code);
    else if (["vote restored", "expelled", "left"].includes(change)) debtors.delete(code);

    const time = change === "founded" ? genesis : one.time;
    const before = strengths.at(-1);
    const changes = before?.time === time ? [...before.changes, one] : [one];
    if (before?.time === time) strengths.pop();
    const states = [...active].filter((member) => kinds.get(member) === "State");
    strengths.push({
      time,
      voting: states.filter((member) => !debtors.has(member)).length,
      suspended: suspended.size,
      partners: active.size - states.length,
      debtors: states.filter((member) => debtors.has(member)).length,
      changes,
    });
  }
  return strengths;
}

function changesText(r: ReplayRecord, changes: readonly MembershipChange[]): string {
  const kinds = [...new Set(changes.map(({ change }) => change))];
  return kinds
    .map((kind) => {
      const own = changes.filter(({ change }) => change === kind);
      if (kind === "founded") return `founded by ${plural(own.length, "member")}`;
      const vote = own[0]?.proposalId === undefined ? "" : ` (vote ${own[0].proposalId})`;
      return `${kind}: ${listed(own.map(({ code }) => named(r, code)))}${vote}`;
    })
    .join("; ");
}
