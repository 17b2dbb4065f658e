// The founding of a deployment: `deploy/parameters/founding.<network>.json5`. founding.sepolia.json5 explains every field.
import type { Founding, FoundingExposure, FoundingMember } from "../../../deploy/modules/CrisisInsuranceFund.ts";
import { Reader, grouped, isMissing, readJson5, shown } from "./input.ts";
import type { Fields } from "./input.ts";

const PPM = 1_000_000n;
/** The scale's floor and ceiling, in ppm. */
const FLOOR = 10n;
const CEILING = 220_000n;
const SEATS = 208;
/** An attacked member has no vote on its own case, and three of the others must be For. */
const LEAST_STATES = 4;
const LEAST_ASSESSORS = 3;
const MOST_ASSESSORS = 15;

export const CRITERIA = ["elected government", "UDHR", "ICCPR", "national laws", "Human Rights Act"] as const;

/** A member's weight in ppm, as the ledger computes it. */
export function weightOf(capacity: number, dependence: number, loading: bigint): bigint {
  const raised = (BigInt(capacity) * (PPM + (loading * BigInt(dependence)) / PPM)) / PPM;
  return raised < FLOOR ? FLOOR : raised > CEILING ? CEILING : raised;
}

export async function readFounding(path: string, loading: bigint, problems: string[]): Promise<Founding> {
  return parseFounding(await readJson5(path), loading, problems);
}

export function parseFounding(file: Fields, loading: bigint, problems: string[]): Founding {
  const reader = new Reader(problems);
  reader.known("", file, ["members", "exposures", "assessors"]);
  const members = reader.list("members", file["members"]).map((fields, i) => member(reader, fields, i));
  const founding: Founding = {
    members,
    exposures: reader.list("exposures", file["exposures"]).map((fields, i) => exposure(reader, fields, i, members)),
    assessors: reader.list("assessors", file["assessors"]).map((fields, i) => assessor(reader, fields, i, members)),
  };
  checkWhole(founding, loading, problems);
  return founding;
}

/** The accounts of a founding, each with what it does. */
export function accountsOf({ members, assessors }: Founding): { account: string; use: string }[] {
  return [
    ...members.flatMap(({ code, treasury, delegate }) => [
      { account: treasury, use: `treasury of ${code}` },
      { account: delegate, use: `delegate of ${code}` },
    ]),
    ...assessors.map(({ account, member: by }) => ({ account, use: `assessor of ${by}` })),
  ];
}

function member(reader: Reader, fields: Fields, index: number): FoundingMember {
  const where = nameOf("members", fields, index);
  reader.known(`${where}.`, fields, ["code", "kind", "treasury", "delegate", "dossier", "capacity", "dependence"]);
  const kind = fields["kind"];
  if (kind !== "State" && kind !== "Partner") {
    reader.problems.push(`${where}.kind: ${shown(kind)}; right would be "State" or "Partner"`);
  }
  const isPartner = kind === "Partner";
  const documents = reader.list(`${where}.dossier`, fields["dossier"]);
  const needed = isPartner ? 1 : CRITERIA.length;
  CRITERIA.slice(documents.length, needed).forEach((criterion, i) => {
    const place = documents.length + i;
    reader.problems.push(
      `${where}.dossier[${place}]: missing; right would be hash and URI of the document: ${criterion}`,
    );
  });
  if (documents.length > CRITERIA.length) {
    reader.problems.push(`${where}.dossier: ${documents.length} documents; right would be ${CRITERIA.join(", ")}`);
  }
  return {
    code: reader.code(`${where}.code`, fields["code"]),
    kind: isPartner ? "Partner" : "State",
    treasury: reader.address(`${where}.treasury`, fields["treasury"], "the account that pays and receives"),
    delegate: reader.address(`${where}.delegate`, fields["delegate"], "the account that votes and files"),
    dossier: documents.map((document, i) => {
      const place = `${where}.dossier[${i}]`;
      reader.known(`${place}.`, document, ["hash", "uri"]);
      if (typeof document["uri"] !== "string" || document["uri"] === "") {
        reader.problems.push(`${place}.uri: missing; right would be where to read the document`);
      }
      return {
        hash: reader.hash(`${place}.hash`, document["hash"], "the document"),
        uri: String(document["uri"]),
      };
    }),
    capacity: Number(reader.integer(`${where}.capacity`, fields["capacity"], 0n, PPM, "ppm")),
    dependence: Number(reader.integer(`${where}.dependence`, fields["dependence"], 0n, PPM, "ppm")),
  };
}

function exposure(reader: Reader, fields: Fields, index: number, members: FoundingMember[]): FoundingExposure {
  const where = nameOf("exposures", fields, index);
  reader.known(`${where}.`, fields, ["code", "coercer", "baseline", "dependence", "source"]);
  const coercer = reader.code(`${where}.coercer`, fields["coercer"]);
  if (members.some(({ code }) => code === coercer && code !== "")) {
    reader.problems.push(`${where}.coercer: ${coercer} is a member; right would be a country outside the alliance`);
  }
  return {
    code: memberCode(reader, `${where}.code`, fields["code"], members),
    coercer,
    baseline: reader.integer(`${where}.baseline`, fields["baseline"], 1n, 2n ** 104n - 1n, "units"),
    dependence: Number(reader.integer(`${where}.dependence`, fields["dependence"], 0n, PPM, "ppm")),
    source: reader.hash(`${where}.source`, fields["source"], "the document the figures come from"),
  };
}

function assessor(reader: Reader, fields: Fields, index: number, members: FoundingMember[]) {
  const where = `assessors[${index}]`;
  reader.known(`${where}.`, fields, ["account", "member"]);
  return {
    account: reader.address(`${where}.account`, fields["account"], "the assessor"),
    member: memberCode(reader, `${where}.member`, fields["member"], members),
  };
}

/** What only shows when all entries are seen together. */
function checkWhole({ members, exposures, assessors }: Founding, loading: bigint, problems: string[]): void {
  const states = members.filter(({ kind }) => kind === "State").length;
  if (members.length === 0) problems.push("members: none named; right would be the founders of the alliance");
  if (states < LEAST_STATES || states > SEATS) {
    problems.push(`members: ${states} States; right would be ${LEAST_STATES} to ${SEATS}`);
  }
  if (assessors.length < LEAST_ASSESSORS || assessors.length > MOST_ASSESSORS) {
    problems.push(`assessors: ${assessors.length}; right would be ${LEAST_ASSESSORS} to ${MOST_ASSESSORS}`);
  }
  repeated(members.map(({ code }) => code)).forEach((code) => {
    problems.push(`members: ${code} is named twice; right would be one entry for each member`);
  });
  repeated(exposures.map(({ code, coercer }) => (code && coercer ? `${code} with ${coercer}` : ""))).forEach((pair) => {
    problems.push(`exposures: ${pair} is given twice; right would be one entry for each pair`);
  });
  repeated(assessors.map(({ account }) => account)).forEach((account) => {
    problems.push(`assessors: ${account} is named twice; right would be one entry for each assessor`);
  });
  const uses = accountsOf({ members, exposures, assessors: [] });
  repeated(uses.map(({ account }) => account)).forEach((account) => {
    const names = uses.filter((use) => use.account === account).map(({ use }) => use);
    problems.push(`${account}: ${names.join(" and ")}; right would be one account for each`);
  });
  const weights = members.reduce((sum, { capacity, dependence }) => sum + weightOf(capacity, dependence, loading), 0n);
  if (weights > PPM) {
    problems.push(
      `members: the weights add up to ${grouped(weights)} ppm; right would be at most ${grouped(PPM)} (capacity raised by loading × dependence)`,
    );
  }
}

function memberCode(reader: Reader, name: string, value: unknown, members: FoundingMember[]): string {
  const code = reader.code(name, value);
  if (code !== "" && !members.some((m) => m.code === code)) {
    reader.problems.push(
      `${name}: ${code} is no founding member; right would be one of ${members.map((m) => m.code).join(", ")}`,
    );
  }
  return code;
}

function nameOf(list: string, fields: Fields, index: number): string {
  const code = fields["code"];
  return isMissing(code) || typeof code !== "string" ? `${list}[${index}]` : `${list}[${index}] ${code}`;
}

function repeated(values: string[]): string[] {
  const isZero = (value: string) => value === "" || /^0x0{40}$/.test(value);
  return [...new Set(values.filter((value, i) => !isZero(value) && values.indexOf(value) !== i))];
}
