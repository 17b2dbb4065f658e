import { expect } from "chai";
import { network } from "hardhat";

import { CaseStatus, DAY, asTimelock, payAll, recognisedAttack } from "../support/alliance.ts";
import { ROUND, WINDOW, coveredAlliance } from "../support/attacks.ts";
import { moveTo } from "../support/chain.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

/** An alliance whose council has put another register in office, which works; no panel has been appointed for it. */
async function replaced() {
  const a = await coveredAlliance(connection);
  const [timelock, registry] = [await a.timelock.getAddress(), await a.registry.getAddress()];
  const modules = [a.fund, a.ledger, a.coverage].map((contract) => contract.getAddress());
  const [fund = "", ledger = "", coverage = ""] = await Promise.all(modules);
  const register = await a.ethers.deployContract("AttackRegister", [timelock, registry, fund, ledger, coverage, 0n]);
  const address = await register.getAddress();
  const council = await a.ethers.deployContract("Council", [timelock, registry, address, 14n * DAY]);
  const inCouncil = await council.getAddress();
  await asTimelock(a, async (t) => {
    await a.registry.connect(t).grantRole(await a.registry.CASE_ROLE(), address);
    await a.ledger.connect(t).grantRole(await a.ledger.REGISTER_ROLE(), address);
    await a.fund.connect(t).grantRole(await a.fund.REGISTER_ROLE(), address);
    await register.connect(t).appointCouncil(inCouncil);
  });
  await a.time.increase(30n * DAY);
  await payAll(a);
  return { ...a, register, council };
}

describe("AttackRegister, given one without a panel", () => {
  it("closes an attack like any other, whose rounds nobody could report on", async () => {
    const a = await loadFixture(replaced);
    const ltu = a.member("LTU");
    const { attackId, startedAt } = await recognisedAttack(a, ltu);
    const { awarded } = await a.register.attack(attackId);
    expect(awarded).to.be.above(0n);

    await moveTo(a, startedAt + 12n * ROUND + WINDOW + 30n * DAY);
    const closed = await a.register.connect(a.stranger).close(attackId);
    await expect(closed).to.emit(a.ledger, "Charged");
    expect(await a.register.statusOf(attackId)).to.equal(CaseStatus.Closed);
    expect((await a.fund.attackAccount(attackId)).commitment).to.equal(0n);
  });
});
