import { rm } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import hre, { network } from "hardhat";

import { auditChain } from "../../scripts/lib/audit/audit.ts";
import type { AuditOptions } from "../../scripts/lib/audit/audit.ts";
import { quantity } from "../../scripts/lib/node/node.ts";
import type { Provider } from "../../scripts/lib/node/node.ts";
import { folderOf } from "../../scripts/lib/deployment/deployments.ts";
import type { LedgerEvent } from "../../scripts/lib/events/events.ts";
import { UNIT, foundAlliance } from "../support/alliance.ts";
import type { TestMember } from "../support/alliance.ts";
import { startAnvil } from "../support/anvil.ts";
import { emptyFolder } from "../support/folders.ts";

/** Its folder is the only thing that Ignition keeps, and no other run may find it. */
const deploymentId = `test-reorganised-${process.pid}`;
/** What may still be reorganised is read and kept apart: so many blocks. */
const UNSETTLED = 64;
const WEALTH = `0x${(10n ** 21n).toString(16)}`;

async function setUp() {
  const anvil = await startAnvil();
  const connection = await network.create({ network: "localhost", override: { url: anvil.url } });
  const { provider } = connection;
  const ask = (method: string, ...params: unknown[]) => provider.request({ method, params });
  for (const { address } of await connection.ethers.getSigners()) await ask("anvil_setBalance", address, WEALTH);
  const a = await foundAlliance(connection, { deploymentId, states: ["LTU", "EST", "NOR"], partners: [] });
  await ask("evm_setNextBlockTimestamp", Number(a.genesis));
  const mine = (blocks: number) => ask("anvil_mine", quantity(blocks));
  await mine(UNSETTLED);
  const target = { council: await a.council.getAddress(), measures: await a.measures.getAddress() };

  /** A contribution of so many dollars: one block with one entry of the journal. */
  const pay = async (member: TestMember, dollars: bigint) => {
    await (await a.ledger.connect(member.treasury).contribute(member.code, dollars * UNIT)).wait();
  };
  const last = async () => Number(await ask("eth_blockNumber"));
  /** Blocks from the last back to that many are made anew, and are empty. */
  const reorganise = (depth: number) => ask("anvil_reorg", depth, []);

  /** Audits with all proofs, and tells what the fund's contributions were. */
  async function audited(options: AuditOptions, through: Provider = provider) {
    const paid: bigint[] = [];
    const listen = (event: LedgerEvent) => {
      if (event.by === "fund" && event.name === "Entry") paid.push(event.args.amount / UNIT);
    };
    const result = await auditChain(through, target, { ...options, proof: true, receipts: true, listeners: [listen] });
    return { ...result, paid };
  }
  const stop = async () => {
    await connection.close();
    await anvil.stop();
    await rm(folderOf(hre, deploymentId), { recursive: true, force: true });
  };
  return { a, provider, pay, mine, last, reorganise, audited, stop };
}

describe("An audit of a chain that is reorganised", function () {
  this.timeout(120_000);
  let s: Awaited<ReturnType<typeof setUp>>;
  before(async () => {
    s = await setUp();
  });
  after(async () => {
    await s.stop();
  });

  /** The node, to which something happens at the first question that is one of these, before it answers any more. */
  function interrupted(isIt: (method: string) => boolean, act: () => Promise<unknown>): Provider {
    let happening: Promise<unknown> | undefined;
    return {
      request: async (question): Promise<unknown> => {
        if (isIt(question.method)) happening ??= act();
        await happening;
        return await s.provider.request(question);
      },
    };
  }

  it("goes back to where the chain is still the same, and all holds", async () => {
    const { a, pay, last, reorganise, audited } = s;
    const cache = join(emptyFolder(), "logs.jsonl");
    for (const dollars of [11n, 12n, 13n]) await pay(a.member("LTU"), dollars);
    const first = await audited({ cache });
    expect(first.findings).to.deep.equal([]);
    expect(first.notes).to.deep.equal([]);
    expect(first.paid).to.deep.equal([11n, 12n, 13n]);

    const before = await last();
    await reorganise(2);
    await pay(a.member("NOR"), 21n);
    const second = await audited({ cache });
    expect(second.findings).to.deep.equal([]);
    expect(second.notes).to.deep.equal([
      `the chain was reorganised: blocks ${before - UNSETTLED + 1} to ${before} were read again`,
    ]);
    expect(second.paid).to.deep.equal([11n, 21n]);
    expect(second.head).to.not.equal(first.head);
    expect(second.entries).to.equal(2);
  });

  it("follows it while logs are read, back into what was settled", async () => {
    const { a, pay, mine, last, reorganise, audited } = s;
    for (const dollars of [31n, 32n]) await pay(a.member("EST"), dollars);
    await mine(UNSETTLED + 6);
    const settled = (await last()) - UNSETTLED;
    let isRead = false;
    const moving = interrupted(
      () => isRead,
      async () => {
        await reorganise(UNSETTLED + 7);
        await pay(a.member("NOR"), 41n);
      },
    );
    const { firstBlock, findings, notes, paid } = await audited({ progress: () => (isRead = true) }, moving);
    expect(findings).to.deep.equal([]);
    expect(notes).to.deep.equal([`the chain was reorganised: blocks ${firstBlock} to ${settled} were read again`]);
    expect(paid).to.deep.equal([11n, 21n, 31n, 41n]);
  });

  it("audits anew if it happens after the logs were read", async () => {
    const { a, pay, last, reorganise, audited } = s;
    await pay(a.member("EST"), 51n);
    const before = await last();
    const moving = interrupted(
      (method) => method === "eth_getProof",
      async () => {
        await reorganise(1);
        await pay(a.member("NOR"), 61n);
      },
    );
    const { findings, notes, paid } = await audited({}, moving);
    expect(findings).to.deep.equal([]);
    expect(notes).to.deep.equal([
      `the chain was reorganised: blocks ${before - UNSETTLED + 1} to ${before} were read again`,
    ]);
    expect(paid).to.deep.equal([11n, 21n, 31n, 41n, 61n]);
  });
});
