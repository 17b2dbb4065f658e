import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { network } from "hardhat";

import { readEvents } from "../../scripts/lib/replay/events.ts";
import { prepare } from "../../scripts/lib/replay/input.ts";
import { readOptions } from "../../scripts/lib/replay/options.ts";
import { reconcile } from "../../scripts/lib/replay/reconcile.ts";
import { recordOf } from "../../scripts/lib/replay/recorder.ts";
import { initialDate, replay } from "../../scripts/lib/replay/replay.ts";
import { emptyFolder } from "./folders.ts";

/** Writes a file of these lines and tells its path. */
export function fileOf(...lines: string[]): string {
  const path = join(emptyFolder(), "given.csv");
  writeFileSync(path, lines.join("\n"));
  return path;
}

/** The first second of a date, UTC. */
export const at = (text: string) => Date.parse(`${text}T00:00:00Z`) / 1000;

/** The date of a time, UTC. */
export const dayOf = (time: number | undefined) =>
  time === undefined ? undefined : new Date(time * 1000).toISOString().slice(0, 10);

export interface Given {
  /** Ratings from 2018 on, as "AAA F F PF"; shares of the UN scale up to 2021 and from 2022 on may follow the code, as "AAA:5.0:7.5 F F". */
  members: string[];
  /** As "id member coercer effective ended announced baseline", of which all from `ended` on may be left out or "-". */
  cases?: string[];
  /** As "case from to net". */
  losses?: string[];
  /** As "case hs quantity dollars" of goods counted in t. */
  lots?: string[];
  /** As "case hs country quantity pledged bought usual"; "-" is nothing, and what ends a row may be left out. */
  purchases?: string[];
  /** As "case recipients purpose ppm claims". */
  compensation?: string[];
  /** As "measure case target proposed end by+by filed", of kind other. */
  measures?: string[];
  from?: number;
  to?: number;
  /** Dollars a year. */
  budget?: number;
  arrears?: string;
}

/** Six States that are Free in 2018 and stay so. */
export const SIX = ["AAA F F F F", "BBB F F F F", "CCC F F F F", "DDD F F F F", "EEE F F F F", "FFF F F F F"];

export function argumentsOf(given: Given): string[] {
  const years = Math.max(...given.members.map((row) => row.split(" ").length - 1));
  const columns = Array.from({ length: years }, (_, i) => `fh_${2018 + i}`);
  const members = given.members.map((row) => {
    const [code = "", ...ratings] = row.split(" ");
    const [iso = "", share = "1.000", later = share] = code.split(":");
    return [iso, `Land of ${iso}`, share, later, ...columns.map((_, i) => ratings[i] ?? "")].join(",");
  });
  const cases = (given.cases ?? []).map((row) => {
    const [id, member, coercer, effective = "", ended = "-", announced = "-", baseline = "10"] = row.split(" ");
    const [begun, over] = [announced === "-" ? effective : announced, ended === "-" ? "" : ended];
    return [
      id,
      member,
      coercer,
      `Title of ${id}`,
      "trigger",
      "import_ban",
      begun,
      effective,
      over,
      baseline,
      "note",
    ].join();
  });
  const losses = (given.losses ?? []).map((row) => `${row.split(" ").join()},H,made to shape`);
  const files = {
    members: fileOf(["iso3,name,un_scale_2019_2021,un_scale_2022_2024", ...columns].join(), ...members),
    cases: fileOf(
      "id,member,coercer,title,trigger,measure,announced,effective,ended,baseline_usd_m_per_year,note",
      ...cases,
    ),
    losses: fileOf("case,from,to,net_loss_usd_m,confidence,derivation", ...losses),
  };
  const cells = (row: string) => row.split(" ").map((cell) => (cell === "-" ? "" : cell));
  const lots = given.lots?.map((row) => {
    const [id, hs, quantity, dollars] = cells(row);
    return [id, hs, "goods", "t", quantity, dollars, "H", ""].join();
  });
  const purchases = given.purchases?.map((row) => {
    const [id, hs, country = "", quantity, pledged, bought = "", usual = "0"] = cells(row);
    return [id, hs, `buyers in ${country}`, country, quantity, usual, pledged, bought, "H", ""].join();
  });
  const compensation = given.compensation?.map((row) => `${cells(row).join()},made to shape`);
  const measures = given.measures?.map((row) => {
    const [measure, id, target, proposed, end, by = "", filed] = cells(row);
    return [
      measure,
      id,
      `Title of ${measure}`,
      target,
      "other",
      proposed,
      end,
      by.replaceAll("+", " "),
      filed,
      "",
    ].join();
  });
  const more = {
    lots: lots && fileOf("case,hs_code,goods,unit,quantity,usd_per_unit,confidence,derivation", ...lots),
    purchases:
      purchases &&
      fileOf("case,hs_code,buyers,country,quantity,usual,pledged,bought,confidence,derivation", ...purchases),
    compensation: compensation && fileOf("case,recipients,purpose,of_awards_ppm,claims,basis", ...compensation),
    measures: measures && fileOf("measure,case,title,target,kind,proposed,end,by,filed,derivation", ...measures),
  };
  const { from = 2019, to, budget = 50_000_000, arrears } = given;
  return [
    ...Object.entries({ ...files, ...more }).flatMap(([name, path]) => (path === undefined ? [] : [`--${name}`, path])),
    ...["--from", `${from}`, "--budget", `${budget}`],
    ...(to === undefined ? [] : ["--to", `${to}`]),
    ...(arrears === undefined ? [] : ["--arrears", arrears]),
  ];
}

/** Lives through a made-up history on a chain of its own, which whoever asks for it closes. */
export function lived(given: Given) {
  return livedThrough(argumentsOf(given));
}

/** Lives through what the command line asks for. */
export async function livedThrough(args: string[]) {
  const input = prepare(readOptions(args));
  const override = { initialDate: initialDate(input).toISOString() };
  const connection = await network.create({ network: "default", override });
  const run = await replay(connection, input, { founded: () => undefined, reached: () => undefined });
  const events = await readEvents(run.ledger);
  const record = await recordOf(run, events, await reconcile(run.ledger, events));
  return { ...run, events, record, connection };
}
