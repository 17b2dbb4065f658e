import type { Case, Loss } from "./data.ts";

const DAY = 86_400;
/** A case is closed in the office hour after its last round, and filed again in the next. */
const HOUR = 3_600;
/** As the attack register has them; what they decide the register decides, here it is only foreseen. */
const ROUND = 30 * DAY;
const ROUNDS = 12;
const SUCCESSION_TIME = 360 * DAY;
const MOST_SUCCESSORS = 2;

/** A filing that hindsight foresees, if the ledger refuses nothing. */
export interface PlannedFiling {
  /** When the attack began, for the ledger. */
  startedAt: number;
  filing: number;
  /** The rows it is about: those that open it, then those that join while it is open. */
  rows: Case[];
  /** How many of them open it. */
  opening: number;
  /** Whether it is filed again after an earlier case of the pair, for a loss row that begins later. */
  again: boolean;
  /** 0 for a first case, else its place after the first. */
  succession: number;
}

/** On the day the measure takes effect; if it was announced only later, on that day. */
export function filingTime({ announced, effective }: Case, officeHour: number): number {
  return Math.max(announced, effective) + officeHour;
}

/**
 * Which cases will be filed, in order of time. A row whose pair has an open case joins it. A case that is over is filed
 * again if the coercion lasts and a loss row begins later: on the first day of that row.
 */
export function planFilings(cases: readonly Case[], losses: readonly Loss[], officeHour: number): PlannedFiling[] {
  const pairs = new Map<string, Case[]>();
  for (const row of cases) {
    const pair = `${row.member} ${row.coercer}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), row]);
  }
  return [...pairs.values()].flatMap((rows) => planPair(rows, losses, officeHour)).sort((a, b) => a.filing - b.filing);
}

type Filing = Omit<PlannedFiling, "opening" | "succession">;

function planPair(rows: readonly Case[], losses: readonly Loss[], officeHour: number): PlannedFiling[] {
  const queue: Filing[] = rows.map((row) => {
    return { startedAt: row.effective, filing: filingTime(row, officeHour), rows: [row], again: false };
  });
  const planned: PlannedFiling[] = [];
  let open: PlannedFiling | undefined;
  for (;;) {
    queue.sort((a, b) => a.filing - b.filing);
    const [next] = queue;
    if (open !== undefined && (next === undefined || endOf(open, officeHour) + officeHour < next.filing)) {
      const again = refilingOf(open, losses, officeHour);
      open = undefined;
      if (again !== undefined) queue.push(again);
    } else if (next === undefined) {
      return planned;
    } else {
      queue.shift();
      if (open === undefined) {
        const succession = successionOf(planned.at(-1), next.startedAt, officeHour);
        open = { ...next, rows: [...next.rows], opening: next.rows.length, succession };
        planned.push(open);
      } else open.rows.push(...next.rows);
    }
  }
}

/** When the last round is over: the twelfth, or the one running when the last of its rows ended. */
function endOf({ startedAt, filing, rows }: PlannedFiling, officeHour: number): number {
  const ended = Math.max(...rows.map((row) => row.ended ?? Infinity)) + officeHour;
  const last = Math.floor((Math.max(ended, filing) - startedAt) / ROUND) + 1;
  return startedAt + Math.min(last, ROUNDS) * ROUND;
}

function successionOf(before: PlannedFiling | undefined, startedAt: number, officeHour: number): number {
  if (before === undefined || startedAt >= endOf(before, officeHour) + SUCCESSION_TIME) return 0;
  return before.succession + 1;
}

/** After the second successor a year must pass, and what is left of a loss row by then counts as beginning then. */
function refilingOf(over: PlannedFiling, losses: readonly Loss[], officeHour: number): Filing | undefined {
  const ended = endOf(over, officeHour);
  const earliest = over.succession < MOST_SUCCESSORS ? ended : ended + SUCCESSION_TIME;
  const lasts = (row: Case, at: number) => row.ended === undefined || row.ended > at;
  const starts = over.rows.flatMap((row) =>
    losses
      .filter((loss) => loss.case === row.id && loss.from >= ended && loss.until > earliest)
      .map(({ from }) => Math.max(from, earliest))
      .filter((start) => lasts(row, start)),
  );
  if (starts.length === 0) return undefined;
  const startedAt = Math.min(...starts);
  const rows = over.rows.filter((row) => lasts(row, startedAt));
  return { startedAt, filing: startedAt + officeHour + HOUR, rows, again: true };
}
