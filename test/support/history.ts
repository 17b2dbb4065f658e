import { ZeroAddress } from "ethers";

import {
  DAY,
  MILLION,
  Measure,
  PERIOD,
  UNIT,
  code,
  decide,
  fileAttack,
  foundAlliance,
  hash,
  liveUntil,
  payAll,
  payDebt,
  recognisedAttack,
  voteThrough,
} from "./alliance.ts";
import type { Action, Alliance, AllianceOptions } from "./alliance.ts";
import { finish, reportLosses, voteDown } from "./attacks.ts";
import { moveTo, now } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { LONGEST, Purpose, RETURN_DELAY, SHORTEST, open, treeOf } from "./compensation.ts";
import { buy, offer } from "./market.ts";
import { applicationHashOf, sendApplication } from "./registry.ts";

const HELPERS = ["NOR", "AUS", "JPN", "CAN"];
const ATTACKED = ["LTU", "EST", "LVA", "POL", "CZE"];
const SHARE = 250_000;

/** An action of the council: a call of a contract. */
async function calling(target: { getAddress(): Promise<string> }, data: Promise<{ data: string }>): Promise<Action> {
  return { target, data: (await data).data };
}

/**
 * Years of an alliance in which nearly everything happens that can: each act is one that anybody could send to a live
 * network, so that an audit has nothing to find.
 */
export async function eventfulHistory(connection: Connection, options: AllianceOptions = {}): Promise<Alliance> {
  const a = await foundAlliance(connection, {
    states: [...HELPERS, ...ATTACKED],
    partners: ["TWN"],
    capacity: 90_000,
    assessors: 4,
    ...options,
  });
  await liveUntil(a, 181n);
  await members(a);
  await settings(a);
  await money(a);
  await solidarity(a);
  await shortage(a);
  await afterwards(a);
  await arrears(a);
  return a;
}

/** One joins, one is suspended and comes back, keys change and changes are stopped, notice is given and withdrawn. */
async function members(a: Alliance): Promise<void> {
  const { registry } = a;
  const applicant = { name: "FRA", treasury: a.spare(0), delegate: a.spare(1) };
  await sendApplication(registry, applicant);
  await decide(
    a,
    await calling(registry, registry.admit.populateTransaction(code("FRA"), applicationHashOf(applicant))),
  );
  const aus = a.member("AUS");
  await decide(a, await calling(registry, registry.suspend.populateTransaction(aus.code)));
  await decide(a, await calling(registry, registry.reinstate.populateTransaction(aus.code)));
  const can = a.member("CAN");
  const [treasury, delegate] = [a.spare(2), a.spare(3)];
  await registry.connect(can.treasury).proposeKeys(can.code, treasury.address, delegate.address);
  await registry.connect(treasury).acceptKeys(can.code);
  await a.time.increase(3n * DAY);
  await registry.applyKeys(can.code);
  await a.token.connect(a.issuer).mint(treasury.address, 10_000n * MILLION);
  await a.token.connect(treasury).approve(await a.fund.getAddress(), 2n ** 255n);
  Object.assign(can, { treasury, delegate });
  const jpn = a.member("JPN");
  await registry.connect(jpn.treasury).proposeKeys(jpn.code, a.spare(4).address, a.spare(5).address);
  await registry.connect(jpn.delegate).stopKeys(jpn.code);
  await registry.connect(jpn.treasury).giveNotice(jpn.code);
  await registry.connect(jpn.treasury).withdrawNotice(jpn.code);
  const nor = a.member("NOR");
  const recovery = registry.recoverKeys.populateTransaction(nor.code, ZeroAddress, a.spare(6).address);
  await decide(a, await calling(registry, recovery));
  await registry.connect(nor.treasury).stopKeys(nor.code);
  await reportOnRights(a);
}

async function reportOnRights(a: Alliance): Promise<void> {
  for (const m of a.members) {
    await a.registry.connect(m.delegate).fileReport(m.code, hash(`${m.name}: report`), "ipfs://report");
  }
}

/** The council sets everything that it can. */
async function settings(a: Alliance): Promise<void> {
  const { ledger, coverage, panel, council, fund, measures } = a;
  const next = (await ledger.currentPeriod()) + 3n;
  const ltu = code("LTU");
  const terms = { ceding: 800_000, attachment: 50_000, exhaustion: 600_000, yearlyLimit: 900n * MILLION };
  const exposure = { baseline: 210n * MILLION, dependence: 90_000, source: hash("trade") };
  const assessors = a.assessors.map(({ address }, i) => ({ account: address, member: code(HELPERS[i] ?? "NOR") }));
  const start = (await now(a)) + 60n * DAY;
  await decide(
    a,
    await calling(ledger, ledger.setBudget.populateTransaction(next, 110n * MILLION)),
    await calling(ledger, ledger.setScale.populateTransaction(ltu, 91_000, 0)),
    await calling(ledger, ledger.setTerms.populateTransaction({ loading: 10, callCap: 900_000 })),
    await calling(ledger, ledger.waive.populateTransaction(ltu, (await now(a)) + 90n * DAY)),
    await calling(coverage, coverage.setTerms.populateTransaction([ltu], terms)),
    await calling(coverage, coverage.setExposures.populateTransaction([{ code: ltu, coercer: code("RUS"), exposure }])),
    await calling(panel, panel.setAssessors.populateTransaction(assessors)),
    await calling(council, council.setVotingPeriod.populateTransaction(13n * DAY)),
    await calling(fund, fund.setGuardian.populateTransaction(a.relayer.address)),
    await calling(
      measures,
      measures.adopt.populateTransaction(code("CHN"), 0, hash("act"), "ipfs://act", start, start + 300n * DAY),
    ),
  );
  const est = a.member("EST");
  await measures.connect(est.delegate).fileImplementation(1, hash("national act"), "ipfs://national-act");
  await decide(a, await calling(measures, measures.endEarly.populateTransaction(1)));
}

/** A gift, and tokens that were sent without a word. */
async function money(a: Alliance): Promise<void> {
  const donor = a.spare(7);
  await a.token.connect(a.issuer).mint(donor.address, 10n * MILLION);
  await a.token.connect(donor).approve(await a.fund.getAddress(), 2n ** 255n);
  await a.fund.connect(donor).donate(3n * MILLION, hash("memo"));
  await a.token.connect(donor).transfer(await a.fund.getAddress(), 12_345n);
  await a.fund.connect(a.stranger).sync();
  await payAll(a);
}

/** One is attacked: goods are sold to allies, and a campaign pays those who were hit. */
async function solidarity(a: Alliance): Promise<void> {
  const [ltu, est, jpn] = [a.member("LTU"), a.member("EST"), a.member("JPN")];
  await a.register.connect(ltu.delegate).notifyThreat(ltu.code, code("CHN"), hash("threat"), "ipfs://threat");
  const { attackId } = await recognisedAttack(a, ltu, { share: SHARE });
  await a.register.connect(ltu.delegate).addMeasure(attackId, Measure.Tariff, hash("tariff"), "ipfs://tariff");

  const market = await a.market.getAddress();
  for (const { treasury } of [est, jpn]) await a.token.connect(treasury).approve(market, 2n ** 255n);
  const lotId = await offer(a, attackId, ltu, { quantity: 100_000n, deadline: (await now(a)) + 60n * DAY });
  await buy(a, lotId, est, 50_000n);
  await a.market.connect(ltu.delegate).reprice(lotId, 19n * UNIT);
  await buy(a, lotId, jpn, 10_000n);
  await a.market.connect(ltu.delegate).withdraw(lotId);

  const people = [
    { account: a.spare(8).address, amount: 500_000n * UNIT, purpose: Purpose.Industry },
    { account: a.spare(9).address, amount: 3_000n * UNIT },
    { account: a.spare(10).address, amount: 2_500n * UNIT },
  ];
  const tree = await treeOf(a, attackId, 1n, people);
  await open(a, "LTU", tree, { lasting: SHORTEST });
  await a.distributor.connect(a.stranger).claim(tree.claims[0]!);
  await a.distributor.connect(a.stranger).claimMany([tree.claims[0]!, tree.claims[1]!]);
  await reportLosses(a, attackId, 1, 40n * MILLION);

  // Two cases that come to nothing.
  const revoked = await fileAttack(a, jpn);
  await a.register.connect(jpn.delegate).revoke(revoked.attackId);
  const lost = await fileAttack(a, a.member("TWN"));
  await voteDown(a, lost.proposalId);
}

/** Four more are attacked at once: the fund owes what it lacks, calls for it, and pays as it comes in. */
async function shortage(a: Alliance): Promise<void> {
  const cases = [];
  for (const name of ATTACKED.slice(1))
    cases.push({ name, ...(await fileAttack(a, a.member(name), { share: SHARE })) });
  for (const { proposalId } of cases) await voteThrough(a, proposalId);
  await a.fund.connect(a.relayer).stopTransfers();
  for (const { attackId } of cases) await reportLosses(a, attackId, 1, 16n * MILLION);
  await a.time.increase(28n * DAY);
  for (const { attackId } of cases) await reportLosses(a, attackId, 3, 150n * MILLION);
  await a.fund
    .connect(a.stranger)
    .collect(code("EST"))
    .catch(() => undefined);
  for (const name of HELPERS.slice(0, 2)) await payDebt(a, a.member(name));
  for (const { name, attackId } of cases) {
    const [, collectable] = await a.fund.balanceOf(code(name));
    if (collectable > 0n) await a.fund.connect(a.stranger).collect(code(name));
    await a.fund.connect(a.stranger).collectEarmark(attackId);
  }
  await decide(a, await calling(a.fund, a.fund.arm.populateTransaction()));
  await payAll(a);
  await a.ledger.connect(a.stranger).issueCall();
}

/** Every case is closed, one below what was awarded, and what no campaign holds goes back. */
async function afterwards(a: Alliance): Promise<void> {
  const { register, distributor } = a;
  const revision = register.reviseLoss.populateTransaction(1, 20n * MILLION);
  await decide(a, await calling(register, revision));
  for (let attackId = 1n; attackId <= (await register.attackCount()); ++attackId) {
    if ((await register.statusOf(attackId)) !== 6n) continue;
    const { member: of } = await register.attack(attackId);
    const m = a.members.find((one) => one.code === of)!;
    await finish(a, attackId, m, attackId === 1n ? 20n * MILLION : 150n * MILLION);
  }
  const tree = await treeOf(a, 1n, 2n, [{ account: a.spare(11).address, amount: 1_000n * UNIT }]);
  await open(a, "LTU", tree, { lasting: LONGEST });
  await distributor.connect(a.relayer).returnUnclaimed(await distributor.campaignIdOf(1n, 1n));
  await payAll(a);
  await moveTo(a, (await register.closedAt(1n)) + RETURN_DELAY);
  await distributor.connect(a.stranger).returnUnassigned(1n);
}

/** One stops paying until its vote rests, pays, and is expelled in the end. */
async function arrears(a: Alliance): Promise<void> {
  const pol = a.member("POL");
  for (let periods = 0; periods < 10; ++periods) {
    await a.time.increase(PERIOD);
    for (const m of a.members) if (m !== pol) await payDebt(a, m);
  }
  await a.ledger.connect(a.stranger).suspendVote(pol.code);
  await payDebt(a, pol);
  await a.ledger.connect(pol.treasury).contribute(pol.code, MILLION);
  const { registry } = a;
  await decide(a, await calling(registry, registry.expel.populateTransaction(pol.code)));
}
