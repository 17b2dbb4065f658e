import { ethers as ethersLib } from "ethers";
import type { TypedDataDomain } from "ethers";

import { DAY, documentHash, documentUri } from "./ledger.ts";
import type { Actor, Ledger } from "./ledger.ts";

/** How a treasury pays: from an allowance, with an ERC-2612 permit each time, or by an EIP-3009 authorization. */
export type Way = "allowance" | "permit" | "authorization";

const PERMIT = {
  Permit: ["address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline"].map(field),
};
const AUTHORIZATION = {
  ReceiveWithAuthorization: [
    "address from",
    "address to",
    "uint256 value",
    "uint256 validAfter",
    "uint256 validBefore",
    "bytes32 nonce",
  ].map(field),
};

function field(text: string): { type: string; name: string } {
  const [type = "", name = ""] = text.split(" ");
  return { type, name };
}

/** One in ten signs permits and one in ten authorizations, so that every way is walked in every replay. */
export function wayOf(place: number): Way {
  if (place % 10 === 3) return "permit";
  return place % 10 === 7 ? "authorization" : "allowance";
}

/** What the members' treasuries do: get their money from the token's issuer, pay what they are asked, report yearly. */
export class Treasuries {
  readonly #ledger: Ledger;
  readonly #fund: string;
  readonly #domain: TypedDataDomain;
  readonly #purse = new Map<string, bigint>();
  readonly #approved = new Set<string>();
  #serial = 0n;

  private constructor(ledger: Ledger, fund: string, domain: TypedDataDomain) {
    this.#ledger = ledger;
    this.#fund = fund;
    this.#domain = domain;
  }

  static async of(ledger: Ledger): Promise<Treasuries> {
    const { name, version, chainId, verifyingContract } = await ledger.token.eip712Domain();
    return new Treasuries(ledger, await ledger.fund.getAddress(), { name, version, chainId, verifyingContract });
  }

  /** Each pays what it was asked so far and has not paid: assessments, calls and charges, due or not. */
  async pay(...members: readonly Actor[]): Promise<void> {
    for (const actor of members) await this.#pay(actor, wayOf(this.#ledger.actors.indexOf(actor)));
  }

  /** Gives a treasury an amount that another contract may take from it. */
  async ready({ treasury }: Actor, amount: bigint, taker: { getAddress(): Promise<string> }): Promise<void> {
    const { chain, token, issuer } = this.#ledger;
    await chain.send(issuer, token.mint.populateTransaction(treasury.address, amount));
    await chain.send(treasury, token.approve.populateTransaction(await taker.getAddress(), amount));
  }

  /** Each files its report to parliament. */
  async report(year: number, members: readonly Actor[]): Promise<void> {
    const { chain, registry } = this.#ledger;
    for (const { code, bytes3, treasury } of members) {
      const hash = documentHash(`${code}: human rights report ${year}`);
      const uri = documentUri(code, "human rights report", year);
      await chain.send(treasury, registry.fileReport.populateTransaction(bytes3, hash, uri));
    }
  }

  async #pay(actor: Actor, way: Way): Promise<void> {
    const { chain, ledger, relayer } = this.#ledger;
    const { bytes3, treasury } = actor;
    const asked = await ledger.askedOf(bytes3);
    const { paid } = await ledger.account(bytes3);
    if (asked <= paid) return;
    const amount = asked - paid;
    await this.#provide(actor, amount);
    if (way === "permit") {
      const { deadline, signature } = await this.#permit(actor, amount);
      const { v, r, s } = signature;
      const call = ledger.contributeWithPermit.populateTransaction(bytes3, amount, deadline, v, r, s);
      await chain.send(treasury, call);
    } else if (way === "authorization") {
      const authorization = await this.#authorize(actor, amount);
      await chain.send(relayer, ledger.contributeWithAuthorization.populateTransaction(bytes3, authorization));
    } else {
      await this.#approve(actor);
      await chain.send(treasury, ledger.contribute.populateTransaction(bytes3, amount));
    }
  }

  /** The issuer mints a treasury what it needs, for two years of such payments at a time. */
  async #provide({ code, treasury }: Actor, amount: bigint): Promise<void> {
    const { chain, token, issuer } = this.#ledger;
    let held = this.#purse.get(code) ?? 0n;
    if (held < amount) {
      const minted = 8n * amount;
      await chain.send(issuer, token.mint.populateTransaction(treasury.address, minted));
      held += minted;
    }
    this.#purse.set(code, held - amount);
  }

  async #approve({ code, treasury }: Actor): Promise<void> {
    if (this.#approved.has(code)) return;
    const { chain, token } = this.#ledger;
    await chain.send(treasury, token.approve.populateTransaction(this.#fund, ethersLib.MaxUint256));
    this.#approved.add(code);
  }

  async #permit({ treasury }: Actor, value: bigint) {
    const { chain, token } = this.#ledger;
    const deadline = BigInt(chain.now + DAY);
    const nonce = await token.nonces(treasury.address);
    const permit = { owner: treasury.address, spender: this.#fund, value, nonce, deadline };
    const signature = ethersLib.Signature.from(await treasury.signTypedData(this.#domain, PERMIT, permit));
    return { deadline, signature };
  }

  async #authorize({ bytes3, treasury }: Actor, amount: bigint) {
    const { chain, ledger } = this.#ledger;
    const serial = ++this.#serial;
    const nonce = await ledger.authorizationNonce(bytes3, serial);
    const [validAfter, validBefore] = [0n, BigInt(chain.now + DAY)];
    const message = { from: treasury.address, to: this.#fund, value: amount, validAfter, validBefore, nonce };
    const signature = await treasury.signTypedData(this.#domain, AUTHORIZATION, message);
    return { payer: treasury.address, amount, validAfter, validBefore, serial, signature };
  }
}
