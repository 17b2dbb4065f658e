import { ZeroAddress } from "ethers";

import { Status as Standing } from "../../../scripts/lib/rules/clerks/member.ts";
import { DAY, Kind, MILLION, UNIT, code, dossierOf } from "../alliance.ts";
import { signAuthorization, signPermit } from "../ledger.ts";
import { applicationHashOf } from "../registry.ts";
import type { Act, World } from "./world.ts";

const NEW_CODES = ["JPN", "KOR", "XKX"];

const registry = (w: World) => w.a.registry;
const anyone = (w: World) => w.dice.pick(w.members).code;

async function propose(w: World, member: string): Promise<void> {
  const [treasury, delegate] = w.dice.pick([
    [true, false],
    [false, true],
    [true, true],
  ]);
  const newTreasury = treasury ? w.spare().address : ZeroAddress;
  const newDelegate = delegate ? w.spare().address : ZeroAddress;
  const sent = registry(w).connect(w.treasuryOf(member));
  await w.try(() => sent.proposeKeys(member, newTreasury, newDelegate));
}

/** Gives an account money, and lets fund and market take it. */
async function endow(w: World, account: string): Promise<void> {
  const { token, issuer, fund, market } = w.a;
  await w.try(() => token.connect(issuer).mint(account, 100_000n * MILLION));
  for (const spender of [fund, market]) {
    const to = await spender.getAddress();
    await w.try(() => token.connect(w.signer(account)).approve(to, 2n ** 255n));
  }
}

async function apply(w: World, name: string, treasury: string, delegate: string, kind: number): Promise<string> {
  const dossier = dossierOf(`${name} ${w.label()}`);
  const applicant = { name, kind, treasury: w.signer(treasury), delegate: w.signer(delegate), dossier };
  const [first, second, third, fourth, fifth] = dossier;
  const documents = [first!, second!, third!, fourth!, fifth!] as const;
  await w.try(() =>
    registry(w)
      .connect(applicant.treasury)
      .applyFor(code(name), kind, delegate, [...documents]),
  );
  return applicationHashOf(applicant);
}

/** What members do about themselves, and the council about them. */
export const memberActs: Record<string, Act> = {
  join: async (w) => {
    const name = w.dice.pick(NEW_CODES);
    const known = w.rules.registry.members.get(code(name));
    const [treasury, delegate] = known ? [known.treasury, known.delegate] : [w.spare().address, w.spare().address];
    const kind = name === "XKX" ? Kind.Partner : Kind.State;
    const hash = await apply(w, name, treasury, delegate, kind);
    await endow(w, treasury);
    const { interface: calls } = registry(w);
    const admit = { target: w.a.registry, data: calls.encodeFunctionData("admit", [code(name), hash]) };
    const scale = w.a.ledger.interface.encodeFunctionData("setScale", [code(name), w.dice.below(60_000), 0]);
    await w.decide(admit, { target: w.a.ledger, data: scale });
  },
  rejoin: async (w) => {
    const gone = w.members.filter(({ status }) => status === Standing.Withdrawn || status === Standing.Expelled);
    if (gone.length === 0) return;
    const { code: member, treasury, delegate, kind } = w.dice.pick(gone);
    const name = Buffer.from(member.slice(2), "hex").toString();
    const hash = await apply(w, name, treasury, delegate, Number(kind));
    const data = registry(w).interface.encodeFunctionData("admit", [member, hash]);
    const scale = w.a.ledger.interface.encodeFunctionData("setScale", [member, w.dice.below(100_000), 0]);
    await w.decide({ target: w.a.registry, data }, { target: w.a.ledger, data: scale });
  },
  bar: async (w) => {
    const name = w.dice.pick(["suspend", "expel"] as const);
    const { interface: calls } = registry(w);
    const data =
      name === "suspend" ? calls.encodeFunctionData(name, [anyone(w)]) : calls.encodeFunctionData(name, [anyone(w)]);
    await w.decide({ target: w.a.registry, data });
  },
  reinstate: async (w) => {
    const suspended = w.members.filter(({ status }) => status === Standing.Suspended);
    if (suspended.length === 0) return;
    const data = registry(w).interface.encodeFunctionData("reinstate", [w.dice.pick(suspended).code]);
    await w.decide({ target: w.a.registry, data });
  },
  proposeKeys: async (w) => {
    await propose(w, anyone(w));
  },
  recoverKeys: async (w) => {
    const [treasury, delegate] =
      w.dice.below(2) === 0 ? [w.spare().address, ZeroAddress] : [ZeroAddress, w.spare().address];
    const data = registry(w).interface.encodeFunctionData("recoverKeys", [anyone(w), treasury, delegate]);
    await w.decide({ target: w.a.registry, data });
  },
  acceptKeys: async (w) => {
    for (const [member, { treasury }] of w.rules.registry.keys.changes) {
      if (treasury === ZeroAddress) continue;
      await w.try(() => registry(w).connect(w.signer(treasury)).acceptKeys(member));
    }
  },
  stopKeys: async (w) => {
    const changing = [...w.rules.registry.keys.changes.keys()];
    if (changing.length === 0) return;
    const member = w.dice.pick(changing);
    await w.try(() => registry(w).connect(w.officerOf(member)).stopKeys(member));
  },
  applyKeys: async (w) => {
    for (const [member, { treasury }] of [...w.rules.registry.keys.changes]) {
      if (!(await w.try(() => registry(w).applyKeys(member)))) continue;
      if (treasury !== ZeroAddress) await endow(w, treasury);
    }
  },
  fileReport: async (w) => {
    const member = anyone(w);
    await w.try(() => registry(w).connect(w.officerOf(member)).fileReport(member, w.label(), "ipfs://report"));
  },
  fileReports: async (w) => {
    for (const { code: member } of w.members) {
      await w.try(() => registry(w).connect(w.officerOf(member)).fileReport(member, w.label(), "ipfs://report"));
    }
  },
  notice: async (w) => {
    const member = anyone(w);
    const sent = registry(w).connect(w.treasuryOf(member));
    await w.try(() => sent.giveNotice(member));
    if (w.dice.below(3) === 0) await w.try(() => sent.withdrawNotice(member));
  },
  leave: async (w) => {
    const leaving = w.members.filter(({ noticeAt }) => noticeAt > 0n);
    if (leaving.length === 0) return;
    const { code: member, noticeAt } = w.dice.pick(leaving);
    const from = noticeAt + 365n * DAY;
    if (from > (await w.now()) && w.dice.below(2) === 0) await w.a.time.increaseTo(from);
    await w.try(() => registry(w).leave(member));
  },
};

/** What members pay, and what follows if they do not. */
export const paymentActs: Record<string, Act> = {
  pay: async (w) => {
    const member = anyone(w);
    const amount = w.dice.upTo(20n * MILLION) + 1n;
    await w.try(() => w.a.ledger.connect(w.treasuryOf(w.dice.pick(w.members).code)).contribute(member, amount));
  },
  payDebt: async (w) => {
    const member = anyone(w);
    const debt = w.rules.ledger.debtDueBefore(member, await w.now());
    if (debt === 0n) return;
    const amount = w.dice.pick([debt, debt, debt + 1n, debt - 1n]);
    await w.try(() => w.a.ledger.connect(w.treasuryOf(member)).contribute(member, amount));
  },
  payAll: async (w) => {
    for (const { code: member } of w.members) {
      if (w.dice.below(5) === 0) continue;
      const { paid } = w.rules.ledger.account(member);
      const asked = w.rules.ledger.asked(member, await w.now());
      if (asked > paid) await w.try(() => w.a.ledger.connect(w.treasuryOf(member)).contribute(member, asked - paid));
    }
  },
  payByPermit: async (w) => {
    const treasury = w.treasuryOf(anyone(w));
    const amount = w.dice.upTo(MILLION) + 1n;
    const deadline = (await w.now()) + DAY;
    const { v, r, s } = await signPermit(w.a, treasury, amount, deadline);
    await w.try(() => w.a.ledger.connect(treasury).contributeWithPermit(anyone(w), amount, deadline, v, r, s));
  },
  payByAuthorization: async (w) => {
    const member = anyone(w);
    const serial = BigInt(w.dice.below(1_000_000));
    const signed = await signAuthorization(w.a, w.treasuryOf(member), { code: member, amount: UNIT, serial });
    await w.try(() => w.a.ledger.connect(w.a.relayer).contributeWithAuthorization(member, signed));
  },
  suspendVote: async (w) => {
    for (const { code: member } of w.members) {
      if (w.dice.below(2) === 0) await w.try(() => w.a.ledger.suspendVote(member));
    }
  },
  issueCall: async (w) => {
    await w.try(() => w.a.ledger.issueCall());
  },
  setBudget: async (w) => {
    const from = w.rules.ledger.period(await w.now()) + 1n + BigInt(w.dice.below(4));
    const amount = w.dice.upTo(180n * MILLION);
    const data = w.a.ledger.interface.encodeFunctionData("setBudget", [from, amount]);
    await w.decide({ target: w.a.ledger, data });
  },
  setScale: async (w) => {
    const args = [anyone(w), w.dice.below(120_000), w.dice.below(1_000_001)] as const;
    const data = w.a.ledger.interface.encodeFunctionData("setScale", [...args]);
    await w.decide({ target: w.a.ledger, data });
  },
  setTerms: async (w) => {
    const terms = { loading: w.dice.below(1_000_001), callCap: w.dice.below(2_000_001) };
    await w.decide({ target: w.a.ledger, data: w.a.ledger.interface.encodeFunctionData("setTerms", [terms]) });
  },
  waive: async (w) => {
    const until = (await w.now()) + BigInt(8 + w.dice.below(300)) * DAY;
    const data = w.a.ledger.interface.encodeFunctionData("waive", [anyone(w), until]);
    await w.decide({ target: w.a.ledger, data });
  },
};
