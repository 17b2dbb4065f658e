// Permits (ERC-2612), by which a contribution needs no approval before.
import { Contract, Signature, TypedDataEncoder } from "ethers";
import type { TypedDataDomain } from "ethers";

import { InputError } from "../csv.ts";
import type { Desk } from "./desk.ts";

const TOKEN = [
  "function name() view returns (string)",
  "function version() view returns (string)",
  "function nonces(address owner) view returns (uint256)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
];
const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
const HOUR = 3_600n;

export interface Permit {
  deadline: bigint;
  signature: Signature;
}

/** Signs a permit of `owner` for the fund that holds for an hour. @throws InputError without a key or a token with permits */
export async function signPermit(desk: Desk, owner: string, value: bigint): Promise<Permit> {
  const signer = desk.accounts.find(({ address }) => address === owner);
  if (signer === undefined) throw new InputError(`--permit: the network has no key of ${owner} to sign a permit with.`);
  const address = await desk.contracts.token.getAddress();
  const token = new Contract(address, TOKEN, desk.provider);
  const ask = async (name: string, ...args: unknown[]): Promise<unknown> =>
    (await token.getFunction(name).staticCall(...args)) as unknown;
  const unfit = () =>
    new InputError(`--permit: ${address} takes no permits that are known; approve the fund and leave it out.`);
  try {
    const domain: TypedDataDomain = {
      name: String(await ask("name")),
      // OpenZeppelin's tokens have no such function and are of version 1.
      version: String(await ask("version").catch(() => "1")),
      chainId: (await desk.provider.getNetwork()).chainId,
      verifyingContract: address,
    };
    if (TypedDataEncoder.hashDomain(domain) !== (await ask("DOMAIN_SEPARATOR"))) throw unfit();
    const deadline = BigInt((await desk.provider.getBlock("latest"))?.timestamp ?? 0) + HOUR;
    const spender = await desk.contracts.fund.getAddress();
    const message = { owner, spender, value, nonce: await ask("nonces", owner), deadline };
    return { deadline, signature: Signature.from(await signer.signTypedData(domain, TYPES, message)) };
  } catch (error) {
    throw error instanceof InputError ? error : unfit();
  }
}
