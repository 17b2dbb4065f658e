import { SUBJECTS } from "../../scripts/lib/bench/figures.ts";
import type { Bound, Row, Subject, Table } from "../../scripts/lib/bench/figures.ts";
import { UNIT } from "../support/alliance.ts";
import { coveredAlliance } from "../support/attacks.ts";
import { fromHere } from "../support/chain.ts";
import type { Connection } from "../support/chain.ts";
import {
  admitSecondPartner,
  admitSecondState,
  applyAsState,
  collectDeferred,
  collectLater,
  coveredPlainAlliance,
  decidingBallot,
  fileAgain,
  lastReport,
  payByAuthorization,
  payByPermit,
  payWhileClear,
  payWorkedOut,
  plainAlliance,
  seatedCouncil,
  urgentDecision,
} from "../support/operations.ts";
import { Act } from "./chamber.ts";
import type { Chamber, DecisionCosts } from "./chamber.ts";
import { chamberOf, openZeppelinChamber } from "./governors.ts";
import { authorizedTransfer, peerCosts, permitAndDeposit } from "./money.ts";
import { SafeChamber, floorChamber } from "./others.ts";

const SEATS = 200;
const BATCH = 101;
const OWNERS = 9;
/** The most that any ballot but the deciding one may cost of OpenZeppelin's bare steady one; in thousandths. */
const BALLOT_SHARE = 630n;

/** Tells what is being measured. */
export type Notice = (text: string) => void;

type Council = "ours" | "full" | "bare" | "floor";
type Costs = Record<"steady" | "signed", DecisionCosts> & { firstSignature?: bigint; nextSignature?: bigint };

const row = (operation: string, gas: Row["gas"]): Row => ({ operation, gas });

const total = ({ propose, ballots, queueAndExecute }: DecisionCosts): bigint =>
  ballots.reduce((sum, one) => sum + one, propose + queueAndExecute);

/** What a chamber's decisions cost once it has decided before, and its first seats have signed before. */
async function costsOf(chamber: Chamber): Promise<Costs> {
  await chamber.decide("signatures");
  const steady = await chamber.decide("transactions");
  const signed = await chamber.decide("signatures");
  if (chamber.ballotBySignature === undefined) return { steady, signed };
  const firstSignature = await chamber.ballotBySignature(chamber.seats - 1);
  return { steady, signed, firstSignature, nextSignature: await chamber.ballotBySignature(1) };
}

/** Has every kind of chamber with so many seats decide. */
async function councilCosts(connection: Connection, seats: number, act: Act, notice: Notice) {
  const found: Record<Council, () => Promise<Chamber>> = {
    ours: async () => await chamberOf(await seatedCouncil(connection, seats), act),
    full: () => openZeppelinChamber(connection, seats, act, "full"),
    bare: () => openZeppelinChamber(connection, seats, act, "bare"),
    floor: () => floorChamber(connection, seats, act),
  };
  const costs: Partial<Record<Council, Costs>> = {};
  for (const subject of ["ours", "full", "bare", "floor"] as const) {
    notice(`decisions of ${seats} seats: ${SUBJECTS[subject]}`);
    costs[subject] = await costsOf(await found[subject]());
  }
  return costs as Record<Council, Costs>;
}

function across(costs: Record<Council, Costs>, of: (one: Costs) => bigint | undefined): Row["gas"] {
  const entries = Object.entries(costs).map(([subject, one]) => [subject, of(one)] as const);
  return Object.fromEntries(entries.filter(([, gas]) => gas !== undefined));
}

/** What takes no signatures has taken transactions instead, which does not count here. */
const bySignatures = ({ signed, nextSignature }: Costs) => (nextSignature === undefined ? undefined : total(signed));

/** What decisions cost, ballot by ballot and as a whole, and whether ours stay below the bound. */
export async function decisions(connection: Connection, notice: Notice): Promise<{ table: Table; bounds: Bound[] }> {
  const act = await Act.on(connection);
  const large = await councilCosts(connection, SEATS, act, notice);
  const small = await councilCosts(connection, OWNERS, act, notice);
  notice(`decisions of ${OWNERS} seats: ${SUBJECTS.safe}`);
  const safe = await costsOf(await SafeChamber.found(connection, OWNERS, act));
  const approval = { safe: safe.steady.ballots[1]! };
  const execution = { safe: safe.steady.queueAndExecute };

  const rows = [
    row(
      "propose one act",
      across(large, ({ steady }) => steady.propose),
    ),
    row("a ballot, the vote's first", { ...across(large, ({ steady }) => steady.ballots[0]), ...approval }),
    row("a ballot, any later one", { ...across(large, ({ steady }) => steady.ballots[1]), ...approval }),
    row(
      "the ballot that makes the majority",
      across(large, ({ steady }) => steady.ballots.at(-1)),
    ),
    row(
      "a ballot by signature, the voter's first",
      across(large, ({ firstSignature }) => firstSignature),
    ),
    row(
      "a ballot by signature, any later one",
      across(large, ({ nextSignature }) => nextSignature),
    ),
    row(`each of ${BATCH} by signature in a batch (OpenZeppelin: one by one)`, {
      ...across(large, ({ nextSignature }) => nextSignature),
      ours: large.ours.signed.ballots[0]!,
    }),
    row("queue and execute", { ...across(large, ({ steady }) => steady.queueAndExecute), ...execution }),
    row(
      `a whole decision of ${SEATS} seats, ${BATCH} ballots`,
      across(large, ({ steady }) => total(steady)),
    ),
    row(`the same of ${SEATS} seats by signatures`, across(large, bySignatures)),
    row(`a whole decision of ${OWNERS} seats, 5 ballots`, {
      ...across(small, ({ steady }) => total(steady)),
      safe: total(safe.steady),
    }),
    row(`the same of ${OWNERS} seats by signatures`, { ...across(small, bySignatures), safe: total(safe.signed) }),
  ];
  const subjects: Subject[] = ["ours", "full", "bare", "safe", "floor"];
  return { table: { title: "Decisions", subjects, rows }, bounds: ballotBounds(large) };
}

/** Any ballot of ours but the deciding one, beside OpenZeppelin's bare one. */
function ballotBounds({ ours, bare }: Record<Council, Costs>): Bound[] {
  const ballots = ours.steady.ballots.slice(0, -1);
  const peer = bare.steady.ballots[1]!;
  const dearest = ballots.reduce((most, one) => (one > most ? one : most));
  return [
    {
      name: "the first ballot beside OpenZeppelin's bare steady one",
      measured: ballots[0]!,
      peer,
      share: BALLOT_SHARE,
    },
    { name: "the dearest but the deciding one", measured: dearest, peer, share: BALLOT_SHARE },
  ];
}

/** What money in and out costs, in the token that does least and in the one of local chains. */
export async function money(connection: Connection, notice: Notice): Promise<Table> {
  return {
    title: "Money",
    subjects: ["ours", "vault", "transfer", "safe", "floor"],
    rows: [...(await plainMoney(connection, notice)), ...(await localMoney(connection, notice))],
  };
}

async function plainMoney(connection: Connection, notice: Notice): Promise<Row[]> {
  notice("money: plain token");
  const founded = await plainAlliance(connection);
  await payWhileClear(founded, founded.states[1]);
  const first = await payWhileClear(founded);
  const a = await coveredPlainAlliance(connection);
  const each = await fromHere(connection);
  const peers = await each(() => peerCosts(a, a.plain));
  const { vault, transfer, floor } = peers;
  const next = { vault: vault.next, transfer, floor: floor.next };
  const safe = await SafeChamber.found(connection, OWNERS, await Act.on(connection));
  const paidBySafe = await safe.pay(a.plain, a.states[0]!.treasury.address, UNIT);
  return [
    row("pay in, the member's first", { ours: first, vault: vault.first, transfer, floor: floor.first }),
    row("pay in, any later one while clear", { ours: await each(() => payWhileClear(a)), ...next }),
    row("pay in, the debt worked out", { ours: await each(() => payWorkedOut(a)), ...next }),
    row("pay in by permit (ERC-4626: two transactions)", {
      ours: await each(() => payByPermit(a)),
      vault: await each(() => permitAndDeposit(a, a.plain)),
    }),
    row("collect what later money paid", {
      ours: await each(() => collectLater(a)),
      vault: vault.out,
      transfer,
      safe: paidBySafe,
      floor: floor.out,
    }),
  ];
}

async function localMoney(connection: Connection, notice: Notice): Promise<Row[]> {
  notice("money: the token of local chains");
  const a = await coveredAlliance(connection);
  const each = await fromHere(connection);
  const { vault, transfer, floor } = await each(() => peerCosts(a, a.token));
  return [
    row("pay in while clear, local token", {
      ours: await each(() => payWhileClear(a)),
      vault: vault.next,
      transfer,
      floor: floor.next,
    }),
    row("pay in by EIP-3009, local token", {
      ours: await each(() => payByAuthorization(a)),
      transfer: await each(() => authorizedTransfer(a)),
    }),
    row("collect a deferred payment, local token", {
      ours: await each(() => collectDeferred(a)),
      vault: vault.out,
      transfer,
      floor: floor.out,
    }),
  ];
}

/** What only ours does. */
export async function alone(connection: Connection, notice: Notice): Promise<Table> {
  notice("what only ours does");
  const a = await coveredAlliance(connection);
  const each = await fromHere(connection);
  const rows = [
    row("file an attack and open the vote, the member's second", { ours: await each(() => fileAgain(a)) }),
    row("the deciding ballot, recognition included", { ours: await each(() => decidingBallot(a)) }),
    row("the last report, award and payment included", { ours: await each(() => lastReport(a)) }),
    row("apply as a State", { ours: await each(() => applyAsState(a)) }),
    row("admit a State that the council voted in", { ours: await each(() => admitSecondState(a)) }),
    row("admit a Partner that the council voted in", { ours: await each(() => admitSecondPartner(a)) }),
  ];
  notice(`an attack decided by ${SEATS} seats`);
  const decision = await urgentDecision(await seatedCouncil(connection, SEATS));
  rows.push(row(`an attack filed and decided by ${SEATS} seats, before what recognition costs`, { ours: decision }));
  return { title: "What only ours does", subjects: ["ours"], rows };
}
