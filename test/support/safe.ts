import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { InterfaceAbi } from "ethers";
import { Contract, ZeroAddress } from "ethers";

import type { Connection } from "./chain.ts";

/** A contract of Safe 1.5 as its makers have compiled it. */
function safeArtifact(path: string): { abi: InterfaceAbi; bytecode: string } {
  const build = import.meta.resolve("@safe-global/safe-smart-account/package.json");
  const file = fileURLToPath(new URL(`build/artifacts/contracts/${path}`, build));
  return JSON.parse(readFileSync(file, "utf8")) as { abi: InterfaceAbi; bytecode: string };
}

/** Creates a Safe of these owners through its factory, behind a proxy as deployed Safes are. */
export async function createSafe(
  { ethers }: Pick<Connection, "ethers">,
  creator: HardhatEthersSigner,
  owners: readonly HardhatEthersSigner[],
  threshold: number,
  singletonPath: "Safe.sol/Safe.json" | "SafeL2.sol/SafeL2.json",
): Promise<Contract> {
  const deploy = async (path: string) => {
    const { abi, bytecode } = safeArtifact(path);
    const contract = await new ethers.ContractFactory(abi, bytecode, creator).deploy();
    await contract.waitForDeployment();
    return { abi, contract, address: await contract.getAddress() };
  };
  const singleton = await deploy(singletonPath);
  const handler = await deploy("handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json");
  const factory = await deploy("proxies/SafeProxyFactory.sol/SafeProxyFactory.json");
  const setup = singleton.contract.interface.encodeFunctionData("setup", [
    owners.map(({ address }) => address),
    threshold,
    ZeroAddress,
    "0x",
    handler.address,
    ZeroAddress,
    0n,
    ZeroAddress,
  ]);
  const creating = factory.contract.getFunction("createProxyWithNonce");
  const safe = (await creating.staticCall(singleton.address, setup, 1n)) as string;
  await creating(singleton.address, setup, 1n);
  return new Contract(safe, singleton.abi, creator);
}

/** Owners in the order in which a Safe wants their signatures. */
export function inOrder<T extends { address: string }>(owners: readonly T[]): T[] {
  return owners.toSorted((x, y) => (BigInt(x.address) < BigInt(y.address) ? -1 : 1));
}
