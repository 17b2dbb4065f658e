import { Questions } from "./question.ts";
import type { Question, Scope } from "./question.ts";

/** Every lot and promise, every campaign, every joint measure. */
export function solidarityQuestions({ rulebook, contracts, at, now, concerns }: Scope): Question[] {
  const { market, measures, distributor, registry, register } = rulebook;
  const q = new Questions();
  q.ask("market.lotCount", "", () => contracts.market.lotCount(at), BigInt(market.lots.size));
  const offered = new Set<bigint>();
  for (const [lotId, lot] of market.lots) {
    if (!concerns("lot", lotId)) continue;
    const { seller, attackId, price, deadline, withdrawn, quantity, sold, pledged, pledges } = lot;
    const stored = { seller, attackId, price, deadline, withdrawn, quantity, sold, pledged };
    offered.add(attackId);
    q.ask("market.lot", lotId, () => contracts.market.lot(lotId, at), stored);
    for (const [code, pledge] of pledges) {
      const expected = { ...pledge, open: market.openPledge(lot, code, now) };
      q.ask("market.pledgeOf", `${code} for lot ${lotId}`, () => contracts.market.pledgeOf(lotId, code, at), expected);
    }
  }
  for (const attackId of offered) {
    q.ask("market.offeredFor", attackId, () => contracts.market.offeredFor(attackId, at), market.offeredFor(attackId));
    for (const code of registry.members.keys()) {
      const fulfilment = { target: market.targetOf(attackId, code, now), bought: market.boughtFor(attackId, code) };
      const ask = () => contracts.market.fulfilmentOf(attackId, code, at);
      q.ask("market.fulfilmentOf", `${code} for attack ${attackId}`, ask, fulfilment);
    }
  }
  for (const attackId of register.attacks.keys()) {
    if (!concerns("attack", attackId)) continue;
    const count = distributor.counts.get(attackId) ?? 0n;
    q.ask("distributor.campaignCount", attackId, () => contracts.distributor.campaignCount(attackId, at), count);
    const reserved = distributor.reserved(attackId);
    q.ask("distributor.reserved", attackId, () => contracts.distributor.reserved(attackId, at), reserved);
  }
  for (const [campaignId, campaign] of distributor.campaigns) {
    if (!concerns("campaign", campaignId)) continue;
    const { root, total, claimed, deadline, stoppedBefore, returned, paid } = campaign;
    const stored = { root, total, claimed, deadline, stoppedBefore, returned };
    q.ask("distributor.campaign", campaignId, () => contracts.distributor.campaign(campaignId, at), stored);
    for (const index of paid) {
      const of = `leaf ${index} of campaign ${campaignId}`;
      q.ask("distributor.isClaimed", of, () => contracts.distributor.isClaimed(campaignId, index, at), true);
    }
    const until = distributor.deadlineOf(campaign, now);
    q.ask("distributor.deadlineOf", campaignId, () => contracts.distributor.deadlineOf(campaignId, at), until);
  }
  q.ask("measures.measureCount", "", () => contracts.measures.measureCount(at), BigInt(measures.measures.size));
  for (const [measureId, measure] of measures.measures) {
    if (!concerns("measure", measureId)) continue;
    const { implemented, ...stored } = measure;
    q.ask("measures.measure", measureId, () => contracts.measures.measure(measureId, at), stored);
    const status = measures.status(measure, now);
    q.ask("measures.statusOf", measureId, () => contracts.measures.statusOf(measureId, at), status);
    for (const [code, since] of implemented) {
      q.ask("measures.implementedAt", code, () => contracts.measures.implementedAt(measureId, code, at), since);
    }
    for (const code of registry.members.keys()) {
      const compliance = measures.compliance(measure, code, now);
      const of = `${code} for measure ${measureId}`;
      q.ask("measures.complianceOf", of, () => contracts.measures.complianceOf(measureId, code, at), compliance);
    }
  }
  return q.all;
}
