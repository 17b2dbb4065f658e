import { globSync, readFileSync } from "node:fs";

import { expect } from "chai";
import { Interface } from "ethers";
import { artifacts } from "hardhat";

import { ARTIFACTS, CONTRACTS } from "../../scripts/lib/deployment/contracts.ts";
import type { ContractKey } from "../../scripts/lib/deployment/contracts.ts";
import { ROLE_FUNCTIONS } from "../../scripts/lib/permissions/table.ts";

/** What the acts call functions by, besides the contract itself. */
const INTERFACES: Record<ContractKey, string[]> = {
  timelock: ["TimelockController"],
  registry: ["IMemberRegistry"],
  fund: ["ICrisisFund"],
  ledger: ["IContributionLedger"],
  coverage: ["ICoverageBook"],
  register: ["IAttackRegister"],
  panel: ["ILossPanel"],
  council: [
    "ICouncil",
    "IGovernor",
    "IByNumber",
    "Governor",
    "GovernorSettings",
    "GovernorTimelockControl",
    "IERC721Receiver",
    "IERC1155Receiver",
  ],
  market: ["ISolidarityMarket"],
  measures: ["IMeasuresRegister"],
  distributor: ["ICompensationDistributor"],
};

/** Anybody may call them, and nothing changes: OpenZeppelin's timelock can hold tokens and ether of others. */
const WITHOUT_EFFECT = ["onERC721Received", "onERC1155Received", "onERC1155BatchReceived", "receive"];

/** Source without comments, and without the spaces that only the line width puts there. */
function sourceOf(path: string): string {
  const code = readFileSync(path, "utf8").replace(/\/\/.*$/gm, "");
  return code.replace(/\s+/g, " ").replace(/ ?([().,;{}[\]]) ?/g, "$1");
}

const FILES = globSync("test/invariant/*Acts.t.sol");
const ACTS = FILES.map(sourceOf).join("\n");
const CAMPAIGN = sourceOf("test/invariant/Ledger.t.sol");

/** Whether an act calls the function, or tries to. */
function isTried(key: ContractKey, name: string): boolean {
  if (name in ROLE_FUNCTIONS) return new RegExp(`_refusedRoles\\(\\d+,by,(address\\(${key}\\)|${key})\\)`).test(ACTS);
  if (name === "receive")
    return new RegExp(`target = address\\(${key}\\);[^}]*_refused\\(\\d+,by,target,""\\)`).test(ACTS);
  const called = `\\b(${key}|\\w+\\(address\\(${key}\\)\\))\\.${name}\\(`;
  const encoded = `\\.?encode(Call\\((${INTERFACES[key].join("|")})\\.${name},|WithSignature\\("${name}\\()`;
  return new RegExp(`${called}|${encoded}`).test(ACTS);
}

async function functionsOf(key: ContractKey): Promise<string[]> {
  const { fragments, receive } = new Interface((await artifacts.readArtifact(ARTIFACTS[key])).abi);
  const names = fragments.flatMap((f) => {
    if (f.type !== "function") return [];
    const { name, stateMutability, outputs } = f as unknown as {
      name: string;
      stateMutability: string;
      outputs: unknown[];
    };
    const acts = !["view", "pure"].includes(stateMutability) || outputs.length === 0;
    return acts ? [name] : [];
  });
  return [...new Set([...names, ...(receive ? ["receive"] : [])])];
}

describe("The campaigns of the invariants", () => {
  for (const key of CONTRACTS) {
    it(`try every function of ${ARTIFACTS[key]} that changes state`, async () => {
      const functions = await functionsOf(key);
      expect(functions).to.not.be.empty;
      const ignored = key === "timelock" ? WITHOUT_EFFECT : [];
      expect(functions.filter((name) => !ignored.includes(name) && !isTried(key, name))).to.be.empty;
    });
  }

  it("take every act into account", () => {
    const acts = [...ACTS.matchAll(/function (\w+)\([^)]*\)(?:external|public) (?:act|longAct)\b/g)].map(
      ([, name]) => name,
    );
    const chosen = [...CAMPAIGN.matchAll(/this\.(\w+)\.selector/g)].map(([, name]) => name);
    expect(acts).to.have.length.above(70);
    expect([...new Set(chosen)].sort()).to.deep.equal([...new Set(acts)].sort());
  });
});
