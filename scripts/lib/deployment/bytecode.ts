// Whether a deployed contract is what the build says, immutables included.
import { readFile } from "node:fs/promises";

import {
  Interface,
  TypedDataEncoder,
  concat,
  dataSlice,
  encodeBytes32String,
  getAddress,
  getBytes,
  hexlify,
  id,
  toBeHex,
  toUtf8Bytes,
  zeroPadBytes,
} from "ethers";
import type { InterfaceAbi } from "ethers";
import type { ArtifactManager } from "hardhat/types/artifacts";

import { ARTIFACTS, CONTRACTS, COUNCIL_NAME } from "./contracts.ts";
import type { ContractKey } from "./contracts.ts";
import { isFields } from "./input.ts";

export interface Build {
  abi: InterfaceAbi;
  /** Code that constructs the contract, without arguments. */
  creation: string;
  /** Code that the contract runs, with zeros where immutables are. */
  runtime: string;
  immutables: { name: string; places: { start: number; length: number }[] }[];
}

export type Builds = Record<ContractKey, Build>;

/** What the project's contracts compile to, as it was last built. */
export async function readBuilds(artifacts: ArtifactManager): Promise<Builds> {
  const builds = await Promise.all(
    CONTRACTS.map(async (key): Promise<[ContractKey, Build]> => {
      const artifact = await artifacts.readArtifact(ARTIFACTS[key]);
      const references = Object.entries(artifact.immutableReferences ?? {});
      const buildId = artifact.buildInfoId;
      if (buildId === undefined) throw new Error(`${ARTIFACTS[key]} has no build information; compile again`);
      const names = references.length > 0 ? await immutableNames(artifacts, buildId) : new Map<string, string>();
      return [
        key,
        {
          abi: artifact.abi,
          creation: artifact.bytecode,
          runtime: artifact.deployedBytecode,
          immutables: references.map(([astId, places]) => ({
            name: names.get(astId) ?? `immutable ${astId}`,
            places,
          })),
        },
      ];
    }),
  );
  return Object.fromEntries(builds) as Builds;
}

/** The creation code with its arguments, as the transaction that made the contract must carry it. */
export function creationData(build: Build, args: unknown[]): string {
  return concat([build.creation, new Interface(build.abi).encodeDeploy(args)]);
}

/** Where code first differs from the build outside its immutables; undefined if nowhere. */
export function firstDifference(build: Build, code: string): string | undefined {
  if (code === "0x") return "no code";
  if (code.length !== build.runtime.length) {
    return `${(code.length - 2) / 2} bytes instead of ${(build.runtime.length - 2) / 2}`;
  }
  const [is, should] = [masked(build, code), masked(build, build.runtime)];
  if (is === should) return undefined;
  const metadata = should.length - metadataDigits(should);
  if (is.slice(0, metadata) === should.slice(0, metadata)) {
    return "equal but for the metadata: another version of the compiler";
  }
  let place = 2;
  while (is[place] === should[place]) place++;
  return `differs from byte ${Math.floor((place - 2) / 2)} on`;
}

/** How many digits at the end of code are the compiler's metadata, which its last two bytes say. */
function metadataDigits(code: string): number {
  return 2 * (Number.parseInt(code.slice(-4), 16) + 2);
}

/** What each immutable of a contract is, in every place where the code has it: "differing" if the places disagree. */
export function immutablesOf(build: Build, code: string): { name: string; value: string }[] {
  return build.immutables.map(({ name, places }) => {
    const values = new Set(
      places.map(({ start, length }) =>
        start + length > (code.length - 2) / 2 ? "beyond the code" : dataSlice(code, start, start + length),
      ),
    );
    return { name, value: values.size === 1 ? ([...values][0] ?? "") : "differing" };
  });
}

/** A value as 32 bytes, the way code holds it. */
export function word(value: string | bigint): string {
  return toBeHex(BigInt(value), 32);
}

/** The immutables that OpenZeppelin's EIP-712 keeps, for the council at an address. */
export function domainValues(council: string, chainId: bigint): Record<string, string> {
  const domain = { name: COUNCIL_NAME, version: "1", chainId, verifyingContract: getAddress(council) };
  return {
    _cachedDomainSeparator: TypedDataEncoder.hashDomain(domain),
    _cachedChainId: word(chainId),
    _cachedThis: word(council),
    _hashedName: id(domain.name),
    _hashedVersion: id(domain.version),
    _name: shortString(domain.name),
    _version: shortString(domain.version),
  };
}

/** The immutables in which the council keeps how the description of each urgent proposal ends. */
export function endingValues(register: string): Record<string, string> {
  const ending = toUtf8Bytes(` #proposer=${register.toLowerCase()}`);
  return { _endingStart: hexlify(ending.slice(0, 32)), _endingRest: zeroPadBytes(ending.slice(32), 32) };
}

/** OpenZeppelin's ShortString: the text, and in the last byte its length. */
function shortString(text: string): string {
  return toBeHex(BigInt(encodeBytes32String(text)) + BigInt(text.length), 32);
}

function masked(build: Build, code: string): string {
  const bytes = getBytes(code);
  for (const { start, length } of build.immutables.flatMap(({ places }) => places))
    bytes.fill(0, start, start + length);
  return hexlify(bytes);
}

/** What was read before: an id names the content of a compilation. */
const namesByBuild = new Map<string, Promise<Map<string, string>>>();

/** By AST id, the names of all immutables that a compilation declares. */
async function immutableNames(artifacts: ArtifactManager, buildId: string): Promise<Map<string, string>> {
  const names = namesByBuild.get(buildId) ?? readImmutableNames(artifacts, buildId);
  namesByBuild.set(buildId, names);
  return await names;
}

async function readImmutableNames(artifacts: ArtifactManager, buildId: string): Promise<Map<string, string>> {
  const path = await artifacts.getBuildInfoOutputPath(buildId);
  if (path === undefined) throw new Error(`build information ${buildId} is missing; compile again`);
  const output = JSON.parse(await readFile(path, "utf8")) as { output: { sources: Record<string, { ast: unknown }> } };
  const names = new Map<string, string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    if (!isFields(node)) return;
    if (node["nodeType"] === "VariableDeclaration" && node["mutability"] === "immutable") {
      names.set(String(node["id"]), String(node["name"]));
    }
    // Immutables are declared in contracts, and contracts in files: nothing below them needs a look.
    walk(node["nodes"]);
  };
  for (const { ast } of Object.values(output.output.sources)) walk(ast);
  return names;
}
