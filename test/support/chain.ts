import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { network } from "hardhat";

export type Connection = Awaited<ReturnType<typeof network.create>>;

/** What of an alliance, or of a contract alone, knows its chain. */
interface Chain {
  connection: Connection;
  ethers: Connection["ethers"];
  time: Connection["networkHelpers"]["time"];
}

/** The second of the last block. */
export async function now({ time }: Pick<Chain, "time">): Promise<bigint> {
  return BigInt(await time.latest());
}

/** Moves on to a second, unless it is over. */
export async function moveTo(c: Pick<Chain, "time">, second: bigint): Promise<void> {
  if ((await now(c)) < second) await c.time.increaseTo(second);
}

/** Has the next transaction mined at exactly this second. */
export async function at({ time }: Pick<Chain, "time">, second: bigint): Promise<void> {
  await time.setNextBlockTimestamp(second);
}

/** Acts as a contract, for laws that only it can break, or that lie behind it. */
export async function asContract<T>(
  { connection, ethers }: Pick<Chain, "connection" | "ethers">,
  contract: { getAddress(): Promise<string> },
  act: (signer: HardhatEthersSigner) => Promise<T>,
): Promise<T> {
  const address = await contract.getAddress();
  const { impersonateAccount, setBalance, stopImpersonatingAccount } = connection.networkHelpers;
  await impersonateAccount(address);
  await setBalance(address, 10n ** 20n);
  try {
    return await act(await ethers.getSigner(address));
  } finally {
    await stopImpersonatingAccount(address);
  }
}

/** Tries things out from the state that is reached now, and returns to it after each. */
export async function fromHere({ networkHelpers }: Pick<Connection, "networkHelpers">) {
  const start = await networkHelpers.takeSnapshot();
  return async <T>(act: () => Promise<T>): Promise<T> => {
    const result = await act();
    await start.restore();
    return result;
  };
}
