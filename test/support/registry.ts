import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { AbiCoder, ZeroHash, keccak256 } from "ethers";

import type { MemberRegistry } from "../../typechain-types/index.ts";
import { Kind, asTimelock, code, dossierOf, foundAlliance } from "./alliance.ts";
import type { Alliance } from "./alliance.ts";
import { now } from "./chain.ts";
import type { Connection } from "./chain.ts";

interface Document {
  hash: string;
  uri: string;
}

/** What the registry says an account does for its member. */
export const Role = { None: 0n, Treasury: 1n, Delegate: 2n } as const;

export const ADMIN_ROLE = ZeroHash;
export const NO_DOCUMENT: Document = { hash: ZeroHash, uri: "" };
/** A dossier as the contract's type: exactly five documents. */
export const fiveOf = (documents: Document[]) => documents as [Document, Document, Document, Document, Document];

/** The evidence a Partner needs: the first criterion. */
export const partnerDossierOf = (name: string) => [
  dossierOf(name)[0]!,
  ...Array.from({ length: 4 }, () => NO_DOCUMENT),
];

export interface Applicant {
  name: string;
  kind?: number;
  treasury: HardhatEthersSigner;
  delegate: HardhatEthersSigner;
  dossier?: Document[];
}

/** The key of an application, worked out from its fields. */
export function applicationHashOf(applicant: Applicant): string {
  const { name, kind = Kind.State, treasury, delegate, dossier = dossierOf(name) } = applicant;
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["bytes3", "uint8", "address", "address", "tuple(bytes32 hash, string uri)[5]"],
      [code(name), kind, treasury.address, delegate.address, dossier],
    ),
  );
}

/** Sends an application. */
export async function sendApplication(registry: MemberRegistry, applicant: Applicant) {
  const { name, kind = Kind.State, treasury, delegate, dossier = dossierOf(name) } = applicant;
  return await registry.connect(treasury).applyFor(code(name), kind, delegate.address, fiveOf(dossier));
}

/** Applies and is admitted by the council at once. */
export async function join(a: Alliance, applicant: Applicant): Promise<void> {
  await sendApplication(a.registry, applicant);
  await decreed(a, (registry) => registry.admit(code(applicant.name), applicationHashOf(applicant)));
}

/** An alliance in its first second, and a State and a Partner that may apply. */
export async function withApplicants(connection: Connection) {
  const a = await foundAlliance(connection);
  await a.time.increaseTo(a.genesis);
  const applicant: Applicant = { name: "JPN", treasury: a.spare(0), delegate: a.spare(1) };
  const partner: Applicant = {
    name: "XKX",
    kind: Kind.Partner,
    treasury: a.spare(2),
    delegate: a.spare(3),
    dossier: partnerDossierOf("XKX"),
  };
  return { ...a, applicant, partner };
}

/** An alliance in its first second, LTU's keys, and accounts that may become its keys. */
export async function withNewKeys(connection: Connection) {
  const a = await foundAlliance(connection);
  await a.time.increaseTo(a.genesis);
  const ltu = a.member("LTU");
  const [newTreasury, newDelegate, other] = [a.spare(0), a.spare(1), a.spare(2)];
  const treasury = a.registry.connect(ltu.treasury);
  return { ...a, ltu, newTreasury, newDelegate, other, treasury, delegate: a.registry.connect(ltu.delegate) };
}

/** What the council decides about members, without the vote. */
export async function decreed<T>(a: Alliance, act: (registry: MemberRegistry) => Promise<T>): Promise<T> {
  return await asTimelock(a, (timelock) => act(a.registry.connect(timelock)));
}

/** The codes AAA, AAB, AAC … */
export function nthCode(n: number): string {
  const letter = (value: number) => String.fromCharCode(65 + (value % 26));
  return letter(Math.floor(n / 676)) + letter(Math.floor(n / 26)) + letter(n);
}

/** A registry alone, whose founder has not handed over and whose council is an ordinary account. */
export async function foundRegistry(connection: Connection, states: number, genesisIn = 864_000n) {
  const { ethers, networkHelpers } = connection;
  const signers = await ethers.getSigners();
  const [founder, council, stranger] = [signers[0]!, signers[1]!, signers[2]!];
  const genesis = (await now(networkHelpers)) + genesisIn;
  const registry = await ethers.deployContract("MemberRegistry", [council.address, genesis]);
  const founderOf = (n: number) => ({
    code: code(nthCode(n)),
    kind: Kind.State,
    treasury: signers[20 + 2 * n]!.address,
    delegate: signers[21 + 2 * n]!.address,
    dossier: fiveOf(dossierOf(nthCode(n))),
  });
  const all = Array.from({ length: states }, (_, n) => founderOf(n));
  for (let first = 0; first < states; first += 32) await registry.admitFounders(all.slice(first, first + 32));
  return {
    connection,
    ethers,
    time: networkHelpers.time,
    registry,
    genesis,
    founder,
    council,
    stranger,
    founderOf,
    treasuryOf: (n: number) => signers[20 + 2 * n]!,
    delegateOf: (n: number) => signers[21 + 2 * n]!,
    codeOf: (n: number) => code(nthCode(n)),
  };
}
