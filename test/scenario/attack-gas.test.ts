import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";

import { MILLION, Support, fileAttack } from "../support/alliance.ts";
import { coveredAlliance, filing, reportLosses } from "../support/attacks.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;
const covered = () => coveredAlliance(connection);

const gasOf = async (sent: ContractTransactionResponse) => (await sent.wait())!.gasUsed;

// What was measured, and two in a hundred: a change that costs more has to say so here.
const FILING = 445_000n;
const RECOGNITION = 464_000n; // remembers who committed, so that the council can release what a module it cut off holds
const LAST_REPORT = 281_000n;

describe("What an attack costs in gas", () => {
  it("stays within bounds for filing, for the deciding ballot and for the report that pays", async () => {
    const a = await loadFixture(covered);
    const ltu = a.member("LTU");
    // Neither the member's first case nor the alliance's.
    await fileAttack(a, ltu, { coercer: "RUS" });
    const args = await filing(a, ltu);
    expect(await gasOf(await a.register.connect(ltu.delegate).file(...args))).to.be.at.most(FILING);
    await a.time.increase(2);
    for (const name of ["EST", "LVA", "POL"]) {
      await a.council.connect(a.member(name).delegate).castVote(2n, Support.For);
    }
    const deciding = a.council.connect(a.member("CZE").delegate).castVote(2n, Support.For, { gasLimit: 3_000_000 });
    expect(await gasOf(await deciding)).to.be.at.most(RECOGNITION);
    await reportLosses(a, 2n, 3, 45n * MILLION);
    expect(await gasOf(await reportLosses(a, 2n, 4, 60n * MILLION))).to.be.at.most(LAST_REPORT);
  });
});
