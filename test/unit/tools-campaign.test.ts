import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { ethers } from "ethers";

import { InputError } from "../../scripts/lib/csv.ts";
import { readBeneficiaries } from "../../scripts/lib/tools/beneficiaries.ts";
import { claimPaths, proveCampaign, readClaim, writeCampaign } from "../../scripts/lib/tools/campaign-files.ts";
import {
  LEAF,
  hashPair,
  leafHash,
  rememberingPairs,
  rootFrom,
  hashedTree,
} from "../../scripts/lib/compensation/tree.ts";
import type { Leaf } from "../../scripts/lib/compensation/tree.ts";
import { emptyFolder } from "../support/folders.ts";
import { csvOf, failureOf, thrownBy } from "../support/tools.ts";

const PLACE = {
  chainId: 31337n,
  distributor: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  campaignId: 2n ** 32n + 1n,
};
const CAMPAIGN = { chainId: PLACE.chainId, distributor: PLACE.distributor, attackId: 1n, number: 1n };
const HEAD = "account,amount,purpose";

const account = (i: number) => ethers.getAddress(ethers.id(`account ${i}`).slice(0, 42));

function leavesOf(count: number): Leaf[] {
  return Array.from({ length: count }, (_, i) => ({
    index: BigInt(i),
    account: account(i),
    amount: BigInt(i + 1),
    purpose: BigInt(i % 2),
  }));
}

/** What is thrown for these rows, sentence by sentence, without the file. */
function problemsOf(file: string, decimals = 6): string[] {
  try {
    readBeneficiaries(file, decimals);
  } catch (error) {
    if (error instanceof InputError) return error.sentences.map((sentence) => sentence.replace(`${file}, `, ""));
    throw error;
  }
  return [];
}

describe("hashedTree", () => {
  for (const count of [1, 2, 3, 4, 7, 8, 33, 100]) {
    it(`makes of ${count} payments the tree and the proofs that OpenZeppelin's standard tree makes`, () => {
      const leaves = leavesOf(count);
      const values = leaves.map((leaf) => [
        ...Object.values(PLACE),
        leaf.index,
        leaf.account,
        leaf.amount,
        leaf.purpose,
      ]);
      const standard = StandardMerkleTree.of(values, LEAF);
      const tree = hashedTree(PLACE, leaves);
      expect(tree.root).to.equal(standard.root);
      leaves.forEach((leaf, i) => {
        expect(tree.proofOf(i)).to.deep.equal(standard.getProof(i));
        expect(leafHash(PLACE, leaf)).to.equal(standard.leafHash(values[i]!));
      });
    });
  }
});

describe("rootFrom", () => {
  it("leads from a leaf to the root, with pairs remembered or not, and from no other leaf", () => {
    const leaves = leavesOf(9);
    const tree = hashedTree(PLACE, leaves);
    for (const nodeHash of [hashPair, rememberingPairs()]) {
      leaves.forEach((leaf, i) => {
        expect(rootFrom(leafHash(PLACE, leaf), tree.proofOf(i), nodeHash)).to.equal(tree.root);
        const altered = leafHash(PLACE, { ...leaf, amount: leaf.amount + 1n });
        expect(rootFrom(altered, tree.proofOf(i), nodeHash)).not.to.equal(tree.root);
      });
    }
  });
});

describe("readBeneficiaries", () => {
  it("reads payments in the token's units, with checksums, in the order of the rows", () => {
    const file = csvOf(HEAD, `${account(1).toLowerCase()},1.5,worker`, `${account(2)},0.000001,industry`);
    expect(readBeneficiaries(file, 6)).to.deep.equal([
      { index: 0n, account: account(1), amount: 1_500_000n, purpose: 1n },
      { index: 1n, account: account(2), amount: 1n, purpose: 0n },
    ]);
  });

  it("takes the same account once for each purpose", () => {
    const file = csvOf(HEAD, `${account(1)},1,worker`, `${account(1)},1,industry`);
    expect(readBeneficiaries(file, 6)).to.have.lengthOf(2);
  });

  it("names every bad cell at once, by line and column", () => {
    const swapped = account(3).replace(/[a-fA-F]/, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
    const rows = [
      `0x123,1,worker`,
      `${swapped},1,worker`,
      `${account(4)},0.000,worker`,
      `${account(5)},1.0000001,industry`,
      `${account(6)},-1,workers`,
      `${account(7)},1,worker`,
      `${account(7).toLowerCase()},2,worker`,
      `${ethers.ZeroAddress},1,worker`,
      `${account(8)},1`,
    ];
    expect(problemsOf(csvOf(HEAD, ...rows))).to.deep.equal([
      'line 2, column account: "0x123" is no address, which would be 0x and 40 hexadecimal digits.',
      `line 3, column account: ${swapped} has a wrong checksum; if the digits are right, it would be ${account(3)}.`,
      "line 4, column amount: nothing would be paid.",
      'line 5, column amount: "1.0000001" is no number from 0 up with at most 6 decimals.',
      'line 6, column amount: "-1" is no number from 0 up with at most 6 decimals.',
      'line 6, column purpose: "workers" is none of industry, worker.',
      `line 8, column account: ${account(7)} is paid as worker on line 7 already; one row would hold the sum.`,
      "line 9, column account: nobody holds the zero address.",
      "line 10, column amount: the row has 2 cells, the first line 3.",
    ]);
  });

  it("refuses a total that the contract cannot hold", () => {
    const amount = "999999999999999";
    // 10^15 with 24 decimals is above 2^128, which 18 decimals do not reach in fewer than 340,282 rows.
    expect(problemsOf(csvOf(HEAD, `${account(1)},${amount},worker`), 24)).to.deep.equal([
      `line 1, column amount: all amounts come to ${amount}${"0".repeat(24)} base units, beyond 2^128 − 1.`,
    ]);
  });

  it("refuses a file without rows, without the columns, or that is not there", () => {
    expect(problemsOf(csvOf(""))).to.deep.equal([
      "line 1, column 1: the file is empty; its first line would name its columns.",
    ]);
    expect(problemsOf(csvOf(HEAD))).to.deep.equal(["line 1, column account: no row follows."]);
    expect(problemsOf(csvOf("account,sum"))).to.deep.equal([
      "line 1, column amount: the file has no such column.",
      "line 1, column purpose: the file has no such column.",
    ]);
    expect(problemsOf("nowhere.csv")).to.deep.equal(["nowhere.csv cannot be read: there is no such file."]);
  });
});

describe("writeCampaign", () => {
  const written = async (count = 20) => {
    const out = join(emptyFolder(), "campaign");
    return { out, leaves: leavesOf(count), summary: await writeCampaign(out, CAMPAIGN, leavesOf(count)) };
  };

  it("writes a file for every payment, by the first byte of its account, that holds all a claim needs", async () => {
    const { out, leaves, summary } = await written();
    const tree = hashedTree(PLACE, leaves);
    leaves.forEach((leaf, i) => {
      const digits = leaf.account.toLowerCase();
      const path = join(
        out,
        "proofs",
        digits.slice(2, 4),
        `${digits}-${leaf.purpose === 0n ? "industry" : "worker"}.json`,
      );
      expect(readClaim(path)).to.deep.equal({ ...PLACE, ...leaf, root: summary.root, proof: tree.proofOf(i) });
    });
    expect(claimPaths(out)).to.have.lengthOf(20);
  });

  it("sums up what the campaign pays, in all and by purpose", async () => {
    const { out, summary } = await written();
    const byPurpose = [
      { purpose: "industry", count: 10, total: 100n },
      { purpose: "worker", count: 10, total: 110n },
    ];
    expect(summary).to.deep.include({ ...CAMPAIGN, campaignId: PLACE.campaignId, total: 210n, count: 20, byPurpose });
    expect(JSON.parse(readFileSync(join(out, "campaign.json"), "utf8"))).to.deep.include({
      root: summary.root,
      total: "210",
      count: 20,
    });
  });

  it("tells how far it is, in steps and not file by file", async () => {
    const heard: string[] = [];
    await writeCampaign(join(emptyFolder(), "c"), CAMPAIGN, leavesOf(501), (what, done, of) =>
      heard.push(`${what} ${done}/${of}`),
    );
    expect(heard).to.deep.equal([
      "writing proofs 500/501",
      "writing proofs 501/501",
      "proving again 500/501",
      "proving again 501/501",
    ]);
  });

  it("leaves alone what is there already, in its place and beside it", async () => {
    const { out } = await written();
    expect(await failureOf(writeCampaign(out, CAMPAIGN, leavesOf(3)))).to.match(/^InputError: --out: .* is in use/);
    expect(claimPaths(out)).to.have.lengthOf(20);
    const other = emptyFolder();
    mkdirSync(`${other}.unfinished`);
    writeFileSync(join(`${other}.unfinished`, "somebody's.json"), "{}");
    await writeCampaign(other, CAMPAIGN, leavesOf(3));
    expect(readdirSync(other).sort()).to.deep.equal(["campaign.json", "proofs"]);
    expect(readdirSync(`${other}.unfinished`)).to.deep.equal(["somebody's.json"]);
  });

  it("leaves nothing behind if it cannot be finished", async () => {
    const above = emptyFolder();
    const stop = () => {
      throw new Error("stopped");
    };
    expect(await failureOf(writeCampaign(join(above, "campaign"), CAMPAIGN, leavesOf(3), stop))).to.equal(
      "Error: stopped",
    );
    expect(readdirSync(above)).to.deep.equal([]);
  });
});

describe("proveCampaign", () => {
  const written = async () => {
    const out = join(emptyFolder(), "campaign");
    await writeCampaign(out, CAMPAIGN, leavesOf(8));
    return { out, paths: claimPaths(out) };
  };
  const edit = (path: string, change: Record<string, unknown>) => {
    const now = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...now, ...change }));
  };

  it("accepts what was written", async () => {
    expect(await thrownBy(proveCampaign((await written()).out))).to.equal(undefined);
  });

  for (const change of [
    { amount: "999" },
    { index: "77" },
    { account: account(99) },
    { chainId: "1" },
    { campaignId: "1" },
    { distributor: account(98) },
    { proof: [] },
  ]) {
    it(`finds another ${Object.keys(change)[0]!} in a file`, async () => {
      const { out, paths } = await written();
      edit(paths[3]!, change);
      expect(await failureOf(proveCampaign(out))).to.include(`${paths[3]!} does not lead to the root`);
    });
  }

  it("finds a payment that is there twice, and one that is missing", async () => {
    const { out, paths } = await written();
    writeFileSync(join(out, "proofs", "twice.json"), readFileSync(paths[0]!));
    expect(await failureOf(proveCampaign(out))).to.include("two files have the same index");
    const missing = await written();
    edit(join(missing.out, "campaign.json"), { count: 9 });
    expect(await failureOf(proveCampaign(missing.out))).to.include("is not what campaign.json says");
  });

  it("names a file that is no proof", async () => {
    const { out, paths } = await written();
    writeFileSync(paths[0]!, "{}");
    expect(await failureOf(proveCampaign(out))).to.include(`${paths[0]!} is no proof file`);
  });
});
