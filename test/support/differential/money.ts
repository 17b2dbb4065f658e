import { DAY, MILLION, UNIT } from "../alliance.ts";
import { treeOf } from "../compensation.ts";
import type { Tree } from "../compensation.ts";
import { goods } from "../market.ts";
import type { Act, World } from "./world.ts";

const anyone = (w: World) => w.dice.pick(w.members).code;

/** Trees of the campaigns that were opened, by world. */
const trees = new WeakMap<World, Tree[]>();
const treesOf = (w: World): Tree[] => {
  const known = trees.get(w) ?? [];
  trees.set(w, known);
  return known;
};

/** What moves money besides contributions, and what stops it. */
export const moneyActs: Record<string, Act> = {
  donate: async (w) => {
    const donor = w.treasuryOf(anyone(w));
    await w.try(() => w.a.fund.connect(donor).donate(w.dice.upTo(5n * MILLION), w.label()));
  },
  surplus: async (w) => {
    const donor = w.treasuryOf(anyone(w));
    const fund = await w.a.fund.getAddress();
    await w.try(() => w.a.token.connect(donor).transfer(fund, w.dice.upTo(MILLION)));
    await w.try(() => w.a.fund.sync());
  },
  collect: async (w) => {
    for (const { code: member } of w.members) {
      if (w.dice.below(3) > 0) await w.try(() => w.a.fund.collect(member));
    }
  },
  collectEarmark: async (w) => {
    for (const attackId of w.rules.fund.attacks.keys()) {
      if (w.dice.below(2) > 0) await w.try(() => w.a.fund.collectEarmark(attackId));
    }
  },
  block: async (w) => {
    await w.try(() => w.a.token.connect(w.a.issuer).blockAccount(w.treasuryOf(anyone(w))));
  },
  unblock: async (w) => {
    for (const { treasury } of w.members) {
      await w.try(() => w.a.token.connect(w.a.issuer).unblockAccount(treasury));
    }
  },
  stop: async (w) => {
    const guardian = w.signer(w.rules.fund.breaker.guardian);
    const sent = w.a.fund.connect(guardian);
    await w.try(() => (w.dice.below(2) > 0 ? sent.stopTransfers() : sent.resumeTransfers()));
  },
  arm: async (w) => {
    const { interface: calls } = w.a.fund;
    const actions = [calls.encodeFunctionData("arm"), calls.encodeFunctionData("setGuardian", [w.spare().address])];
    await w.decide(...actions.slice(w.dice.below(2)).map((data) => ({ target: w.a.fund, data })));
  },
};

function recognised(w: World) {
  return [...w.rules.register.attacks.values()].filter(({ recognisedAt }) => recognisedAt > 0n);
}

/** The market, the campaigns, and the joint measures. */
export const solidarityActs: Record<string, Act> = {
  offer: async (w) => {
    const attacks = recognised(w).filter(({ closedAt }) => closedAt === 0n);
    if (attacks.length === 0) return;
    const { attackId, member } = w.dice.pick(attacks);
    const quantity = BigInt(1 + w.dice.below(1000));
    const goodsOffered = await goods(w.a, { quantity, price: w.dice.upTo(1000n * UNIT) + 1n });
    await w.try(() => w.a.market.connect(w.officerOf(member)).offer(attackId, goodsOffered));
  },
  changeLot: async (w) => {
    const lots = [...w.rules.market.lots];
    if (lots.length === 0) return;
    const [lotId, { seller, price }] = w.dice.pick(lots);
    const sent = w.a.market.connect(w.officerOf(seller));
    await w.try(() => (w.dice.below(4) === 0 ? sent.withdraw(lotId) : sent.reprice(lotId, w.dice.upTo(price))));
  },
  buy: async (w) => {
    const lots = [...w.rules.market.lots].slice(-5);
    if (lots.length === 0) return;
    const [lotId, { price, quantity }] = w.dice.pick(lots);
    const buyer = anyone(w);
    const promised = BigInt(w.dice.below(Number(quantity) + 1));
    await w.try(() => w.a.market.connect(w.officerOf(buyer)).pledge(lotId, promised));
    const taken = BigInt(1 + w.dice.below(Number(quantity)));
    await w.try(() =>
      w.a.market.connect(w.treasuryOf(buyer)).settle(lotId, taken < promised ? taken : promised, price),
    );
  },
  openCampaign: async (w) => {
    const attacks = recognised(w).filter(({ attackId }) => (w.rules.fund.attacks.get(attackId)?.earmark ?? 0n) > 0n);
    if (attacks.length === 0) return;
    const { attackId, member } = w.dice.pick(attacks);
    const number = (w.rules.distributor.counts.get(attackId) ?? 0n) + 1n;
    const { earmark } = w.rules.fund.attacks.get(attackId)!;
    const people = [1n, 2n, 3n].map((part) => ({ account: w.spare().address, amount: (earmark * part) / 12n }));
    const tree = await treeOf(w.a, attackId, number, people);
    const deadline = (await w.now()) + BigInt(91 + w.dice.below(300)) * DAY;
    const sent = w.a.distributor.connect(w.treasuryOf(member));
    if (await w.try(() => sent.open(attackId, number, tree.root, tree.total, deadline, "ipfs://proofs"))) {
      treesOf(w).push(tree);
    }
  },
  claim: async (w) => {
    const known = treesOf(w);
    if (known.length === 0) return;
    const { claims } = w.dice.pick(known);
    if (w.dice.below(2) === 0) await w.try(() => w.a.distributor.claim(w.dice.pick(claims)));
    else await w.try(() => w.a.distributor.claimMany([...claims]));
  },
  returnMoney: async (w) => {
    for (const campaignId of w.rules.distributor.campaigns.keys()) {
      if (w.dice.below(2) === 0) await w.try(() => w.a.distributor.returnUnclaimed(campaignId));
    }
    for (const { attackId, closedAt } of recognised(w)) {
      if (closedAt > 0n && w.dice.below(2) === 0) await w.try(() => w.a.distributor.returnUnassigned(attackId));
    }
  },
  adopt: async (w) => {
    const { interface: calls } = w.a.measures;
    const start = (await w.now()) + BigInt(w.dice.below(30)) * DAY;
    const end = start + BigInt(20 + w.dice.below(200)) * DAY;
    const adopt = calls.encodeFunctionData("adopt", [
      "0x43484e",
      w.dice.below(10),
      w.label(),
      "ipfs://text",
      start,
      end,
    ]);
    const last = w.rules.measures.measures.size;
    const early = calls.encodeFunctionData("endEarly", [last]);
    await w.decide({ target: w.a.measures, data: last > 0 && w.dice.below(4) === 0 ? early : adopt });
  },
  implement: async (w) => {
    const last = w.rules.measures.measures.size;
    if (last === 0) return;
    const sent = w.a.measures.connect(w.officerOf(anyone(w)));
    await w.try(() => sent.fileImplementation(last, w.label(), "ipfs://act"));
  },
};
