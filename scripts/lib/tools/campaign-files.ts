// A campaign on disk: a summary, and one file for every payment with all that claiming it needs.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";

import { getAddress } from "ethers";

import { InputError } from "../csv.ts";
import { PURPOSES, campaignIdOf, leafHash, rememberingPairs, rootFrom, hashedTree } from "../compensation/tree.ts";
import type { Binding, Leaf } from "../compensation/tree.ts";
import { cannotWrite, folderFault } from "../folders.ts";
import type { Hearing } from "../progress.ts";

export const SUMMARY = "campaign.json";
const PROOFS = "proofs";
/** How many files are written or read between two tellings. */
const STEP = 500;

/** A campaign as a whole. Amounts in base units of the token. */
export interface Summary extends Binding {
  attackId: bigint;
  number: bigint;
  root: string;
  total: bigint;
  count: number;
  byPurpose: { purpose: string; count: number; total: bigint }[];
}

/** A payment with its proof, as its file holds it. */
export interface ClaimFile extends Binding, Leaf {
  root: string;
  proof: string[];
}

/**
 * Writes a campaign into a folder that does not exist yet or is empty, and proves it again from what was written, before the
 * folder gets its name.
 * @throws InputError if the folder is in use, or cannot be made
 */
export async function writeCampaign(
  out: string,
  place: Omit<Binding, "campaignId"> & { attackId: bigint; number: bigint },
  leaves: readonly Leaf[],
  hear: Hearing = () => undefined,
): Promise<Summary> {
  const folder = resolve(out);
  requireUnused(out, folder);
  const fault = folderFault(folder);
  if (fault !== undefined) throw new InputError(cannotWrite("--out", out, fault));
  mkdirSync(dirname(folder), { recursive: true });
  // Of its own, so that nobody's folder is in the way.
  const unfinished = mkdtempSync(`${folder}.unfinished-`);
  try {
    const summary = await writeFiles(unfinished, place, leaves, hear);
    await proveCampaign(unfinished, hear);
    renameSync(unfinished, folder);
    return summary;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function writeFiles(
  folder: string,
  place: Omit<Binding, "campaignId"> & { attackId: bigint; number: bigint },
  leaves: readonly Leaf[],
  hear: Hearing,
): Promise<Summary> {
  const campaignId = campaignIdOf(place.attackId, place.number);
  const tree = hashedTree({ ...place, campaignId }, leaves);
  const summary: Summary = { ...place, campaignId, root: tree.root, ...totalsOf(leaves) };
  writeFileSync(join(folder, SUMMARY), asJson(summary));
  for (const [i, leaf] of leaves.entries()) {
    const { chainId, distributor } = place;
    const file: ClaimFile = { chainId, distributor, campaignId, root: tree.root, ...leaf, proof: tree.proofOf(i) };
    const path = join(folder, PROOFS, pathOf(leaf));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, asJson({ ...file, purpose: PURPOSES[Number(leaf.purpose)] }));
    await told(hear, "writing proofs", i + 1, leaves.length);
  }
  return summary;
}

/**
 * Proves a campaign from its files alone: every payment leads to the root, none is there twice, and together they are what
 * the summary says.
 * @throws Error that tells the first file which does not fit
 */
export async function proveCampaign(folder: string, hear: Hearing = () => undefined): Promise<void> {
  const summary = JSON.parse(readFileSync(join(folder, SUMMARY), "utf8")) as Record<string, unknown>;
  const paths = claimPaths(join(folder, PROOFS));
  const indices = new Set<bigint>();
  const nodeHash = rememberingPairs();
  const leaves: Leaf[] = [];
  for (const [i, path] of paths.entries()) {
    const { proof, root, ...claim } = readClaim(path);
    const hash = leafHash(claim, claim);
    if (root !== summary["root"] || rootFrom(hash, proof, nodeHash) !== root) {
      throw new Error(`${path} does not lead to the root ${String(summary["root"])}.`);
    }
    indices.add(claim.index);
    const { index, account, amount, purpose } = claim;
    leaves.push({ index, account, amount, purpose });
    await told(hear, "proving again", i + 1, paths.length);
  }
  if (indices.size !== leaves.length) throw new Error(`${folder}: two files have the same index.`);
  const found = JSON.stringify(totalsOf(leaves), plain);
  const { total, count, byPurpose } = summary;
  if (JSON.stringify({ total, count, byPurpose }) !== found) {
    throw new Error(`${folder}: the files come to ${found}, which is not what ${SUMMARY} says.`);
  }
}

/** The proof files of a folder and all below it, or the one that is named, in order. */
export function claimPaths(path: string): string[] {
  if (!existsSync(path))
    throw new InputError(`${path} cannot be read; a proof file or a folder of them would be there.`);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json") && name !== SUMMARY)
    .sort()
    .map((name) => join(path, name));
}

/** @throws InputError if the file is no proof file */
export function readClaim(path: string): ClaimFile {
  try {
    const given = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    const { distributor, account, root, purpose, proof } = given as Record<string, string> & { proof: unknown };
    const place = PURPOSES.findIndex((name) => name === purpose);
    if (place < 0 || !isHash(root) || !Array.isArray(proof) || !proof.every(isHash)) throw new Error();
    const [chainId, campaignId, index, amount] = ["chainId", "campaignId", "index", "amount"].map((name) =>
      BigInt(String(given[name])),
    ) as [bigint, bigint, bigint, bigint];
    return {
      chainId,
      distributor: getAddress(distributor ?? ""),
      campaignId,
      root,
      index,
      account: getAddress(account ?? ""),
      amount,
      purpose: BigInt(place),
      proof,
    };
  } catch {
    throw new InputError(`${path} is no proof file as \`fund campaign\` writes them.`);
  }
}

/** Below the proofs, in 256 folders by the first byte of the account, in lower case as a server would look for it. */
function pathOf({ account, purpose }: Leaf): string {
  const digits = account.toLowerCase();
  return join(digits.slice(2, 4), `${digits}-${PURPOSES[Number(purpose)] ?? ""}.json`);
}

function totalsOf(leaves: readonly Leaf[]): Pick<Summary, "total" | "count" | "byPurpose"> {
  const sumOf = (some: readonly Leaf[]) => some.reduce((sum, { amount }) => sum + amount, 0n);
  const byPurpose = PURPOSES.map((purpose, place) => {
    const those = leaves.filter((leaf) => leaf.purpose === BigInt(place));
    return { purpose, count: those.length, total: sumOf(those) };
  });
  return { total: sumOf(leaves), count: leaves.length, byPurpose };
}

/** Tells now and then how far it is, and lets happen what waits: a connection closed meanwhile would else be used again. */
async function told(hear: Hearing, ...[stage, done, all]: Parameters<Hearing>): Promise<void> {
  if (done % STEP > 0 && done < all) return;
  hear(stage, done, all);
  await setImmediate();
}

function requireUnused(out: string, folder: string): void {
  if (!existsSync(folder)) return;
  if (statSync(folder).isDirectory() && readdirSync(folder).length === 0) {
    rmSync(folder, { recursive: true });
    return;
  }
  throw new InputError(
    `--out: ${relative(process.cwd(), folder) || out} is in use; a folder that is empty or does not exist would be right.`,
  );
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && /^0x[0-9a-f]{64}$/.test(value);
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, plain, 2)}\n`;
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
