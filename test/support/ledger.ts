import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { AbiCoder, MaxUint256, Signature, keccak256, toBeHex } from "ethers";

import type { IContributionLedger, TestToken } from "../../typechain-types/index.ts";
import type { Alliance, TestMember } from "./alliance.ts";
import { Kind, MILLION, PERIOD, PPM, asTimelock, code, dossierOf, foundAlliance, hash } from "./alliance.ts";
import { asContract } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { ReferenceLedger } from "./reference-ledger.ts";
import { join } from "./registry.ts";

/** A share of 100,000 ppm of it does not divide into whole units. */
export const BUDGET = 100n * MILLION + 7n;

/** Founds an alliance of eight with 100,000 ppm of this budget each; genesis is ahead. */
export async function foundEight(connection: Connection) {
  return await foundAlliance(connection, { capacity: 100_000, parameters: { firstBudget: BUDGET } });
}

/** The same in the first second of period 0. */
export async function begunEight(connection: Connection) {
  const a = await foundEight(connection);
  await a.time.increaseTo(a.genesis);
  return a;
}

/** What a member of it owes for so many periods from the first. */
export const share = (periods: bigint): bigint => (BUDGET * 100_000n * periods + PPM - 1n) / PPM;

/** Moves to the first second of a period. */
export async function begin(a: Alliance, period: bigint): Promise<void> {
  await a.time.increaseTo(a.genesis + period * PERIOD);
}

/** The plain rules for an alliance just founded, its weights known. What is kept here no snapshot takes back: make it anew. */
export async function referenceFor(a: Alliance): Promise<ReferenceLedger> {
  const reference = new ReferenceLedger(a.genesis, await a.ledger.budgetOf(0));
  for (const m of a.members) reference.setScale(a.genesis - 1n, m.code, await a.ledger.weightOf(m.code, 0), 0n);
  return reference;
}

/** Has the council set one member's place on the scale. */
export async function setScale(a: Alliance, member: string, capacity: number, dependence = 0) {
  return await asTimelock(a, (timelock) => a.ledger.connect(timelock).setScale(member, capacity, dependence));
}

/** Has the council set the budget from a period on. */
export async function setBudget(a: Alliance, fromPeriod: number | bigint, amount: bigint) {
  return await asTimelock(a, (timelock) => a.ledger.connect(timelock).setBudget(fromPeriod, amount));
}

/** Begins or ends a member's exemption from calls, as the register does when it commits and closes. */
export async function setExempt(a: Alliance, member: string, exempt: boolean) {
  return await asContract(a, a.register, (register) => a.ledger.connect(register).setCallExemption(member, exempt));
}

const abi = AbiCoder.defaultAbiCoder();

let applications = 0;
let commitments = 1_000_000;

/** Makes the fund commit an amount, as the register does at recognition. */
export async function commit(a: Alliance, m: TestMember, amount: bigint): Promise<number> {
  const attackId = ++commitments;
  await asContract(a, a.register, (register) => a.fund.connect(register).commit(attackId, m.code, 0, amount));
  return attackId;
}

/** Makes the fund owe: it commits and awards what its reserve cannot pay, so the reserve goes first. */
export async function owe(a: Alliance, m: TestMember, amount: bigint): Promise<void> {
  const award = amount + (await a.fund.reserve());
  const attackId = await commit(a, m, award);
  await asContract(a, a.register, (register) => a.fund.connect(register).award(attackId, award));
}

/** Applies for a new member with two fresh accounts, and has the council admit it. It has no weight yet. */
export async function admitNew(a: Alliance, name: string, spare: number, kind = Kind.State): Promise<TestMember> {
  const m = { name, code: code(name), treasury: a.spare(2 * spare), delegate: a.spare(2 * spare + 1) };
  await readmit(a, m, kind);
  await a.token.connect(a.issuer).mint(m.treasury.address, 10_000n * MILLION);
  await a.token.connect(m.treasury).approve(await a.fund.getAddress(), MaxUint256);
  return m;
}

/** Applies for a member with the accounts it has, and has the council admit it. */
export async function readmit(a: Alliance, m: TestMember, kind: number = Kind.State): Promise<void> {
  const { name, treasury, delegate } = m;
  await join(a, { name, kind, treasury, delegate, dossier: dossierOf(`${name} ${++applications}`) });
}

/** A token that takes signatures of its first version. */
type SignedToken = Pick<TestToken, "name" | "getAddress">;

/** Where the fund, or who stands in its place, takes a token that it is given by signature. */
type Signing<T = SignedToken> = Pick<Alliance, "ethers"> & { token: T; fund: Pick<Alliance["fund"], "getAddress"> };

/** Signs an ERC-2612 permit for the fund, or for who stands in its place. */
export async function signPermit(
  a: Signing<SignedToken & Pick<TestToken, "nonces">>,
  owner: HardhatEthersSigner,
  value: bigint,
  deadline: bigint,
) {
  const signature = await owner.signTypedData(
    await tokenDomain(a),
    {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    {
      owner: owner.address,
      spender: await a.fund.getAddress(),
      value,
      nonce: await a.token.nonces(owner.address),
      deadline,
    },
  );
  return Signature.from(signature);
}

/** What an authorization can differ in from one that works. */
export interface AuthorizationOptions {
  code: string;
  amount: bigint;
  serial?: bigint;
  validAfter?: bigint;
  validBefore?: bigint;
  /** The account that pays; the signer itself unless a contract account answers for its signature. */
  payer?: string;
  /** To whom it lets money go; the fund. */
  to?: string;
  nonce?: string;
  chainId?: bigint;
  verifyingContract?: string;
}

/** Signs an EIP-3009 authorization for one contribution. */
export async function signAuthorization(
  a: Signing,
  signer: HardhatEthersSigner,
  options: AuthorizationOptions,
): Promise<IContributionLedger.AuthorizationStruct> {
  const { amount, serial = 1n, validAfter = 0n, validBefore = 2n ** 40n } = options;
  const payer = options.payer ?? signer.address;
  const { chainId, verifyingContract, ...domain } = await tokenDomain(a);
  const signature = await signer.signTypedData(
    {
      ...domain,
      chainId: options.chainId ?? chainId,
      verifyingContract: options.verifyingContract ?? verifyingContract,
    },
    {
      ReceiveWithAuthorization: [
        { name: "from", type: "address" },
        { name: "to", type: "address" },
        { name: "value", type: "uint256" },
        { name: "validAfter", type: "uint256" },
        { name: "validBefore", type: "uint256" },
        { name: "nonce", type: "bytes32" },
      ],
    },
    {
      from: payer,
      to: options.to ?? (await a.fund.getAddress()),
      value: amount,
      validAfter,
      validBefore,
      nonce: options.nonce ?? nonceFor(options.code, serial),
    },
  );
  return { payer, amount, validAfter, validBefore, serial, signature };
}

/** The nonce of the rules: 192 bits of keccak256(purpose, member), then 64 bits of serial. */
export function nonceFor(member: string, serial: bigint): string {
  const purpose = hash("CrisisInsuranceFund.contribution");
  const bound = BigInt(keccak256(abi.encode(["bytes32", "bytes3"], [purpose, member])));
  return toBeHex(((bound << 64n) & (2n ** 256n - 1n)) | serial, 32);
}

async function tokenDomain({ ethers, token }: Pick<Alliance, "ethers"> & { token: SignedToken }) {
  const { chainId } = await ethers.provider.getNetwork();
  return { name: await token.name(), version: "1", chainId, verifyingContract: await token.getAddress() };
}
