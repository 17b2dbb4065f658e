import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { MaxUint256 } from "ethers";

import { MILLION, foundAlliance } from "./alliance.ts";
import type { AllianceOptions } from "./alliance.ts";
import type { Connection } from "./chain.ts";

/** What every token that is used instead of the usual one can do. */
export interface AnyToken {
  getAddress(): Promise<string>;
  mint(to: string, amount: bigint): Promise<unknown>;
  balanceOf(account: string): Promise<bigint>;
  connect(runner: HardhatEthersSigner): { approve(spender: string, amount: bigint): Promise<unknown> };
}

/** An alliance that settles in another token; every treasury holds enough of it and has approved fund and market. */
export async function allianceWith<T extends AnyToken>(connection: Connection, odd: T, options: AllianceOptions = {}) {
  const parameters = { ...options.parameters, token: await odd.getAddress() };
  const a = await foundAlliance(connection, { ...options, parameters });
  const spenders = [await a.fund.getAddress(), await a.market.getAddress()];
  for (const { treasury } of a.members) {
    await odd.mint(treasury.address, 10_000n * MILLION);
    for (const spender of spenders) await odd.connect(treasury).approve(spender, MaxUint256);
  }
  return { ...a, odd };
}
