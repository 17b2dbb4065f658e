import { MaxUint256 } from "ethers";

import type { PlainToken, TestToken } from "../../typechain-types/index.ts";
import { MILLION, UNIT } from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { nonceFor, signAuthorization, signPermit } from "../support/ledger.ts";
import { gasOf } from "../support/operations.ts";

type Token = PlainToken | TestToken;

/** What the peers charge in gas for one unit, by the treasury of seat 0 of an alliance; another has paid before. */
export interface PeerCosts {
  /** OpenZeppelin's ERC-4626 vault: a holder's first deposit and the next, and a withdrawal of part. */
  vault: { first: bigint; next: bigint; out: bigint };
  /** A transfer to somebody who holds some already. */
  transfer: bigint;
  /** The hand-written floor: a member's first payment and the next, and a payout of part. */
  floor: { first: bigint; next: bigint; out: bigint };
}

/** Pays in and out with the peers, in a token that the treasuries hold. */
export async function peerCosts(a: Alliance, token: Token): Promise<PeerCosts> {
  const [member, other] = [a.states[0]!, a.states[1]!];
  const [payer, first] = [member.treasury, other.treasury];
  const vault = await a.ethers.deployContract("PlainVault", [await token.getAddress()]);
  const floor = await a.ethers.deployContract("MoneyFloor", [await token.getAddress()]);
  for (const holder of [payer, first]) {
    for (const spender of [vault, floor]) await token.connect(holder).approve(await spender.getAddress(), MaxUint256);
  }
  const deposit = () => gasOf(vault.connect(payer).deposit(UNIT, payer.address));
  const pay = () => gasOf(floor.connect(payer).pay(member.code, UNIT));

  await vault.connect(first).deposit(MILLION, first.address);
  await floor.connect(first).pay(other.code, MILLION);
  await floor.owe(payer.address, MILLION);
  const paidIn = { vault: [await deposit(), await deposit()], floor: [await pay(), await pay()] };
  const before = await token.balanceOf(payer.address);
  const withdrawn = await gasOf(vault.connect(payer).withdraw(UNIT, payer.address, payer.address));
  const collected = await gasOf(floor.connect(a.relayer).collect(payer.address, UNIT));
  if ((await token.balanceOf(payer.address)) !== before + 2n * UNIT) throw new Error("the peers have not paid out");
  return {
    vault: { first: paidIn.vault[0]!, next: paidIn.vault[1]!, out: withdrawn },
    transfer: await gasOf(token.connect(payer).transfer(first.address, UNIT)),
    floor: { first: paidIn.floor[0]!, next: paidIn.floor[1]!, out: collected },
  };
}

/** A deposit in the vault by a permit of the very amount, the holder's second: it takes two transactions. */
export async function permitAndDeposit(a: Alliance, token: Token): Promise<bigint> {
  const payer = a.states[0]!.treasury;
  const vault = await a.ethers.deployContract("PlainVault", [await token.getAddress()]);
  const pay = async () => {
    const { v, r, s } = await signPermit({ ethers: a.ethers, token, fund: vault }, payer, UNIT, MaxUint256);
    const spender = await vault.getAddress();
    const permit = await gasOf(token.connect(payer).permit(payer.address, spender, UNIT, MaxUint256, v, r, s));
    return permit + (await gasOf(vault.connect(payer).deposit(UNIT, payer.address)));
  };
  await pay();
  return await pay();
}

/** A transfer by an EIP-3009 authorization that the payee, who holds some already, brings itself. */
export async function authorizedTransfer(a: Alliance): Promise<bigint> {
  const { code, treasury } = a.states[0]!;
  const payee = a.states[1]!.treasury;
  // Another than what `payByAuthorization` uses.
  const nonce = nonceFor(code, 2n);
  const signed = await signAuthorization(a, treasury, { code, amount: UNIT, to: payee.address, nonce });
  const { amount, validAfter, validBefore, signature } = signed;
  const receive =
    a.token.connect(payee)["receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"];
  return await gasOf(receive(treasury.address, payee.address, amount, validAfter, validBefore, nonce, signature));
}
