import { readdirSync } from "node:fs";

import { expect } from "chai";
import { zeroPadValue } from "ethers";

import type { AuditOptions } from "../../scripts/lib/audit/audit.ts";
import { AuditExport } from "../../scripts/lib/audit/export.ts";
import { auditReplay } from "../../scripts/lib/audit/replayed.ts";
import type { Replayed } from "../../scripts/lib/audit/replayed.ts";
import { conclusion } from "../../scripts/lib/audit/report.ts";
import { ENTRY } from "../../scripts/lib/node/logs.ts";
import { differs } from "../../scripts/lib/replay/report.ts";
import { emptyFolder } from "../support/folders.ts";
import { SIX, lived } from "../support/replay.ts";
import { replacing } from "../support/tampering.ts";
import type { Instead } from "../support/tampering.ts";

type Lived = Awaited<ReturnType<typeof lived>>;

describe("auditReplay", function () {
  this.timeout(60_000);
  let replayed: Lived;
  before(async () => {
    replayed = await lived({ members: SIX, to: 2019 });
  });
  after(() => replayed.connection.close());

  /** Audits the replay, of whose logs the node tells some as others, and puts the result into the record. */
  async function audited(changes: ReadonlyMap<string, Instead>, options: AuditOptions = { proof: true }) {
    const { ledger, record, connection } = replayed;
    const lying: Replayed = { ...ledger, connection: { provider: replacing(connection.provider, changes) } };
    return { ...record, audit: await auditReplay(lying, options) };
  }

  /** The second entry of the journal: its place, and what the node has of it. */
  async function secondEntry() {
    const { ledger, connection } = replayed;
    const filter = { address: await ledger.fund.getAddress(), topics: [ENTRY], fromBlock: 0 };
    const { blockNumber, index, topics, data } = (await connection.ethers.provider.getLogs(filter))[1]!;
    return { place: `${blockNumber}:${index}`, topics, data };
  }

  /** The second entry with another amount, which is the second word of its data. */
  async function alteredAmount(): Promise<Map<string, Instead>> {
    const { place, topics, data } = await secondEntry();
    const end = 2 + 2 * 64;
    const altered = `${data.slice(0, end - 1)}${data[end - 1] === "1" ? "2" : "1"}${data.slice(end)}`;
    return new Map([[place, [{ topics, data: altered }]]]);
  }

  it("finds nothing in a replay as it was lived", async () => {
    const record = await audited(new Map());
    const { entries, head } = record.reconciliation;
    expect(conclusion(record.audit)).to.equal(`all holds: ${entries} journal entries, head ${head}`);
    expect(differs(record)).to.be.false;
  });

  it("finds an entry that is left out, and the replay differs", async () => {
    const { place } = await secondEntry();
    const record = await audited(new Map([[place, []]]));
    expect(record.audit.findings.map(({ sentence }) => sentence)).to.include("entry 2 is missing before entry 3");
    expect(differs(record)).to.be.true;
  });

  it("finds an amount that is altered, and the replay differs", async () => {
    const record = await audited(await alteredAmount());
    expect(record.audit.findings.map(({ sentence }) => sentence)).to.include(
      "entry 2 is altered: its values do not give its head",
    );
    expect(differs(record)).to.be.true;
  });

  describe("given an export of what it reads", () => {
    async function exported(changes: ReadonlyMap<string, Instead>) {
      const out = emptyFolder();
      const exporting = new AuditExport(replayed.connection, out, ["hledger"]);
      await audited(changes, exporting.options);
      exporting.close();
      const { lines, differs: isOther } = exporting;
      return { lines, isOther, files: readdirSync(out) };
    }

    it("writes the journal, and every balance is what the fund says", async () => {
      const { lines, isOther, files } = await exported(new Map());
      expect(lines.at(-1)).to.match(/^[\d,]+ events, [\d,]+ journal entries: every balance is what the fund says$/);
      expect(isOther).to.be.false;
      expect(files).to.deep.equal(["fund.hledger"]);
    });

    it("writes nothing if an amount is altered", async () => {
      const { lines, isOther, files } = await exported(await alteredAmount());
      expect(lines).to.have.lengthOf(1);
      expect(lines[0]).to.match(/^nothing was written: journal entry 2 /);
      expect(isOther).to.be.true;
      expect(files).to.deep.equal([]);
    });

    it("writes nothing of a history that makes no sense, and says why", async () => {
      const { place, topics, data } = await secondEntry();
      const unknownKind = topics.with(2, zeroPadValue("0x63", 32));
      const { lines, isOther, files } = await exported(new Map([[place, [{ topics: unknownKind, data }]]]));
      expect(lines).to.have.lengthOf(1);
      expect(lines[0]).to.match(/^nothing was written: journal entry 2 /);
      expect(isOther).to.be.true;
      expect(files).to.deep.equal([]);
    });
  });
});
