import { expect } from "chai";

import { auditReplay } from "../../scripts/lib/audit/replayed.ts";
import { conclusion } from "../../scripts/lib/audit/report.ts";
import { ENTRY } from "../../scripts/lib/audit/gather.ts";
import type { Ledger } from "../../scripts/lib/replay/ledger.ts";
import { differs } from "../../scripts/lib/replay/report.ts";
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
  async function audited(changes: ReadonlyMap<string, Instead>) {
    const { ledger, record, connection } = replayed;
    const provider = replacing(connection.provider, changes) as typeof connection.provider;
    const lying: Ledger = { ...ledger, connection: { ...connection, provider } };
    return { ...record, audit: await auditReplay(lying, { proof: true }) };
  }

  /** The second entry of the journal: its place, and what the node has of it. */
  async function secondEntry() {
    const { ledger, connection } = replayed;
    const filter = { address: await ledger.fund.getAddress(), topics: [ENTRY], fromBlock: 0 };
    const { blockNumber, index, topics, data } = (await connection.ethers.provider.getLogs(filter))[1]!;
    return { place: `${blockNumber}:${index}`, topics, data };
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
    const { place, topics, data } = await secondEntry();
    // The second word of the data.
    const altered = `${data.slice(0, 2 + 2 * 64 - 1)}${data.at(2 * 64 + 1) === "1" ? "2" : "1"}${data.slice(2 + 2 * 64)}`;
    const record = await audited(new Map([[place, [{ topics, data: altered }]]]));
    expect(record.audit.findings.map(({ sentence }) => sentence)).to.include(
      "entry 2 is altered: its values do not give its head",
    );
    expect(differs(record)).to.be.true;
  });
});
