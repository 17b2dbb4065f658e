import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { MaxUint256, ZeroHash } from "ethers";
import hre, { network } from "hardhat";

import { CannotCheck } from "../../scripts/lib/deployment/chain.ts";
import { deployFund } from "../../scripts/lib/deployment/deploy.ts";
import { folderOf } from "../../scripts/lib/deployment/deployments.ts";
import { exportFund } from "../../scripts/lib/export/command.ts";
import { emptyFolder } from "../support/folders.ts";

const deploymentId = `test-export-${process.pid}`;
const folder = folderOf(hre, deploymentId);

// A node of its own: of a chain that is only in this process, Ignition records nothing.
const server = await network.createServer({ network: "node" }, "127.0.0.1", 0);
const { address, port } = await server.listen();
const connection = await network.create({ network: "localhost", override: { url: `http://${address}:${port}` } });
const { ethers } = connection;

describe("The export of a deployment that is recorded", () => {
  let empty: unknown;
  before(async () => {
    empty = await ethers.provider.send("evm_snapshot");
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
    await connection.close();
    await server.close();
  });

  it("finds fund and first block by the record, over the network", async () => {
    const { addresses, parameters, founding } = await deployFund(hre, connection, { deploymentId }, () => undefined);
    const treasury = await ethers.getSigner(founding.members[0]!.treasury);
    const token = await ethers.getContractAt("TestToken", parameters.token, treasury);
    const fund = await ethers.getContractAt("CrisisFund", addresses.fund, treasury);
    await token.approve(addresses.fund, MaxUint256);
    await fund.donate(1_234_567n, ZeroHash);

    const out = emptyFolder();
    const exported = await exportFund(hre, connection, { deploymentId, out });
    expect(exported).to.deep.include({ entries: 1n, differences: [] });
    const { fromBlock, contracts, events } = JSON.parse(readFileSync(join(out, "fund.json"), "utf8")) as {
      fromBlock: number;
      contracts: Record<string, string>;
      events: { block: number; name: string }[];
    };
    expect(contracts).to.deep.equal(addresses);
    // Nothing that the contracts ever said lies before.
    expect(fromBlock).to.be.above(0).and.to.equal(events[0]!.block);
    expect(events.at(-1)!.name).to.equal("Entry");
  }).timeout(120_000);

  it("says that the record is of another chain once the chain was started anew", async () => {
    await ethers.provider.send("evm_revert", [empty]);
    let refusal: unknown;
    try {
      await exportFund(hre, connection, { deploymentId, out: emptyFolder() });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).to.be.instanceOf(CannotCheck);
    expect((refusal as CannotCheck).message).to.match(/^the deployment recorded in .* is of another chain$/);
  });
});
