// What an ERC-20 must show before a fund is bound to it for good.
import { Interface, getAddress, toBeHex } from "ethers";

import { call } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { shown } from "./input.ts";

const ERC20 = new Interface([
  "function name() view returns (string)",
  "function symbol() view returns (string)",
  "function decimals() view returns (uint256)",
  "function totalSupply() view returns (uint256)",
  "function balanceOf(address) view returns (uint256)",
  "function allowance(address, address) view returns (uint256)",
  "function transfer(address, uint256) returns (bool)",
  "function transferFrom(address, address, uint256) returns (bool)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
  "function nonces(address) view returns (uint256)",
  "function authorizationState(address, bytes32) view returns (bool)",
]);

const MOST_DECIMALS = 18n;
/** Where a proxy keeps its implementation (ERC-1967). */
const IMPLEMENTATION_SLOT = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
const NO_NONCE = toBeHex(0, 32);

export interface TokenFacts {
  symbol: string;
  decimals: number;
  warnings: string[];
}

/** Asks the token everything the fund will, without sending anything. `holder` and `other` are accounts to ask about. */
export async function checkToken(
  connection: Connection,
  address: string,
  holder: string,
  other: string,
  problems: string[],
): Promise<TokenFacts> {
  const facts: TokenFacts = { symbol: "", decimals: 0, warnings: [] };
  const token = getAddress(address);
  const problem = (found: string, right: string) => problems.push(`token: ${token} ${found}; right would be ${right}`);
  if ((await connection.ethers.provider.getCode(token)) === "0x") {
    problem("has no code on this chain", "an ERC-20 that exists here");
    return facts;
  }

  const ask = async (name: string, args: unknown[] = [], from?: string): Promise<unknown> => {
    const data = await call(connection, token, ERC20.encodeFunctionData(name, args), from);
    if (data === undefined) return undefined;
    try {
      return ERC20.decodeFunctionResult(name, data)[0] as unknown;
    } catch {
      return data === "0x" ? null : undefined;
    }
  };

  const decimals = await ask("decimals");
  if (typeof decimals !== "bigint") problem("does not answer decimals()", "an ERC-20 with decimals");
  else if (decimals > MOST_DECIMALS) problem(`has ${decimals} decimals`, `0 to ${MOST_DECIMALS}`);
  else facts.decimals = Number(decimals);
  for (const name of ["name", "symbol"]) {
    const text = await ask(name);
    if (typeof text !== "string" || text === "")
      problem(`does not answer ${name}()`, "an ERC-20 with a name and a symbol");
    else if (name === "symbol") facts.symbol = text;
  }

  const supply = await ask("totalSupply");
  const balance = await ask("balanceOf", [holder]);
  if (typeof supply !== "bigint") problem("does not answer totalSupply()", "an ERC-20");
  else if (supply === 0n) facts.warnings.push(`${token} has no supply yet: nobody can contribute`);
  if (typeof balance !== "bigint") problem("does not answer balanceOf(account)", "an ERC-20");
  else if (typeof supply === "bigint" && balance > supply) {
    problem(`says that ${holder} holds ${balance} of ${supply}`, "balances within the supply");
  }
  if (typeof (await ask("allowance", [holder, other])) !== "bigint")
    problem("does not answer allowance()", "an ERC-20");

  // Nothing moves, so nothing may go wrong; what returns nothing is as good as true.
  const moves: [string, unknown[]][] = [
    ["transfer", [other, 0n]],
    ["transferFrom", [holder, other, 0n]],
  ];
  for (const [name, args] of moves) {
    const moved = await ask(name, args, holder);
    if (moved === undefined)
      problem(`reverts at ${name} of nothing`, "a token that is neither paused nor bars the account");
    else if (moved !== true && moved !== null) problem(`answers ${name} with ${shown(moved)}`, "true or nothing");
  }

  if (typeof (await ask("DOMAIN_SEPARATOR")) !== "string" || typeof (await ask("nonces", [holder])) !== "bigint") {
    facts.warnings.push(`${token} takes no permits (ERC-2612): contributors must approve the fund first`);
  }
  if (typeof (await ask("authorizationState", [holder, NO_NONCE])) !== "boolean") {
    facts.warnings.push(`${token} takes no authorizations (EIP-3009): nobody can hand in another's contribution`);
  }
  if (BigInt(await connection.ethers.provider.getStorage(token, IMPLEMENTATION_SLOT)) !== 0n) {
    facts.warnings.push(`${token} is a proxy: its issuer can change what it does`);
  }
  return facts;
}
