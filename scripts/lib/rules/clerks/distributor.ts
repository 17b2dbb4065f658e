import type { EventOf } from "../../events/events.ts";
import { DAY, YEAR, sum } from "../arithmetic/numbers.ts";
import type { Rulebook } from "../rulebook.ts";
import type { Told } from "../told.ts";

const SHORTEST = 90n * DAY;
const LONGEST = 730n * DAY;
const RETURN_DELAY = YEAR;
/** An attack's campaigns are numbered in the low 32 bits of their ids. */
const NUMBER_BITS = 32n;

export interface Campaign {
  attackId: bigint;
  root: string;
  total: bigint;
  claimed: bigint;
  deadline: bigint;
  stoppedBefore: bigint;
  returned: boolean;
  /** The leaves that were paid. */
  paid: Set<bigint>;
}

/** Campaigns that pay industries and workers out of an earmark. */
export class DistributorClerk {
  readonly campaigns = new Map<bigint, Campaign>();
  readonly counts = new Map<bigint, bigint>();
  private readonly book: Rulebook;

  constructor(book: Rulebook) {
    this.book = book;
  }

  apply(event: Told<"distributor">): void {
    switch (event.name) {
      case "CampaignOpened": {
        this.#open(event.args);
        return;
      }
      case "Claimed": {
        this.#claim(event.args);
        return;
      }
      case "UnclaimedReturned": {
        this.#returnUnclaimed(event.args);
        return;
      }
      case "UnassignedReturned": {
        this.#returnUnassigned(event.args);
        return;
      }
    }
  }

  /** Its deadline, later by as long as transfers have been stopped since it was opened. */
  deadlineOf({ deadline, stoppedBefore }: Campaign, now: bigint): bigint {
    return deadline + this.book.fund.breaker.stoppedTime(now) - stoppedBefore;
  }

  /** What an attack's campaigns may still pay or have to return. */
  reserved(attackId: bigint): bigint {
    const open = [...this.campaigns.values()].filter((one) => one.attackId === attackId && !one.returned);
    return sum(open.map(({ total, claimed }) => total - claimed));
  }

  #free(attackId: bigint): bigint {
    const { fund } = this.book;
    const attack = fund.attacks.get(attackId);
    if (attack === undefined) return 0n;
    return attack.earmark + fund.balanceOf(attack.obligation).ready - this.reserved(attackId);
  }

  #open(args: EventOf<"distributor", "CampaignOpened">["args"]): void {
    const { desk, fund } = this.book;
    const rule = "distributor.CampaignOpened";
    const { campaignId, attackId, member, root, total, deadline } = args;
    const number = (this.counts.get(attackId) ?? 0n) + 1n;
    const expected = { campaignId: (attackId << NUMBER_BITS) | number, member: fund.attacks.get(attackId)?.member };
    desk.same(rule, expected, { campaignId, member });
    const free = this.#free(attackId);
    desk.law(
      rule,
      total > 0n && total <= free,
      "a campaign holds nothing, or more than the earmark does beyond others",
    );
    const inBounds = deadline >= desk.now + SHORTEST && deadline <= desk.now + LONGEST;
    desk.law(rule, inBounds, "a campaign lasts less than 90 or more than 730 days");
    this.counts.set(attackId, number);
    const stoppedBefore = fund.breaker.stoppedTime(desk.now);
    const campaign = { attackId, root, total, claimed: 0n, deadline, stoppedBefore, returned: false };
    this.campaigns.set(campaignId, { ...campaign, paid: new Set() });
  }

  #campaign(campaignId: bigint): Campaign | undefined {
    const campaign = this.campaigns.get(campaignId);
    const known = campaign !== undefined;
    this.book.desk.law("distributor", known, `something was told of campaign ${campaignId}, which was never opened`);
    return campaign;
  }

  #claim({ campaignId, index, account, amount }: EventOf<"distributor", "Claimed">["args"]): void {
    const { desk, fund } = this.book;
    const rule = "distributor.Claimed";
    const campaign = this.#campaign(campaignId);
    if (campaign === undefined) return;
    desk.law(rule, !campaign.paid.has(index), `leaf ${index} of campaign ${campaignId} was paid twice`);
    const inTime = desk.now <= this.deadlineOf(campaign, desk.now) && !campaign.returned;
    desk.law(rule, inTime, `a claim of campaign ${campaignId} was paid after its deadline`);
    const within = campaign.claimed + amount <= campaign.total;
    desk.law(rule, within, `campaign ${campaignId} paid more than its total`);
    campaign.paid.add(index);
    campaign.claimed += amount;
    fund.earmarks.compensate(campaign.attackId, account, amount);
  }

  #returnUnclaimed({ campaignId, attackId, amount }: EventOf<"distributor", "UnclaimedReturned">["args"]): void {
    const { desk, fund } = this.book;
    const rule = "distributor.UnclaimedReturned";
    const campaign = this.#campaign(campaignId);
    if (campaign === undefined) return;
    const over = desk.now > this.deadlineOf(campaign, desk.now) && !campaign.returned;
    desk.law(rule, over, `what campaign ${campaignId} holds was returned before its deadline, or twice`);
    const left = campaign.total - campaign.claimed;
    desk.same(rule, { attackId: campaign.attackId, amount: left }, { attackId, amount });
    campaign.returned = true;
    fund.earmarks.returnEarmark(campaign.attackId, left);
  }

  #returnUnassigned({ attackId, amount }: EventOf<"distributor", "UnassignedReturned">["args"]): void {
    const { desk, fund, register } = this.book;
    const rule = "distributor.UnassignedReturned";
    const closedAt = register.attacks.get(attackId)?.closedAt ?? 0n;
    const due = closedAt > 0n && desk.now >= closedAt + RETURN_DELAY;
    desk.law(rule, due, `the earmark of attack ${attackId} was returned within 365 days of its closing`);
    const free = this.#free(attackId);
    desk.same(rule, { amount: free }, { amount });
    fund.earmarks.returnEarmark(attackId, free);
  }
}
