import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ANVIL = fileURLToPath(new URL("../../node_modules/.bin/anvil", import.meta.url));

export interface Anvil {
  url: string;
  stop(): Promise<void>;
}

/** Starts a node of another make in a process of its own, on a port that is free. */
export async function startAnvil(): Promise<Anvil> {
  const node = spawn(ANVIL, ["--port", "0", "--accounts", "1", "--gas-limit", "30000000", "--hardfork", "cancun"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const over = once(node, "exit");
  const stop = async () => {
    node.kill();
    await over;
  };
  for await (const line of createInterface({ input: node.stdout })) {
    const [address] = /127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (address === undefined) continue;
    // What it says from now on is not read, and must not fill its pipe.
    node.stdout.resume();
    return { url: `http://${address}`, stop };
  }
  throw new Error("anvil has ended before it listened");
}
