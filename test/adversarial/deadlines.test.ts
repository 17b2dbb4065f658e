import { ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";

import {
  DAY,
  Support,
  UNIT,
  YEAR,
  asTimelock,
  code,
  fileAttack,
  hash,
  liveUntil,
  payAll,
} from "../support/alliance.ts";
import type { Alliance } from "../support/alliance.ts";
import { voteDown } from "../support/attacks.ts";
import { now } from "../support/chain.ts";
import {
  EXECUTION_WINDOW,
  QUEUE_WINDOW,
  TIMELOCK_DELAY,
  URGENT_GAS,
  openVote,
  pass,
  sittingCouncil,
} from "../support/council.ts";
import { CLOSES_AFTER, CLOSES_AT, OPENS_AFTER, OPENS_AT, expectMoment } from "../support/deadlines.ts";
import type { Moment } from "../support/deadlines.ts";
import { Role } from "../support/fund.ts";
import { BUDGET, setBudget, signAuthorization, signPermit } from "../support/ledger.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const sitting = () => sittingCouncil(connection);

type Prepare = (a: Alliance) => Promise<Moment>;

let evidence = 0;
const filing = (a: Alliance, coercer: string, startedAt: bigint) => async () => {
  const ltu = a.member("LTU");
  const document = hash(`deadline ${++evidence}`);
  const args = [ltu.code, code(coercer), 0, startedAt, document, "ipfs://e", ZeroHash, 0] as const;
  return await a.register.connect(ltu.delegate).file(...args);
};

const VOTES: Record<string, Prepare> = {
  "a ballot, to its deadline": async (a) => {
    const proposalId = await openVote(a);
    const act = () => a.council.connect(a.states[1]!.delegate).castVote(proposalId, Support.For);
    const second = await a.council.proposalDeadline(proposalId);
    return { second, act, works: CLOSES_AFTER, error: "GovernorUnexpectedProposalState" };
  },
  "an urgent ballot, to its deadline": async (a) => {
    const { proposalId } = await fileAttack(a, a.states[0]!);
    const act = () => a.council.connect(a.states[1]!.delegate).castVote(proposalId, Support.For, URGENT_GAS);
    const second = await a.council.proposalDeadline(proposalId);
    return { second, act, works: CLOSES_AFTER, error: "GovernorUnexpectedProposalState" };
  },
  "queueing, for fourteen days": async (a) => {
    const proposalId = await openVote(a);
    const second = (await pass(a, proposalId)) + QUEUE_WINDOW;
    const act = () => a.council["queue(uint256)"](proposalId);
    return { second, act, works: CLOSES_AFTER, error: "GovernorUnexpectedProposalState" };
  },
  "carrying out, from the end of the delay": async (a) => {
    const proposalId = await openVote(a);
    await pass(a, proposalId);
    await a.council["queue(uint256)"](proposalId);
    const second = (await now(a)) + TIMELOCK_DELAY;
    const act = () => a.council["execute(uint256)"](proposalId);
    return { second, act, works: OPENS_AT, error: "TimelockUnexpectedOperationState" };
  },
  "carrying out, for thirty days": async (a) => {
    const proposalId = await openVote(a);
    await pass(a, proposalId);
    await a.council["queue(uint256)"](proposalId);
    const second = (await now(a)) + TIMELOCK_DELAY + EXECUTION_WINDOW;
    const act = () => a.council["execute(uint256)"](proposalId);
    return { second, act, works: CLOSES_AFTER, error: "GovernorUnexpectedProposalState" };
  },
};

const MEMBERS: Record<string, Prepare> = {
  "new keys, after three days": async (a) => {
    const ltu = a.member("LTU");
    await a.registry.connect(ltu.treasury).proposeKeys(ltu.code, ZeroAddress, a.spare(0).address);
    const second = (await now(a)) + 3n * DAY;
    return { second, act: () => a.registry.applyKeys(ltu.code), works: OPENS_AT, error: "MemberKeysNotReady" };
  },
  "recovered keys, after thirty days": async (a) => {
    const ltu = a.member("LTU");
    const keys = [ltu.code, a.spare(0).address, a.spare(1).address] as const;
    await asTimelock(a, (timelock) => a.registry.connect(timelock).recoverKeys(...keys));
    const second = (await now(a)) + 30n * DAY;
    return { second, act: () => a.registry.applyKeys(ltu.code), works: OPENS_AT, error: "MemberKeysNotReady" };
  },
  "leaving, from a year after the notice": async (a) => {
    const ltu = a.member("LTU");
    await a.registry.connect(ltu.treasury).giveNotice(ltu.code);
    const second = (await now(a)) + YEAR;
    return { second, act: () => a.registry.leave(ltu.code), works: OPENS_AT, error: "MemberNotLeaving" };
  },
  "leaving, for thirty days": async (a) => {
    const ltu = a.member("LTU");
    await a.registry.connect(ltu.treasury).giveNotice(ltu.code);
    const second = (await now(a)) + YEAR + 30n * DAY;
    return { second, act: () => a.registry.leave(ltu.code), works: CLOSES_AFTER, error: "MemberNotLeaving" };
  },
  "a second notice, once the first has lapsed": async (a) => {
    const ltu = a.member("LTU");
    const act = () => a.registry.connect(ltu.treasury).giveNotice(ltu.code);
    await act();
    const second = (await now(a)) + YEAR + 30n * DAY;
    return { second, act, works: OPENS_AFTER, error: "MemberNoticeStands" };
  },
  "filing with a debt, until it is ninety days overdue": async (a) => {
    const second = (await a.ledger.dueAt(0)) + 90n * DAY;
    const act = filing(a, "CHN", second - 10n);
    return { second, act, works: CLOSES_AFTER, error: "AttackNotInGoodStanding" };
  },
  "filing without a human-rights report, until the end of its grace": async (a) => {
    const second = await a.registry.reportDeadline(a.member("LTU").code);
    await liveUntil(a, (second - a.genesis) / DAY);
    return { second, act: filing(a, "CHN", second - 10n), works: CLOSES_AFTER, error: "AttackNotInGoodStanding" };
  },
  "suspending the vote of who never paid, once eight assessments are overdue": async (a) => {
    const second = await a.ledger.dueAt(7);
    const act = () => a.ledger.connect(a.stranger).suspendVote(a.member("LTU").code);
    return { second, act, works: OPENS_AFTER, error: "LedgerDebtTooSmall" };
  },
  "suspending the vote of who has a waiver, once it is over": async (a) => {
    const ltu = a.member("LTU");
    await a.time.increaseTo((await a.ledger.dueAt(7)) + 1n);
    const second = (await now(a)) + 100n * DAY;
    await asTimelock(a, (timelock) => a.ledger.connect(timelock).waive(ltu.code, second));
    const act = () => a.ledger.connect(a.stranger).suspendVote(ltu.code);
    return { second, act, works: OPENS_AFTER, error: "LedgerWaived" };
  },
  "setting the budget of a period, before it begins": async (a) => {
    const act = () => setBudget(a, 1, BUDGET);
    return { second: await a.ledger.periodStart(1), act, works: CLOSES_AT, error: "LedgerPeriodNotAhead" };
  },
};

const CASES: Record<string, Prepare> = {
  "filing, for 180 days": async (a) => {
    const startedAt = await now(a);
    await liveUntil(a, 181n);
    // Nobody moves back: the start is where the 180 days after it end later.
    const second = (await now(a)) + 1_000n;
    const start = second - 180n * DAY;
    if (start < startedAt) throw new Error("the start lies before cover");
    return { second, act: filing(a, "CHN", start), works: CLOSES_AFTER, error: "AttackBadStart" };
  },
  "filing again, from thirty days after the vote failed": async (a) => {
    const { proposalId } = await fileAttack(a, a.member("LTU"));
    await voteDown(a, proposalId);
    const second = (await now(a)) + 30n * DAY;
    await payAll(a);
    return { second, act: filing(a, "CHN", second - 10n), works: OPENS_AT, error: "AttackTooSoon" };
  },
};

const PAYMENTS: Record<string, Prepare> = {
  "a permit, to its deadline": async (a) => {
    const { code: member, treasury } = a.member("LTU");
    await a.token.connect(treasury).approve(await a.fund.getAddress(), 0n);
    const second = (await now(a)) + DAY;
    const { v, r, s } = await signPermit(a, treasury, UNIT, second);
    const act = () => a.ledger.connect(treasury).contributeWithPermit(member, UNIT, second, v, r, s);
    return { second, act, works: CLOSES_AFTER, error: "ERC20InsufficientAllowance" };
  },
  "an authorization, after its first second": async (a) => {
    const { code: member, treasury } = a.member("LTU");
    const second = (await now(a)) + DAY;
    const signed = await signAuthorization(a, treasury, { code: member, amount: UNIT, validAfter: second });
    const act = () => a.ledger.contributeWithAuthorization(member, signed);
    return { second, act, works: OPENS_AFTER, error: "AuthorizationNotYetValid" };
  },
  "an authorization, before its end": async (a) => {
    const { code: member, treasury } = a.member("LTU");
    const second = (await now(a)) + DAY;
    const signed = await signAuthorization(a, treasury, { code: member, amount: UNIT, validBefore: second });
    const act = () => a.ledger.contributeWithAuthorization(member, signed);
    return { second, act, works: CLOSES_AT, error: "AuthorizationExpired" };
  },
  "a role in the fund, from thirty days after its grant": async (a) => {
    const module = a.spare(0);
    await asTimelock(a, (timelock) => a.fund.connect(timelock).grantRole(Role.Register, module.address));
    const second = (await now(a)) + 30n * DAY;
    const act = () => a.fund.connect(module).commit(99n, a.member("LTU").code, 0, 1n);
    return { second, act, works: OPENS_AT, error: "FundRoleNotYetWorking" };
  },
};

describe("Every deadline, a second before it, at it, and a second after it", () => {
  for (const [kind, moments] of Object.entries({ VOTES, MEMBERS, CASES, PAYMENTS })) {
    describe(kind.toLowerCase(), () => {
      for (const [name, prepare] of Object.entries(moments)) {
        it(name, async () => {
          const a = await loadFixture(sitting);
          await expectMoment(a, await prepare(a));
        });
      }
    });
  }
});
