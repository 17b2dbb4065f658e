// Reads reports in lcov's form, which both Hardhat and forge write.

interface Measure {
  title: string;
  /** What is counted, in the plural. */
  counted: string;
  /** What is said of those that are missed. */
  missing: string;
  /** How a line of the report begins that tells of one: `line,times`, and of a branch `line,decision,way,times`. */
  prefix: string;
}

export const LINES: Measure = { title: "Line", counted: "lines", missing: "no test reaches", prefix: "DA:" };
export const BRANCHES: Measure = { title: "Branch", counted: "branches", missing: "no test takes", prefix: "BRDA:" };

export interface Coverage {
  files: number;
  /** How many there are. */
  total: number;
  /** Those that no test reaches, as `file:line`; of a branch also which way the decision goes, from 0. */
  missed: string[];
}

/** Why a way of a decision is missed. It counts as missed all the same. */
export interface Explanation {
  file: string;
  /** What stands in its line, and in no other of the file. */
  code: string;
  way: number;
  reason: string;
}

/** What a report says of the files in a folder. */
export function coverageOf(report: string, folder: string, { prefix }: Measure): Coverage {
  const coverage: Coverage = { files: 0, total: 0, missed: [] };
  let file = "";
  for (const line of report.split("\n")) {
    if (line.startsWith("SF:")) {
      file = line.slice(3).trim().replaceAll("\\", "/");
      if (file.startsWith(folder)) coverage.files++;
    } else if (line.startsWith(prefix) && file.startsWith(folder)) {
      const fields = line.slice(prefix.length).trim().split(",");
      // A hyphen says that not even the decision was reached.
      const times = fields.at(-1) === "-" ? 0 : Number(fields.at(-1));
      const way = fields.length === 4 ? ` (way ${fields[2]})` : "";
      coverage.total++;
      if (times === 0) coverage.missed.push(`${file}:${fields[0]}${way}`);
    }
  }
  return coverage;
}

/** The share that is reached in percent, rounded down: only all of them are 100%. */
export function percentOf({ total, missed }: Coverage): number {
  return total === 0 ? 0 : Math.floor((10_000 * (total - missed.length)) / total) / 100;
}

/** The coverage in words, first the share and then everything that is missed. */
export function statement(coverage: Coverage, folder: string, { title, counted, missing }: Measure): string[] {
  const { files, total, missed } = coverage;
  if (total === 0) return [`${title} coverage of ${folder}: unknown, the report names no ${title.toLowerCase()} of it`];
  const reached = `${total - missed.length} of ${total} ${counted} in ${files} files`;
  const share = `${title} coverage of ${folder}: ${percentOf(coverage)}% (${reached})`;
  return missed.length === 0 ? [share] : [share, missing, ...missed.map((place) => `  ${place}`)];
}

/** The same with the reason after each miss that has one, and the explanations of what is not missed, or not there. */
export function explained(
  coverage: Coverage,
  explanations: readonly Explanation[],
  read: (file: string) => string,
): { coverage: Coverage; idle: string[] } {
  const reasons = new Map<string, string>();
  const idle: string[] = [];
  for (const { file, code, way, reason } of explanations) {
    const numbers = read(file)
      .split("\n")
      .flatMap((line, i) => (line.includes(code) ? [i + 1] : []));
    const place = `${file}:${numbers.join(" and ")} (way ${way})`;
    if (coverage.missed.includes(place)) reasons.set(place, reason);
    else idle.push(`${file}: ${code} (way ${way})`);
  }
  const missed = coverage.missed.map((place) => [place, reasons.get(place) ?? []].flat().join(": "));
  return { coverage: { ...coverage, missed }, idle };
}
