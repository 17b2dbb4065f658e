import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import { network } from "hardhat";

import { InputError } from "../../scripts/lib/csv.ts";
import { campaignLines, openCampaign, prepareCampaign } from "../../scripts/lib/tools/campaign.ts";
import { claimPaths, readClaim } from "../../scripts/lib/tools/campaign-files.ts";
import { leafHash } from "../../scripts/lib/compensation/tree.ts";
import { claim } from "../../scripts/lib/tools/claims.ts";
import { Refused } from "../../scripts/lib/tools/refusals.ts";
import { DAY, UNIT, fileAttack } from "../support/alliance.ts";
import type { AllianceOptions } from "../support/alliance.ts";
import { moveTo } from "../support/chain.ts";
import { earmarkedFund } from "../support/compensation.ts";
import { emptyFolder } from "../support/folders.ts";
import { csvOf, deskOf, thrownBy } from "../support/tools.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const PEOPLE = 60;

/** An earmark of 30 units, and a file of sixty people with a tenth of a unit each and one industry with twenty. */
async function earmarkedBy(options: AllianceOptions) {
  const f = await earmarkedFund(connection, options);
  const desk = await deskOf(f);
  const people = Array.from({ length: PEOPLE }, (_, i) => f.spare(30 + i).address);
  const rows = people.map((account) => `${account},0.1,worker`);
  const csv = csvOf("account,amount,purpose", ...rows, `${f.spare(29).address},20,industry`);
  return { ...f, desk, people, csv };
}

const earmarked = () => earmarkedBy({});

/** The campaign of that file, open. */
async function opened() {
  const f = await earmarked();
  const out = join(emptyFolder(), "campaign");
  const prepared = await prepareCampaign({ csv: f.csv, attack: "101", out, uri: "ipfs://proofs" }, f.desk);
  await openCampaign(f.desk, prepared, true);
  return { ...f, out, prepared };
}

/** A copy of a campaign that a test may spoil: a fixture restores the chain and no files. */
function copyOf(folder: string): string {
  const copy = join(emptyFolder(), "campaign");
  cpSync(folder, copy, { recursive: true });
  return copy;
}

describe("A campaign from a CSV file to claims", () => {
  it("is prepared for the next number, opened by the treasury, and every proof is what the contract accepts", async () => {
    const f = await loadFixture(opened);
    const { summary, deadline } = f.prepared;
    expect(summary).to.deep.include({ number: 1n, count: 61, total: 26n * UNIT });
    const { root, total } = await f.distributor.campaign(summary.campaignId);
    expect([root, total]).to.deep.equal([summary.root, summary.total]);
    expect(await f.distributor.deadlineOf(summary.campaignId)).to.equal(deadline);
    expect(f.desk.said).to.include("campaign 1 of attack 101 is open and may pay 26 TEST");
    for (const path of claimPaths(f.out)) {
      const given = readClaim(path);
      expect(await f.distributor.leafOf(given)).to.equal(leafHash(given, given));
      await f.distributor.claim.staticCall(given);
    }
  });

  it("pays all of a folder in batches, by anybody, and nobody twice", async () => {
    const f = await loadFixture(opened);
    const from = f.stranger.address;
    f.desk.said.length = 0;
    const result = await claim(f.desk, f.out, { from });
    expect(result).to.deep.equal({ paid: 61, amount: 26n * UNIT, before: 0, refused: 0 });
    for (const account of f.people) expect(await f.token.balanceOf(account)).to.equal(UNIT / 10n);
    expect(f.desk.said).to.include(`${f.spare(29).address} is paid 20 TEST (industry)`);
    // Two batches for 61 claims.
    expect(f.desk.said.filter((line) => line.startsWith("transaction"))).to.have.lengthOf(2);

    expect(await claim(f.desk, f.out, { from })).to.deep.equal({ paid: 0, amount: 0n, before: 61, refused: 0 });
    expect(f.desk.said.at(-1)).to.match(/ of campaign 1 of attack 101: was paid before$/);
    expect(await f.token.balanceOf(f.spare(29).address)).to.equal(20n * UNIT);
  });

  it("refuses an altered proof with a reason, and pays the others of the folder", async () => {
    const f = await loadFixture(opened);
    const folder = copyOf(f.out);
    const [first = "", second = ""] = claimPaths(folder);
    const alter = (path: string, change: object) => {
      writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), ...change }));
    };
    alter(first, { amount: "100001" });
    // Consistent in itself, but not with what was opened.
    const { account } = readClaim(second);
    const foreign = join(emptyFolder(), "foreign");
    const csv = csvOf("account,amount,purpose", `${account},5,worker`);
    await prepareCampaign({ csv, attack: "101", number: "1", out: foreign }, f.desk);
    writeFileSync(second, readFileSync(claimPaths(foreign)[0]!));
    const result = await claim(f.desk, folder, { from: f.stranger.address });
    expect(result).to.deep.include({ paid: 59, refused: 2 });
    const refusals = f.desk.said.filter((line) => line.includes("Refused"));
    expect(refusals[0]).to.match(/: Refused: the proof does not lead from these figures to the root\.$/);
    expect(refusals[1]).to.match(
      /claim 0 is not in the tree of campaign 1 of attack 101, or the proof is not its own\.$/,
    );
  });

  it("sends nothing if any proof is for another chain", async () => {
    const f = await loadFixture(opened);
    const folder = copyOf(f.out);
    const path = claimPaths(folder).at(-1)!;
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), chainId: "1" }));
    const thrown = await thrownBy(claim(f.desk, folder, { from: f.stranger.address }));
    expect(thrown).to.be.instanceOf(InputError);
    expect(String(thrown)).to.match(/is for chain 1 and contract 0x\w+; this is chain 31337/);
    expect(await f.distributor.reserved(101n)).to.equal(26n * UNIT);
  });

  it("tells after the deadline until when claims were accepted", async () => {
    const f = await loadFixture(opened);
    await f.time.increaseTo(f.prepared.deadline + 1n);
    const result = await claim(f.desk, claimPaths(f.out)[0]!, { from: f.stranger.address });
    expect(result).to.deep.include({ paid: 0, refused: 1 });
    expect(f.desk.said.at(-1)).to.match(/: Refused: claims were accepted until \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/);
  });
});

describe("prepareCampaign", () => {
  it("makes the same campaign without a chain", async () => {
    const f = await loadFixture(earmarked);
    const given = { csv: f.csv, attack: "101", number: "1" };
    const here = await prepareCampaign({ ...given, out: join(emptyFolder(), "a") }, f.desk);
    const distributor = await f.distributor.getAddress();
    const offline = { ...given, chainId: "31337", distributor, decimals: "6", out: join(emptyFolder(), "b") };
    const there = await prepareCampaign(offline, undefined);
    expect(there.summary).to.deep.equal(here.summary);
    const parsed = f.distributor.interface.parseTransaction({ data: there.open.data })!;
    expect([...parsed.args].slice(0, 4)).to.deep.equal([101n, 1n, there.summary.root, 26n * UNIT]);
    expect(campaignLines(there)[0]).to.equal(
      "campaign 1 of attack 101: 61 payments, 26 units, every proof verified from its file",
    );
  });

  it("lets a campaign last as long as asked for", async () => {
    const f = await loadFixture(earmarked);
    const now = BigInt(await f.time.latest());
    const out = join(emptyFolder(), "a");
    const { deadline } = await prepareCampaign({ csv: f.csv, attack: "101", out, deadline: "91" }, f.desk);
    expect(deadline).to.equal(now + 91n * DAY);
  });

  it("tells what would be right of a choice", async () => {
    const f = await loadFixture(earmarked);
    const given = { csv: f.csv, attack: "101", out: join(emptyFolder(), "a") };
    const refusals: [object, string][] = [
      [{ attack: "99" }, "--attack: 99; no attack was filed yet."],
      [{ attack: "x" }, '--attack: "x"; a whole number from 1 on would be right.'],
      [{ deadline: "90" }, '--deadline: "90"; a whole number from 91 to 730 would be right.'],
      [{ deadline: "731" }, '--deadline: "731"; at most 730 would be right.'],
      [{ number: "4294967296" }, '--number: "4294967296"; at most 4,294,967,295 would be right.'],
    ];
    for (const [choice, sentence] of refusals) {
      const thrown = await thrownBy(prepareCampaign({ ...given, ...choice }, f.desk));
      expect(thrown).to.be.instanceOf(InputError);
      expect(String(thrown)).to.equal(`InputError: ${sentence}`);
    }
  });
});

describe("openCampaign", () => {
  const beyond = async () => {
    const f = await earmarked();
    const csv = csvOf("account,amount,purpose", `${f.people[0]!},31,worker`);
    const prepared = await prepareCampaign({ csv, attack: "101", out: join(emptyFolder(), "a") }, f.desk);
    return { ...f, prepared };
  };
  const reason =
    "Refused: the campaign comes to 31 TEST, and the earmark of attack 101 has 30.00006 TEST that no other campaign holds.";

  it("tells what stands in the way without sending anything", async () => {
    const f = await loadFixture(beyond);
    f.desk.said.length = 0;
    await openCampaign(f.desk, f.prepared, false);
    expect(f.desk.said).to.deep.equal([`Sent now, it would not be accepted. ${reason}`]);
  });

  it("sends nothing that would be refused", async () => {
    const f = await loadFixture(beyond);
    const thrown = await thrownBy(openCampaign(f.desk, f.prepared, true));
    expect(thrown).to.be.instanceOf(Refused);
    expect(String(thrown)).to.equal(reason);
    expect(await f.distributor.campaignCount(101n)).to.equal(0n);
  });

  it("tells of an attack that has no earmark", async () => {
    const f = await earmarkedBy({ parameters: { founderCoverDelay: 0n } });
    await moveTo(f, f.genesis + DAY);
    const attack = String((await fileAttack(f, f.member("EST"))).attackId);
    const prepared = await prepareCampaign({ csv: f.csv, attack, out: join(emptyFolder(), "a") }, f.desk);
    expect(String(await thrownBy(openCampaign(f.desk, prepared, true)))).to.equal(
      "Refused: attack 1 has no earmark, or the council is recovering its member's keys",
    );
  });
});
