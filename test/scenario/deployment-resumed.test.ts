import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import hre, { artifacts, network } from "hardhat";

import { CannotCheck } from "../../scripts/lib/deployment/chain.ts";
import { deployFund, recordedDeployment } from "../../scripts/lib/deployment/deploy.ts";
import { folderOf } from "../../scripts/lib/deployment/deployments.ts";
import { verifyWiring } from "../../scripts/lib/deployment/wiring.ts";

/** Its folder is the only thing that Ignition keeps, and no other run may find it. */
const deploymentId = `test-${process.pid}`;
const folder = folderOf(hre, deploymentId);
const journal = join(folder, "journal.jsonl");

// A node of its own: of a chain that is only in this process, Ignition records nothing.
const server = await network.createServer({ network: "node" }, "127.0.0.1", 0);
const { address, port } = await server.listen();
const connection = await network.create({ network: "localhost", override: { url: `http://${address}:${port}` } });
const { provider } = connection.ethers;

const BROKEN_OFF = "broken off";

describe("A deployment that is run again", () => {
  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await connection.close();
    await server.close();
  });

  /** Every test begins with an empty chain and no record; the chain is not one that a fixture could reset. */
  let snapshot: unknown;
  beforeEach(async () => {
    await rm(folder, { recursive: true, force: true });
    snapshot = await provider.send("evm_snapshot");
  });
  afterEach(async () => {
    await provider.send("evm_revert", [snapshot]);
  });

  /** Lets the node refuse the transaction of that number. */
  function breakOffBefore(number: number): () => void {
    const { provider: node } = connection;
    const request = node.request.bind(node);
    let left = number;
    node.request = async (question) => {
      if (question.method === "eth_sendTransaction" && --left === 0) throw new Error(BROKEN_OFF);
      const answer: unknown = await request(question);
      return answer;
    };
    return () => {
      node.request = request;
    };
  }

  async function run() {
    const said: string[] = [];
    const deployment = await deployFund(hre, connection, { deploymentId }, (line) => said.push(line));
    const checks = await verifyWiring(connection, artifacts, deployment);
    expect(checks.filter(({ holds }) => !holds)).to.deep.equal([]);
    return { deployment, said };
  }

  it("does nothing if it was complete", async () => {
    const first = await run();
    expect(first.said[0]).to.equal(`deploying ${deploymentId}`);
    const block = await provider.getBlockNumber();
    const again = await run();
    expect(again.said[0]).to.equal(`deployment ${deploymentId} is complete`);
    expect(again.deployment).to.deep.equal(first.deployment);
    expect(await provider.getBlockNumber(), "nothing is sent").to.equal(block);
  }).timeout(120_000);

  it("takes up a transaction that was sent and not written down", async () => {
    const first = await run();
    const block = await provider.getBlockNumber();
    const lines = (await readFile(journal, "utf8")).trimEnd().split("\n");
    const last = lines.findLastIndex((line) => line.includes("TRANSACTION_PREPARE_SEND"));
    await writeFile(journal, lines.slice(0, last + 1).join("\n") + "\n");

    const resumed = await run();
    expect(resumed.said[0]).to.match(/ had been sent as 0x[0-9a-f]{64}$/);
    expect(resumed.said[1]).to.equal(`resuming ${deploymentId}`);
    expect(resumed.deployment.addresses).to.deep.equal(first.deployment.addresses);
    expect(await provider.getBlockNumber(), "nothing is sent twice").to.equal(block);
  }).timeout(120_000);

  for (const sends of [3, 12, 25]) {
    it(`resumes if it broke off before it sent transaction ${sends}`, async () => {
      const restore = breakOffBefore(sends);
      const outcome = await run().catch((error: unknown) => error);
      restore();
      expect(String(outcome)).to.include(BROKEN_OFF);

      const { said } = await run();
      expect(said[0]).to.match(/ had begun and nothing was sent for it: it begins again$/);
      expect(said).to.include(`resuming ${deploymentId}`);
    }).timeout(120_000);
  }

  it("begins anew if the local chain of its record is gone", async () => {
    await run();
    await provider.send("evm_revert", [snapshot]);
    snapshot = await provider.send("evm_snapshot");
    const { said } = await run();
    expect(said.slice(0, 2)).to.deep.equal([
      `deployment ${deploymentId} was made on a local chain that is gone; its record is removed`,
      `deploying ${deploymentId}`,
    ]);
  }).timeout(120_000);

  it("is not taken for a deployment of another chain", async () => {
    await run();
    await provider.send("evm_revert", [snapshot]);
    snapshot = await provider.send("evm_snapshot");
    const outcome = await recordedDeployment(hre, connection, { deploymentId }).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(CannotCheck);
    expect(String(outcome)).to.include("is of another chain");
  }).timeout(120_000);
});
