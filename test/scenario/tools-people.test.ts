import { expect } from "chai";
import { network } from "hardhat";

import { fileAttack, reportLoss } from "../../scripts/lib/tools/cases.ts";
import { collect, contribute } from "../../scripts/lib/tools/payments.ts";
import { attackStatus, fundStatus, memberStatus, proposalStatus } from "../../scripts/lib/tools/status.ts";
import { vote } from "../../scripts/lib/tools/votes.ts";
import { DAY, MILLION, UNIT, asTimelock, code, foundAlliance, hash, liveUntil } from "../support/alliance.ts";
import { award, commit, foundFund, give } from "../support/fund.ts";
import { deskOf, failureOf } from "../support/tools.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const LTU = code("LTU");

/** A fixture, with nothing said at its desk yet: a chain is restored, and what was said is not. */
async function load<T extends { desk: { said: string[] } }>(fixture: () => Promise<T>): Promise<T> {
  const loaded = await loadFixture(fixture);
  loaded.desk.said.length = 0;
  return loaded;
}

/** An alliance whose first assessment, of 12.5 million each, was missed a day ago. */
async function indebted() {
  const a = await foundAlliance(connection);
  await a.time.increaseTo(a.genesis + 31n * DAY);
  return { ...a, desk: await deskOf(a) };
}

/** An alliance in its third period, all paid and covered, with an attack to be filed. */
async function covered() {
  const a = await foundAlliance(connection);
  await liveUntil(a, 200n);
  const desk = await deskOf(a);
  const filing = {
    code: LTU,
    coercer: code("CHN"),
    measure: "import_ban" as const,
    startedAt: BigInt(await a.time.latest()) - DAY,
    evidence: hash("the decree"),
    uri: "ipfs://decree",
    incident: "the ban of that spring",
    share: 333_333n,
  };
  return { ...a, desk, filing };
}

/** The same with an attack on LTU filed. */
async function filed() {
  const a = await covered();
  await fileAttack(a.desk, a.filing);
  await a.time.increase(2);
  const ballot = { proposalId: (await a.register.attack(1n)).proposalId, support: "for" as const };
  return { ...a, ballot };
}

/** The same with the attack recognised by four of six. */
async function recognised() {
  const a = await filed();
  for (const { delegate } of a.states.slice(1, 5)) await vote(a.desk, { ...a.ballot, from: delegate.address });
  return a;
}

describe("contribute", () => {
  it("pays from the treasury and tells what the member owes then", async () => {
    const a = await load(indebted);
    await contribute(a.desk, { code: LTU, amount: 10n * MILLION });
    expect((await a.ledger.account(LTU)).paid).to.equal(10n * MILLION);
    expect(a.desk.said.slice(1)).to.deep.equal([
      "LTU has paid 10,000,000 TEST, in all 10,000,000 TEST of 12,500,000 TEST asked so far",
      "overdue: 12,500,000 TEST before, 2,500,000 TEST now",
    ]);
    await contribute(a.desk, { code: LTU, amount: 3n * MILLION + 1n });
    expect(a.desk.said.at(-1)).to.equal("credit for later periods: 500,000.000001 TEST");
  });

  it("pays by a permit where nothing is approved, and else tells what would be needed", async () => {
    const a = await load(indebted);
    const { treasury } = a.member("LTU");
    const fund = await a.fund.getAddress();
    await a.token.connect(treasury).approve(fund, 0n);
    const payment = { code: LTU, amount: 5n * UNIT };
    expect(await failureOf(contribute(a.desk, payment))).to.equal(
      `Refused: the fund may take 0 TEST, and 5 TEST would be needed: approve ${fund} first, or pay with --permit.`,
    );
    await contribute(a.desk, { ...payment, permit: true });
    expect((await a.ledger.account(LTU)).paid).to.equal(5n * UNIT);
    expect(await a.token.allowance(treasury.address, fund)).to.equal(0n);
  });

  it("prints what another wallet can send, and sends nothing itself", async () => {
    const a = await load(indebted);
    const accounts = a.desk.accounts.filter(({ address }) => address !== a.member("LTU").treasury.address);
    const desk = { ...a.desk, accounts };
    expect(await failureOf(contribute(desk, { code: LTU, amount: UNIT }))).to.match(
      /^InputError: 0x\w+ is the account that would pay, and the network has no key of it; --print gives the transaction/,
    );
    await contribute(desk, { code: LTU, amount: UNIT, print: true });
    expect((await a.ledger.account(LTU)).paid).to.equal(0n);
    const [from, to, , data] = a.desk.said.map((line) => line.split(/: +/)[1]!);
    expect(from).to.equal(a.member("LTU").treasury.address);
    await a.member("LTU").treasury.sendTransaction({ to: to!, data: data! });
    expect((await a.ledger.account(LTU)).paid).to.equal(UNIT);
  });

  it("tells what is missing of the balance, and who is no member", async () => {
    const a = await load(indebted);
    const { address } = a.member("LTU").treasury;
    expect(await failureOf(contribute(a.desk, { code: LTU, amount: 20_000n * MILLION }))).to.equal(
      `Refused: ${address} holds 10,000,000,000 TEST, and 20,000,000,000 TEST would be needed.`,
    );
    expect(await failureOf(contribute(a.desk, { code: code("XXX"), amount: 1n }))).to.equal(
      "InputError: --member: XXX is no member; `fund status` lists them.",
    );
  });
});

describe("collect", () => {
  /** Attack 101 has brought LTU 90 units, which its blocked treasury could not take. */
  async function deferred() {
    const f = await foundFund(connection);
    const { treasury } = f.member("LTU");
    await give(f, 120n * UNIT);
    await commit(f, 101n, "LTU", 120n * UNIT);
    await f.token.connect(f.issuer).blockAccount(treasury.address);
    await award(f, 101n, 90n * UNIT);
    return { ...f, treasury, desk: await deskOf(f) };
  }

  it("transfers to the treasury what lies ready, whoever sends", async () => {
    const f = await load(deferred);
    await f.token.connect(f.issuer).unblockAccount(f.treasury.address);
    await collect(f.desk, LTU, { from: f.stranger.address });
    expect(f.desk.said.slice(1)).to.deep.equal([
      `90 TEST paid to ${f.treasury.address}`,
      `LTU is still owed 0 TEST; 0 TEST lies ready for ${f.treasury.address}`,
    ]);
    expect(await failureOf(collect(f.desk, LTU, {}))).to.equal("Refused: nothing lies ready for LTU.");
  });

  it("tells why a transfer is refused", async () => {
    const f = await load(deferred);
    expect(await failureOf(collect(f.desk, LTU, { from: f.stranger.address }))).to.match(
      /^Refused: the token refuses to transfer 90 TEST to 0x\w+\.$/,
    );
  });
});

describe("fileAttack", () => {
  it("files by the delegate, and tells where to vote until when", async () => {
    const a = await load(covered);
    expect(await fileAttack(a.desk, a.filing)).to.equal(1n);
    const attack = await a.register.attack(1n);
    expect([attack.startedAt, attack.compensationShare]).to.deep.equal([a.filing.startedAt, 333_333n]);
    expect(a.desk.said[1]).to.equal(`attack 1 of CHN on LTU is filed with evidence ${a.filing.evidence}`);
    expect(a.desk.said.at(-1)).to.match(/^vote until .* UTC: npx hardhat fund vote --proposal 1 --support for$/);
  });

  it("tells what would be right of a start, of a coercer, of an account", async () => {
    const a = await load(covered);
    const trying = async (change: object) => await failureOf(fileAttack(a.desk, { ...a.filing, ...change }));
    expect(await trying({ startedAt: 1_577_836_800n })).to.match(
      /^Refused: the attack began on 2020-01-01 00:00 UTC; from .* to .* would be right\.$/,
    );
    expect(await trying({ coercer: code("EST") })).to.equal(
      "Refused: EST cannot be the coercer: a country outside the alliance would be right.",
    );
    expect(await trying({ from: a.stranger.address })).to.equal(
      `Refused: ${a.stranger.address} is neither treasury nor delegate of LTU.`,
    );
    await fileAttack(a.desk, a.filing);
    expect(await trying({})).to.equal("Refused: LTU has filed this evidence before; new evidence would be right.");
  });
});

describe("vote", () => {
  it("casts a ballot and tells how the vote stands", async () => {
    const a = await load(filed);
    const from = a.member("EST").delegate.address;
    await vote(a.desk, { ...a.ballot, from, reason: "as agreed" });
    expect(await a.council.hasVoted(1n, from)).to.equal(true);
    expect(a.desk.said.slice(-2)).to.deep.equal([
      "EST has voted for on proposal 1",
      "1 for, 0 against, 0 abstain of 6 seats: active",
    ]);
  });

  it("carries the recognition out with the deciding ballot, with the gas that it needs", async () => {
    const a = await load(filed);
    for (const { delegate } of a.states.slice(1, 5)) await vote(a.desk, { ...a.ballot, from: delegate.address });
    expect((await a.register.attack(1n)).recognisedAt).not.to.equal(0n);
    expect(a.desk.said.at(-3)).to.equal("4 for, 0 against, 0 abstain of 6 seats: executed");
    expect(a.desk.said.slice(-2)).to.include("With this ballot it has passed.");
    expect(a.desk.said.slice(-2).join()).to.match(
      /attack 1 is recognised: [\d,.]+ TEST committed, [\d,.]+ TEST advanced/,
    );
  });

  it("prints an urgent ballot with its gas", async () => {
    const a = await load(filed);
    await vote(a.desk, { ...a.ballot, from: a.member("EST").delegate.address, print: true });
    const gas = BigInt(a.desk.said.find((line) => line.startsWith("gas:"))!.replace(/\D/g, ""));
    expect(gas > (await a.council.RECOGNITION_GAS())).to.equal(true);
  });

  it("tells who has voted, who has no seat, and what else would be right", async () => {
    const a = await load(filed);
    const from = a.member("EST").delegate.address;
    await vote(a.desk, { ...a.ballot, from });
    const trying = async (change: object) => await failureOf(vote(a.desk, { ...a.ballot, from, ...change }));
    expect(await trying({})).to.match(
      /^Refused: the seat of 0x\w+ has voted already, and a ballot is never changed\.$/,
    );
    expect(await trying({ from: a.member("LTU").delegate.address })).to.match(
      /votes for no seat of proposal 1; the delegate/,
    );
    expect(await trying({ proposalId: 9n })).to.equal("Refused: there is no proposal 9.");
  });
});

describe("reportLoss", () => {
  const evidence = `0x${"ab".repeat(32)}`;

  it("reports, tells how many are missing, and with the last what is awarded", async () => {
    const a = await load(recognised);
    await a.time.increaseTo((await a.register.round(1n, 1n)).endsAt);
    const said = [];
    // The first was named by LTU itself, which another coercer's case would not keep from reporting.
    for (const { address } of a.assessors.slice(1)) {
      await reportLoss(a.desk, { attackId: 1n, round: 1n, loss: 15n * MILLION, evidence, from: address });
      said.push(a.desk.said.at(-1)!);
    }
    expect(said[0]).to.equal("1 of 4 assessors have reported; the last report settles the round");
    expect(said[3]).to.match(/^the round is settled with a loss of 15,000,000 TEST; [\d,.]+ TEST is awarded$/);
    expect((await a.register.attack(1n)).lastSettled).to.equal(1n);
  });

  it("tells when reports are accepted, and who may report", async () => {
    const a = await load(recognised);
    const report = { attackId: 1n, round: 1n, loss: 0n, evidence, from: a.assessors[1]!.address };
    expect(await failureOf(reportLoss(a.desk, report))).to.match(
      /Refused: reports are accepted from .* UTC to .* UTC\.$/,
    );
    await a.time.increaseTo((await a.register.round(1n, 1n)).endsAt);
    const from = a.stranger.address;
    expect(await failureOf(reportLoss(a.desk, { ...report, from }))).to.equal(
      `Refused: ${from} is no assessor of this round.`,
    );
    expect(await failureOf(reportLoss(a.desk, { ...report, from: a.assessors[0]!.address }))).to.match(
      /LTU, which named 0x\w+, has an open attack by the same coercer\.$/,
    );
  });
});

describe("status", () => {
  /** The value of a line. */
  const valueOf = (lines: string[], what: string) =>
    lines
      .find((line) => line.startsWith(what))
      ?.slice(what.length)
      .trim();

  it("of the fund tells its money and lists the members", async () => {
    const a = await load(recognised);
    const lines = await fundStatus(a.desk);
    expect(valueOf(lines, "reserve")).to.equal(a.desk.money.show(await a.fund.reserve()));
    expect(valueOf(lines, "committed")).to.equal(a.desk.money.show(await a.fund.committed()));
    expect(valueOf(lines, "LTU")).to.match(/^active +12\.5000% +0 TEST$/);
    expect(valueOf(lines, "weights")).to.equal("1,000,000 ppm now, 1,000,000 ppm from period 3 on; 0 ppm are free");
    expect(valueOf(lines, "all")).to.match(/^100\.0000% +0 TEST$/);
  });

  it("of the fund tells how much of the scale is free from the next period on", async () => {
    const a = await load(indebted);
    await asTimelock(a, (timelock) => a.ledger.connect(timelock).setScale(LTU, 25_000, 0));
    const lines = await fundStatus(a.desk);
    expect(valueOf(lines, "weights")).to.equal("1,000,000 ppm now, 900,000 ppm from period 1 on; 100,000 ppm are free");
    expect(valueOf(lines, "all")).to.match(/^100\.0000% +100,000,000 TEST$/);
  });

  it("of a member tells accounts, debts and standing", async () => {
    const a = await load(indebted);
    const lines = await memberStatus(a.desk, LTU);
    expect(valueOf(lines, "member")).to.equal("LTU, active, seat 0");
    expect(valueOf(lines, "treasury")).to.equal(a.member("LTU").treasury.address);
    expect(valueOf(lines, "paid")).to.equal("0 TEST of 12,500,000 TEST asked so far");
    expect(valueOf(lines, "overdue")).to.equal("12,500,000 TEST");
    expect(valueOf(lines, "standing")).to.equal("good");
  });

  it("of an attack tells where it stands", async () => {
    const a = await load(recognised);
    const lines = await attackStatus(a.desk, 1n);
    expect(valueOf(lines, "attack")).to.equal("1: CHN on LTU");
    expect(valueOf(lines, "status")).to.equal("recognised");
    expect(valueOf(lines, "committed")).to.equal(a.desk.money.show((await a.register.attack(1n)).committed));
    expect(valueOf(lines, "next reports")).to.match(/^round 1, from /);
    expect(await failureOf(attackStatus(a.desk, 2n))).to.equal(
      "InputError: --attack: 2; the last attack that was filed is 1.",
    );
  });

  it("says so if there is no attack and no proposal yet", async () => {
    const a = await load(indebted);
    expect(await failureOf(attackStatus(a.desk, 1n))).to.equal("InputError: --attack: 1; no attack was filed yet.");
    expect(await failureOf(proposalStatus(a.desk, 1n))).to.equal(
      "InputError: --proposal: 1; no proposal was made yet.",
    );
  });

  it("of a proposal tells the ballots and what it would do", async () => {
    const a = await load(filed);
    const lines = await proposalStatus(a.desk, 1n);
    expect(valueOf(lines, "proposal")).to.equal("1, urgent");
    expect(valueOf(lines, "ballots")).to.equal("0 for, 0 against, 0 abstain of 6 seats: active");
    expect(valueOf(lines, "action 1")).to.equal("register.recognise(1)");
    expect(await failureOf(proposalStatus(a.desk, 2n))).to.equal(
      "InputError: --proposal: 2; the last proposal that was made is 1.",
    );
  });
});
