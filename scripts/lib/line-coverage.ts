// Reads what a run with `--coverage` has counted.

export interface LineCoverage {
  files: number;
  /** How many lines hold code. */
  lines: number;
  /** Those that no test reaches, as `file:line`. */
  missed: string[];
}

/** What an lcov report says of the files in a folder. */
export function lineCoverageOf(report: string, folder: string): LineCoverage {
  const coverage: LineCoverage = { files: 0, lines: 0, missed: [] };
  let file = "";
  for (const line of report.split("\n")) {
    if (line.startsWith("SF:")) {
      file = line.slice(3).replaceAll("\\", "/");
      if (file.startsWith(folder)) coverage.files++;
    } else if (line.startsWith("DA:") && file.startsWith(folder)) {
      const [number, times] = line.slice(3).split(",");
      coverage.lines++;
      if (Number(times) === 0) coverage.missed.push(`${file}:${number}`);
    }
  }
  return coverage;
}

/** The coverage in words, first the share and then every line that is missed. */
export function statement({ files, lines, missed }: LineCoverage, folder: string): string[] {
  if (lines === 0) return [`Line coverage of ${folder}: unknown, the report names no line of it`];
  const reached = lines - missed.length;
  // Rounded down, so that only all of them are called 100%.
  const percent = Math.floor((10_000 * reached) / lines) / 100;
  const share = `Line coverage of ${folder}: ${percent}% (${reached} of ${lines} lines in ${files} files)`;
  return missed.length === 0 ? [share] : [share, "no test reaches", ...missed.map((place) => `  ${place}`)];
}
