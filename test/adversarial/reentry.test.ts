import { expect } from "chai";
import type { ContractTransactionResponse, Interface } from "ethers";
import { MaxUint256, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";

import {
  DAY,
  Kind,
  MILLION,
  UNIT,
  YEAR,
  asTimelock,
  code,
  dossierOf,
  hash,
  recognisedAttack,
} from "../support/alliance.ts";
import type { Action } from "../support/alliance.ts";
import { eligibleAssessors, keepStanding, reportLosses } from "../support/attacks.ts";
import { expectConserved } from "../support/books.ts";
import { moveTo, now } from "../support/chain.ts";
import { treeOf } from "../support/compensation.ts";
import { inOneBlock, settingPeriod } from "../support/council.ts";
import { goods, offer } from "../support/market.ts";
import { fiveOf } from "../support/registry.ts";
import { allianceWith } from "../support/tokens.ts";

const connection = await network.create();
const { loadFixture, takeSnapshot } = connection.networkHelpers;

/** So large that round 3 is awarded more than the advance. */
const LOSS = 40n * MILLION;
const GAS = { gasLimit: 8_000_000 };

/**
 * The token calls hooks, and LTU's treasury is a contract that calls back from every transfer to or from it, with all
 * the rights of a member under attack: part of its first award waits to be collected, a campaign pays it, and it sells.
 */
async function hooked() {
  const odd = await connection.ethers.deployContract("HookToken");
  const token = await odd.getAddress();
  const attacker = await connection.ethers.deployContract("Reenterer");
  const address = await attacker.getAddress();
  const a = await allianceWith(connection, odd);
  const [fund, market] = await Promise.all([a.fund.getAddress(), a.market.getAddress()]);
  await odd.mint(address, 1_000n * MILLION);
  for (const spender of [fund, market]) {
    await attacker.execute(token, odd.interface.encodeFunctionData("approve", [spender, MaxUint256]));
  }
  const [ltu, est] = [a.member("LTU"), a.member("EST")];
  await moveTo(a, a.genesis + 170n * DAY);
  await asTimelock(a, (t) => a.registry.connect(t).recoverKeys(ltu.code, address, ZeroAddress));
  await a.time.increase(30n * DAY);
  await a.registry.applyKeys(ltu.code);
  for (const m of a.members) {
    const from = m === ltu ? est.treasury : m.treasury;
    await a.ledger.connect(from).contribute(m.code, await a.ledger.askedOf(m.code));
  }

  await odd.setHook(address, address);
  await attacker.setRefuses(true);
  const { attackId } = await recognisedAttack(a, ltu, { share: 300_000 });
  await attacker.setRefuses(false);
  const lotId = await offer(a, attackId, ltu);
  await a.market.connect(est.treasury).pledge(lotId, 500n);
  const tree = await treeOf(
    a,
    attackId,
    1n,
    [address, address, est.treasury.address].map((account) => ({ account, amount: UNIT })),
  );
  const opening = [attackId, 1n, tree.root, tree.total, (await now(a)) + 91n * DAY, "ipfs://proofs"] as const;
  await attacker.execute(
    await a.distributor.getAddress(),
    a.distributor.interface.encodeFunctionData("open", [...opening]),
  );
  return { a, odd, attacker, address, ltu, est, attackId, lotId, tree };
}

type World = Awaited<ReturnType<typeof hooked>>;

/** What sets off a transfer to or from the attacker, and what has to come before. */
interface Trigger {
  prepare?: (w: World) => Promise<unknown>;
  pull: (w: World) => Promise<ContractTransactionResponse>;
}

const asAttacker = async ({ attacker }: World, { target, data }: Action) =>
  await attacker.execute(await target.getAddress(), data, GAS);

const TRIGGERS: Record<string, Trigger> = {
  "a contribution": {
    pull: async (w) =>
      await asAttacker(w, {
        target: w.a.ledger,
        data: w.a.ledger.interface.encodeFunctionData("contribute", [w.ltu.code, 7n * UNIT]),
      }),
  },
  "a contribution with a permit": {
    pull: async (w) =>
      await asAttacker(w, {
        target: w.a.ledger,
        data: w.a.ledger.interface.encodeFunctionData("contributeWithPermit", [
          w.ltu.code,
          7n * UNIT,
          0n,
          0,
          ZeroHash,
          ZeroHash,
        ]),
      }),
  },
  "a donation": {
    pull: async (w) =>
      await asAttacker(w, {
        target: w.a.fund,
        data: w.a.fund.interface.encodeFunctionData("donate", [7n * UNIT, ZeroHash]),
      }),
  },
  "a collection": { pull: async ({ a, ltu }) => await a.fund.connect(a.stranger).collect(ltu.code, GAS) },
  "the report that settles a round": {
    prepare: async ({ a, attackId }) => {
      const eligible = await eligibleAssessors(a, attackId, 3);
      await reportLosses(
        a,
        attackId,
        3,
        eligible.slice(1).map(() => LOSS),
      );
    },
    pull: async ({ a, attackId }) => {
      const last = (await eligibleAssessors(a, attackId, 3)).at(-1);
      return await a.panel.connect(last).report(attackId, 3, LOSS, hash("report"), GAS);
    },
  },
  "a purchase": {
    pull: async ({ a, est, lotId }) => {
      const { price } = await a.market.lot(lotId);
      return await a.market.connect(est.treasury).settle(lotId, 3n, price, GAS);
    },
  },
  "a claim": { pull: async ({ a, tree }) => await a.distributor.connect(a.stranger).claim(tree.claims[0]!, GAS) },
  "a batch of claims": { pull: async ({ a, tree }) => await a.distributor.claimMany(tree.claims.slice(0, 1), GAS) },
  "the return of what nobody claimed": {
    prepare: async ({ a, tree }) => {
      await moveTo(a, (await a.distributor.deadlineOf(tree.campaignId)) + 1n);
    },
    pull: async ({ a, tree }) => await a.distributor.connect(a.stranger).returnUnclaimed(tree.campaignId, GAS),
  },
};

/** What the attacker calls from within: whatever anybody, or a member under attack, may call. */
async function pathsOf({ a, address, ltu, est, attackId, lotId, tree }: World): Promise<Record<string, Action>> {
  const time = await now(a);
  const { registry, ledger, fund, register, panel, market, distributor, council } = a;
  const application = [code("JPN"), Kind.State, est.treasury.address, fiveOf(dossierOf("JPN"))] as const;
  const filing = [ltu.code, code("RUS"), 0, time, hash("e"), "ipfs://e", ZeroHash, 0n] as const;
  const campaign = [attackId, 2n, tree.root, UNIT, time + YEAR, "ipfs://p"] as const;
  const proposal = [[address], [0n], [settingPeriod(a).data], "Mine"] as const;
  const calls: [{ interface: Interface; getAddress(): Promise<string> }, Record<string, readonly unknown[]>][] = [
    [registry, { applyFor: application, giveNotice: [ltu.code], fileReport: [ltu.code, hash("r"), "ipfs://r"] }],
    [ledger, { contribute: [ltu.code, UNIT], issueCall: [] }],
    [fund, { donate: [UNIT, ZeroHash], sync: [], collect: [ltu.code], collectEarmark: [attackId] }],
    [register, { file: filing, end: [attackId], close: [attackId] }],
    [panel, { settle: [attackId, 3n] }],
    [market, { offer: [attackId, await goods(a)], reprice: [lotId, UNIT], withdraw: [lotId] }],
    [distributor, { claim: [tree.claims[1]], claimMany: [tree.claims], open: campaign }],
    [council, { propose: proposal }],
  ];
  const paths = calls.flatMap(([target, functions]) =>
    Object.entries(functions).map(([name, args]): [string, Action] => [
      name,
      { target, data: target.interface.encodeFunctionData(name, args) },
    ]),
  );
  return Object.fromEntries(paths);
}

/** Everything that money, cases and votes depend on, without the times of the journal. */
async function state({ a, odd, address, ltu, est, attackId, lotId, tree }: World): Promise<string> {
  const fund = await a.fund.getAddress();
  const read = await Promise.all([
    a.fund.reserve(),
    a.fund.pot(),
    a.fund.earmarked(),
    a.fund.committed(),
    a.fund.owed(),
    a.fund.sequence(),
    a.fund.balanceOf(ltu.code),
    a.fund.earmarkOf(attackId),
    a.fund.attackAccount(attackId),
    a.register.attack(attackId),
    a.register.attackCount(),
    a.register.boughtBy(attackId, 2n ** 48n - 1n),
    a.ledger.account(ltu.code),
    a.ledger.callCount(),
    a.registry.member(ltu.code),
    a.market.lot(lotId),
    a.market.lotCount(),
    a.market.offeredFor(attackId),
    a.market.pledgeOf(lotId, est.code),
    a.distributor.reserved(attackId),
    a.distributor.campaignCount(attackId),
    a.distributor.campaign(tree.campaignId),
    a.council.proposalCount(),
    odd.balanceOf(address),
    odd.balanceOf(fund),
    odd.balanceOf(est.treasury.address),
  ]);
  return JSON.stringify(read, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

describe("A treasury that calls back from every transfer", () => {
  for (const [name, { prepare, pull }] of Object.entries(TRIGGERS)) {
    it(`gains nothing from within ${name}: what is not refused does nothing, or what it would before or after`, async () => {
      const w = await loadFixture(hooked);
      const { a, attacker } = w;
      await keepStanding(a, { ...w.ltu, treasury: w.est.treasury });
      await prepare?.(w);
      const paths = await pathsOf(w);
      const second = (await now(a)) + 10n;
      const succeeded: string[] = [];
      for (const [path, action] of Object.entries(paths)) {
        const beginning = await takeSnapshot();
        await attacker.aim(await action.target.getAddress(), action.data);
        await a.time.setNextBlockTimestamp(second);
        try {
          await pull(w);
        } catch (error) {
          // What it spends from within it was not paid.
          expect(String(error), path).to.include("MarketPaymentShort");
          await beginning.restore();
          continue;
        }
        expect(await attacker.tried(), path).to.equal(true);
        await expectConserved(a.fund, w.odd);
        const nested = await state(w);
        const inside = await attacker.succeeded();
        await beginning.restore();
        if (!inside) continue;
        succeeded.push(path);
        const outcomes: string[] = [];
        const apart = [() => pull(w), () => asAttacker(w, action)];
        for (const order of [apart, apart.toReversed(), apart.slice(0, 1)]) {
          const start = await takeSnapshot();
          await a.time.setNextBlockTimestamp(second);
          await inOneBlock(a, ...order);
          outcomes.push(await state(w));
          await start.restore();
        }
        expect(outcomes, path).to.include(nested);
      }
      // Where the fund moves the money, its own doors are shut.
      const shut = ["contribute", "donate", "sync", "collect", "collectEarmark", "claim"];
      const within = succeeded.filter((path) => shut.includes(path));
      expect(within).to.deep.equal(name === "a purchase" ? ["sync", "collect", "collectEarmark", "claim"] : []);
      expect(succeeded).to.include.members(["applyFor", "fileReport", "end"]);
    });
  }
});
