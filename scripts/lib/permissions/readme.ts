import { format, resolveConfig } from "prettier";

import { ARTIFACTS } from "../deployment/contracts.ts";
import type { ContractKey } from "../deployment/contracts.ts";
import { PERMISSIONS, ROLE_FUNCTIONS } from "./table.ts";
import type { Right } from "./table.ts";

const BEGIN = "<!-- permissions: written by scripts/permissions.ts -->";
const END = "<!-- permissions end -->";

/** In the order in which README introduces them. */
const ORDER: readonly ContractKey[] = [
  "registry",
  "ledger",
  "fund",
  "coverage",
  "register",
  "panel",
  "council",
  "market",
  "measures",
  "distributor",
  "timelock",
];

/**
 * README with its table of permissions as the data says, formatted as the repository is.
 * @param readme Its text
 * @param path Where it lies: says how it is formatted
 * @throws Error if the lines that the table stands between are missing
 */
export async function withPermissions(readme: string, path: string): Promise<string> {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md needs the lines "${BEGIN}" and "${END}", in this order.`);
  const text = `${readme.slice(0, begin)}${BEGIN}\n\n${permissionsTable()}\n\n${readme.slice(end)}`;
  return await format(text, { ...(await resolveConfig(path)), filepath: path });
}

/** The table in Markdown: functions of one contract that the same may call share a line. */
function permissionsTable(): string {
  const blocks = ORDER.map((key) => block(`\`${ARTIFACTS[key]}\``, own(key)));
  const without = ORDER.filter((key) => !("grantRole" in PERMISSIONS[key])).map((key) => `\`${ARTIFACTS[key]}\``);
  const timelock = blocks.pop() ?? [];
  blocks.push(block(`all but ${without.slice(0, -1).join(", ")} and ${without.at(-1)}`, ROLE_FUNCTIONS), timelock);
  return ["| contract | function | who |", "| --- | --- | --- |", ...blocks.flat()].join("\n");
}

/** What a contract has besides what all contracts with roles have alike. The timelock, which is last, has roles of its own. */
function own(key: ContractKey): Record<string, Right> {
  const rows = Object.entries(PERMISSIONS[key]).filter(([name, right]) => ROLE_FUNCTIONS[name] !== right);
  return Object.fromEntries(rows);
}

function block(title: string, rights: Record<string, Right>): string[] {
  const byWho = new Map<string, string[]>();
  for (const [name, { who }] of Object.entries(rights)) byWho.set(who, [...(byWho.get(who) ?? []), `\`${name}\``]);
  return [...byWho].map(([who, names], i) => `| ${i === 0 ? title : ""} | ${names.join(", ")} | ${who} |`);
}
