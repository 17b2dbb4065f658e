import { ProposalState } from "../../../scripts/lib/rules/clerks/council.ts";
import { CaseStatus, roundEnd, windowEnd } from "../../../scripts/lib/rules/clerks/cases.ts";
import type { Attack } from "../../../scripts/lib/rules/clerks/cases.ts";
import { DAY, MILLION, Support, code } from "../alliance.ts";
import { URGENT_GAS, settingPeriod, signature, signed } from "../council.ts";
import { COERCERS } from "./world.ts";
import type { Act, World } from "./world.ts";

const anyone = (w: World) => w.dice.pick(w.members).code;

function recognised(w: World): Attack[] {
  return [...w.rules.register.attacks.values()].filter(
    ({ recognisedAt, closedAt }) => recognisedAt > 0n && closedAt === 0n,
  );
}

function someAttack(w: World): Attack | undefined {
  const all = [...w.rules.register.attacks.values()];
  const open = recognised(w);
  if (open.length > 0 && w.dice.below(5) > 0) return w.dice.pick(open);
  return all.length === 0 ? undefined : w.dice.pick(all);
}

/** Ballots of many, one by one, until they decide: mostly in favour. */
async function ballots(w: World, proposalId: bigint): Promise<void> {
  const mood = w.dice.below(8) === 0 ? Support.Against : Support.For;
  for (const { code: member, seat } of w.members) {
    if (seat === undefined || w.dice.below(8) === 0) continue;
    const support = w.dice.below(8) === 0 ? Support.Abstain : mood;
    const delegate = w.delegateOf(member);
    const way = w.dice.below(4);
    const { council, relayer } = w.a;
    if (way === 0) {
      const proof = await signature(w.a, delegate, proposalId, support);
      const sent = council.connect(relayer);
      await w.try(() => sent.castVoteBySig(proposalId, support, delegate.address, proof, URGENT_GAS));
    } else if (way === 1) {
      const ballot = await signed(w.a, delegate, proposalId, support);
      await w.try(() => council.connect(relayer).castVotesBySig(proposalId, [ballot], URGENT_GAS));
    } else if (way === 2) {
      await w.try(() => council.connect(delegate).castVoteWithReason(proposalId, support, "as agreed", URGENT_GAS));
    } else await w.try(() => council.connect(delegate).castVote(proposalId, support, URGENT_GAS));
  }
}

/** What is filed, decided, reported, awarded and closed. */
export const attackActs: Record<string, Act> = {
  warn: async (w) => {
    const member = anyone(w);
    const sent = w.a.register.connect(w.officerOf(member));
    await w.try(() => sent.notifyThreat(member, code("CHN"), w.label(), "ipfs://threat"));
  },
  file: async (w) => {
    const member = anyone(w);
    const startedAt = (await w.now()) - BigInt(w.dice.below(60)) * DAY;
    const share = w.dice.pick([0, 0, 250_000, 333_333, 1_000_000]);
    const coercer = code(w.dice.pick(COERCERS));
    const sent = w.a.register.connect(w.officerOf(member));
    const filed = () => sent.file(member, coercer, 2, startedAt, w.label(), "ipfs://evidence", w.label(), share);
    if (!(await w.try(filed))) return;
    if (w.dice.below(6) === 0) return;
    const { proposalId } = await w.a.register.attack(await w.a.register.attackCount());
    await w.a.time.increase(1n);
    await ballots(w, proposalId);
  },
  vote: async (w) => {
    const open = [...w.rules.council.proposals.values()].slice(-6);
    if (open.length > 0) await ballots(w, w.dice.pick(open).id);
  },
  propose: async (w) => {
    const sent = w.a.council.connect(w.delegateOf(anyone(w)));
    const action = settingPeriod(w.a, BigInt(3 + w.dice.below(12)) * DAY);
    const target = await action.target.getAddress();
    await w.try(() => sent.propose([target], [0n], [action.data], w.label()));
  },
  carryOut: async (w) => {
    for (const proposal of [...w.rules.council.proposals.values()].slice(-8)) {
      const state = w.rules.council.state(proposal, await w.now());
      const { council } = w.a;
      if (state === ProposalState.Succeeded && proposal.attackId === undefined) {
        await w.try(() => council["queue(uint256)"](proposal.id));
      } else if (w.dice.below(3) === 0 || state === ProposalState.Queued) {
        await w.try(() => council["execute(uint256)"](proposal.id, URGENT_GAS));
      }
    }
  },
  cancel: async (w) => {
    const delegate = w.delegateOf(anyone(w));
    const action = settingPeriod(w.a);
    const target = await action.target.getAddress();
    if (!(await w.try(() => w.a.council.connect(delegate).propose([target], [0n], [action.data], w.label())))) return;
    const id = await w.a.council.latestProposalId();
    await w.try(() => w.a.council.connect(delegate)["cancel(uint256)"](id));
  },
  addMeasure: async (w) => {
    const attack = someAttack(w);
    if (attack === undefined) return;
    const sent = w.a.register.connect(w.officerOf(attack.member));
    await w.try(() => sent.addMeasure(attack.attackId, 3, w.label(), "ipfs://measure"));
  },
  revoke: async (w) => {
    const attack = someAttack(w);
    if (attack === undefined) return;
    await w.try(() => w.a.register.connect(w.officerOf(attack.member)).revoke(attack.attackId));
  },
  report: async (w) => {
    const open = recognised(w);
    if (open.length === 0) return;
    const attack = w.dice.pick(open);
    const now = await w.now();
    const round = attack.lastSettled + 1n + BigInt(w.dice.below(2));
    const ends = roundEnd(attack, round);
    if (ends > now && ends - now < 40n * DAY) await w.a.time.increaseTo(ends + BigInt(w.dice.below(2)));
    const most = w.dice.pick([MILLION, 30n * MILLION, 200n * MILLION]);
    const loss = w.dice.upTo(most);
    for (const { account } of await w.a.panel.assessorsAt(ends)) {
      if (w.dice.below(6) === 0) continue;
      const seen = loss + w.dice.upTo(MILLION);
      const sent = w.a.panel.connect(w.signer(account));
      await w.try(() => sent.report(attack.attackId, round, seen, w.label()));
    }
  },
  settle: async (w) => {
    const attack = someAttack(w);
    if (attack === undefined) return;
    const round = attack.lastSettled + 1n;
    const over = windowEnd(attack, round) + 1n;
    if (over > (await w.now()) && over - (await w.now()) < 15n * DAY) await w.a.time.increaseTo(over);
    await w.try(() => w.a.panel.settle(attack.attackId, round));
  },
  end: async (w) => {
    const attack = someAttack(w);
    if (attack === undefined) return;
    await w.try(() => w.a.register.connect(w.officerOf(attack.member)).end(attack.attackId));
  },
  close: async (w) => {
    for (const attack of w.rules.register.attacks.values()) {
      const { attackId, closedAt } = attack;
      const status = w.rules.register.status(attack, await w.now());
      if (closedAt > 0n || status === CaseStatus.Revoked || w.dice.below(2) === 0) continue;
      const by = w.dice.below(2) === 0 ? w.a.stranger : w.officerOf(attack.member);
      await w.try(() => w.a.register.connect(by).close(attackId));
    }
  },
  councilActs: async (w) => {
    const attack = someAttack(w);
    if (attack === undefined) return;
    const { interface: calls } = w.a.register;
    const { attackId } = attack;
    const data = w.dice.pick([
      calls.encodeFunctionData("reviseLoss", [attackId, w.dice.upTo(100n * MILLION)]),
      calls.encodeFunctionData("reviseLoss", [attackId, w.dice.upTo(100n * MILLION)]),
      calls.encodeFunctionData("end", [attackId]),
      calls.encodeFunctionData("close", [attackId]),
    ]);
    await w.decide({ target: w.a.register, data });
  },
  setAssessors: async (w) => {
    const count = 3 + w.dice.below(5);
    const assessors = Array.from({ length: count }, (_, i) => ({
      account: w.a.assessors[i % w.a.assessors.length]!.address,
      member: anyone(w),
    })).slice(0, w.a.assessors.length);
    await w.decide({ target: w.a.panel, data: w.a.panel.interface.encodeFunctionData("setAssessors", [assessors]) });
  },
  setCover: async (w) => {
    const { interface: calls } = w.a.coverage;
    const member = anyone(w);
    const exhaustion = 100_000 + w.dice.below(900_001);
    const terms = { ceding: 1 + w.dice.below(1_000_000), attachment: w.dice.below(100_000), exhaustion };
    const limited = { ...terms, yearlyLimit: w.dice.upTo(300n * MILLION) };
    const coercer = code(w.dice.pick(COERCERS));
    const exposure = { baseline: w.dice.upTo(400n * MILLION), dependence: w.dice.below(1_000_001), source: w.label() };
    const data = w.dice.pick([
      calls.encodeFunctionData("setTerms", [[member], limited]),
      calls.encodeFunctionData("setExposures", [[{ code: member, coercer, exposure }]]),
    ]);
    await w.decide({ target: w.a.coverage, data });
  },
};
