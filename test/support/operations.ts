import { expect } from "chai";
import type { ContractTransactionReceipt, ContractTransactionResponse } from "ethers";
import { MaxUint256 } from "ethers";

import {
  DAY,
  Kind,
  MILLION,
  PERIOD,
  Support,
  UNIT,
  code,
  fileAttack,
  foundAlliance,
  liveUntil,
  payAll,
} from "./alliance.ts";
import type { Alliance, AllianceOptions, TestMember } from "./alliance.ts";
import { eligibleAssessors, filing, reportLosses } from "./attacks.ts";
import { asContract, moveTo } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { URGENT_GAS, admitState, codesOf, signed, sittingCouncil } from "./council.ts";
import { owe, signAuthorization, signPermit } from "./ledger.ts";
import { applicationHashOf, decreed, join, partnerDossierOf, sendApplication } from "./registry.ts";
import type { Applicant } from "./registry.ts";

// The operations whose cost is bounded by test/gas.json and compared by `npm run bench`. Each sets out from the state that
// its comment names, and gives what its transactions were charged in gas, all included.

/** What every transaction costs before it does anything. */
export const TRANSACTION = 21_000n;

/** What a transaction was charged, all included. */
export async function gasOf(sending: Promise<Pick<ContractTransactionResponse, "wait">>): Promise<bigint> {
  const receipt: ContractTransactionReceipt | null = await (await sending).wait();
  return receipt!.gasUsed;
}

// States

/** So many seats that may vote, a day after genesis. */
export async function seatedCouncil(connection: Connection, seats: number) {
  return await sittingCouncil(connection, { states: codesOf(seats), partners: [] });
}

/** An alliance that pays in a token that does nothing but what OpenZeppelin's does, just founded. */
export async function plainAlliance(connection: Connection, options: AllianceOptions = {}) {
  const plain = await connection.ethers.deployContract("PlainToken");
  const a = await foundAlliance(connection, { ...options, parameters: { token: await plain.getAddress() } });
  for (const { treasury } of a.members) {
    await plain.mint(treasury.address, 10_000n * MILLION);
    await plain.connect(treasury).approve(await a.fund.getAddress(), MaxUint256);
  }
  return { ...a, plain };
}

/** The same after it has paid for 200 days. */
export async function coveredPlainAlliance(connection: Connection) {
  const a = await plainAlliance(connection);
  await liveUntil(a, 200n);
  await payAll(a);
  return a;
}

export type PlainAlliance = Awaited<ReturnType<typeof plainAlliance>>;

// The council

/** A ballot in an open vote. */
export async function ballot(a: Alliance, proposalId: bigint, seat: number): Promise<bigint> {
  return await gasOf(a.council.connect(a.states[seat]!.delegate).castVote(proposalId, Support.For, URGENT_GAS));
}

/** The ballots of the first seats in an open vote, signed and handed in together by a relayer. */
export async function signedBallots(a: Alliance, proposalId: bigint, seats: number, support: number): Promise<bigint> {
  const voters = a.states.slice(0, seats);
  const ballots = await Promise.all(voters.map(({ delegate }) => signed(a, delegate, proposalId, support)));
  return await gasOf(a.council.connect(a.relayer).castVotesBySig(proposalId, ballots));
}

/**
 * The whole decision on an attack, the second that the State of seat 0 files: filing and all ballots, before what
 * recognition itself costs.
 */
export async function urgentDecision(a: Alliance): Promise<bigint> {
  await fileAttack(a, a.states[0]!, { coercer: "RUS" });
  let cost = await gasOf(a.register.connect(a.states[0]!.delegate).file(...(await filing(a, a.states[0]!))));
  const attackId = await a.register.attackCount();
  const { proposalId } = await a.register.attack(attackId);
  await a.time.increase(2n);
  const before = await a.connection.networkHelpers.takeSnapshot();
  const recognition = await asContract(a, a.council, (council) =>
    gasOf(a.register.connect(council).recognise(attackId)),
  );
  await before.restore();
  // The electorate leaves the attacked out: of 199 seats 100 decide. The ballot that 200 would need besides costs no
  // more than any other.
  const majority = Math.floor((a.states.length - 1) / 2) + 1;
  for (let seat = 1; seat <= majority; ++seat) cost += await ballot(a, proposalId, seat);
  expect((await a.register.attack(attackId)).recognisedAt).to.not.equal(0n);
  return cost - (recognition - TRANSACTION);
}

/** The ballot that decides on the second attack that the State of seat 0 files, recognition included. */
export async function decidingBallot(a: Alliance): Promise<bigint> {
  const { attackId, last } = await almostRecognised(a);
  const cost = await last();
  expect((await a.register.attack(attackId)).recognisedAt).to.not.equal(0n);
  return cost;
}

/** Files the second attack on the State of seat 0, and has all but the deciding ballot cast. */
async function almostRecognised(a: Alliance) {
  await fileAttack(a, a.states[0]!, { coercer: "RUS" });
  const { attackId, proposalId } = await fileAttack(a, a.states[0]!);
  await a.time.increase(2);
  const majority = Math.max(3, Math.floor((a.states.length - 1) / 2) + 1);
  for (let seat = 1; seat < majority; ++seat) await ballot(a, proposalId, seat);
  return { attackId, last: () => ballot(a, proposalId, majority) };
}

// Money in: from an alliance that has paid for 200 days

/** Pays one unit by a standing allowance, the debt known to be nothing. */
export async function payWhileClear(a: Alliance, m: TestMember = a.states[0]!): Promise<bigint> {
  return await gasOf(contribute(a, m, UNIT));
}

/** Pays the debt by a standing allowance after `clearUntil`, so that it has to be worked out. */
export async function payWorkedOut(a: Alliance): Promise<bigint> {
  const m = a.states[0]!;
  await moveTo(a, a.genesis + 3n * PERIOD + 31n * DAY);
  const { paid, clearUntil } = await a.ledger.account(m.code);
  await moveTo(a, clearUntil + 1n);
  const debt = (await a.ledger.askedOf(m.code)) - paid;
  const cost = await gasOf(contribute(a, m, debt));
  expect((await a.ledger.account(m.code)).clearUntil).to.be.greaterThan(clearUntil);
  return cost;
}

/** Pays one unit by a permit of the very amount, the payer's second. */
export async function payByPermit(a: PlainAlliance): Promise<bigint> {
  const { code: member, treasury } = a.states[0]!;
  await a.plain.connect(treasury).approve(await a.fund.getAddress(), 0n);
  const pay = async () => {
    const deadline = MaxUint256;
    const { v, r, s } = await signPermit({ ...a, token: a.plain }, treasury, UNIT, deadline);
    return await a.ledger.connect(treasury).contributeWithPermit(member, UNIT, deadline, v, r, s);
  };
  await pay();
  return await gasOf(pay());
}

/** Pays one unit by an EIP-3009 authorization that a relayer brings. */
export async function payByAuthorization(a: Alliance): Promise<bigint> {
  const { code: member, treasury } = a.states[0]!;
  const authorization = await signAuthorization(a, treasury, { code: member, amount: UNIT });
  return await gasOf(a.ledger.connect(a.relayer).contributeWithAuthorization(member, authorization));
}

// Attacks and money out: from an alliance that has paid for 200 days

/** Files an attack and opens the vote, the member's second. */
export async function fileAgain(a: Alliance): Promise<bigint> {
  const m = a.states[0]!;
  await fileAttack(a, m, { coercer: "RUS" });
  return await gasOf(a.register.connect(m.delegate).file(...(await filing(a, m))));
}

/** The last report of a round, which settles it, awards and pays. */
export async function lastReport(a: Alliance): Promise<bigint> {
  const { attackId, last } = await almostRecognised(a);
  await last();
  await reportLosses(a, attackId, 3, 45n * MILLION);
  expect(await eligibleAssessors(a, attackId, 4)).to.have.length(4);
  const cost = await gasOf(reportLosses(a, attackId, 4, 60n * MILLION));
  expect((await a.register.attack(attackId)).lastSettled).to.equal(4n);
  return cost;
}

/** Collects a payment that could not be transferred. */
export async function collectDeferred(a: Alliance): Promise<bigint> {
  const m = a.states[0]!;
  await a.token.connect(a.issuer).blockAccount(m.treasury.address);
  await (await almostRecognised(a)).last();
  await a.token.connect(a.issuer).unblockAccount(m.treasury.address);
  return await gasOf(a.fund.connect(a.relayer).collect(m.code));
}

/** Collects what later money paid of an obligation, the member's second collection. */
export async function collectLater(a: Alliance): Promise<bigint> {
  const [m, payer] = [a.states[0]!, a.states[1]!];
  await owe(a, m, 10n * MILLION);
  await contribute(a, payer, 2n * MILLION);
  await a.fund.collect(m.code);
  await contribute(a, payer, 2n * MILLION);
  return await gasOf(a.fund.connect(a.relayer).collect(m.code));
}

/** Applies as a State, for two accounts that nobody named before. */
export async function applyAsState(a: Alliance): Promise<bigint> {
  return await gasOf(sendApplication(a.registry, { name: "JPN", treasury: a.spare(2), delegate: a.spare(3) }));
}

/** Admits a State that has applied, the period's second, without the vote. */
export async function admitSecondState(a: Alliance): Promise<bigint> {
  await admitState(a, "CAN", a.spare(0), a.spare(1));
  return await admit(a, { name: "JPN", treasury: a.spare(2), delegate: a.spare(3) });
}

/** Admits a Partner that has applied, the period's second, without the vote. */
export async function admitSecondPartner(a: Alliance): Promise<bigint> {
  const partner = (name: string, at: number): Applicant => ({
    name,
    kind: Kind.Partner,
    treasury: a.spare(at),
    delegate: a.spare(at + 1),
    dossier: partnerDossierOf(name),
  });
  await join(a, partner("ISL", 2));
  return await admit(a, partner("XKX", 4));
}

async function admit(a: Alliance, applicant: Applicant): Promise<bigint> {
  await sendApplication(a.registry, applicant);
  return await gasOf(decreed(a, (registry) => registry.admit(code(applicant.name), applicationHashOf(applicant))));
}

/** Pays from a member's treasury for itself. */
async function contribute(a: Alliance, m: TestMember, amount: bigint): Promise<ContractTransactionResponse> {
  return await a.ledger.connect(m.treasury).contribute(m.code, amount);
}
