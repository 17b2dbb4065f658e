import { expect } from "chai";
import { network } from "hardhat";

import {
  CaseStatus,
  MILLION,
  fileAttack,
  foundAlliance,
  liveUntil,
  reportRound,
  voteThrough,
} from "../support/alliance.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

describe("The life of an attack", () => {
  async function covered() {
    const alliance = await foundAlliance(connection);
    await liveUntil(alliance, 200n);
    return alliance;
  }

  it("goes from filing to the last disbursement", async () => {
    const a = await loadFixture(covered);
    const ltu = a.member("LTU");
    const { attackId, proposalId } = await fileAttack(a, ltu);
    expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Voting);
    await voteThrough(a, proposalId);
    expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Recognised);
    const { awarded, committed } = await a.register.attack(attackId);
    expect(awarded).to.equal(committed / 10n);
    await reportRound(a, attackId, 3, 60n * MILLION);
    expect((await a.register.attack(attackId)).lastSettled).to.equal(3n);
  });
});
