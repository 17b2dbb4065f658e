import { expect } from "chai";
import { network } from "hardhat";

import { DAY, UNIT, asTimelock, code, hash } from "../support/alliance.ts";
import type { TestMember } from "../support/alliance.ts";
import { expectConserved } from "../support/books.ts";
import { moveTo, now } from "../support/chain.ts";
import { Purpose, earmarkedFund, open, treeOf } from "../support/compensation.ts";
import type { Claim } from "../support/compensation.ts";
import { goods, marketAlliance } from "../support/market.ts";
import { seeded } from "../support/random.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const STEPS = 300;

const marketFixture = () => marketAlliance(connection);
const earmarkFixture = () => earmarkedFund(connection);

interface Lot {
  quantity: bigint;
  sold: bigint;
  price: bigint;
  deadline: bigint;
  withdrawn: boolean;
  /** By buyer: what it promised in all, and what of it is paid. */
  pledged: Map<TestMember, bigint>;
  settled: Map<TestMember, bigint>;
}

/** Books of a market that know nothing of how the contract keeps its own. */
class Lots {
  readonly lots: Lot[] = [];
  readonly bought = new Map<TestMember, bigint>();
  offered = 0n;

  /** Whether it may be pledged and paid in the next block, a second from now. */
  isOpen(lot: Lot, at: bigint): boolean {
    return !lot.withdrawn && at + 1n <= lot.deadline;
  }
}

describe("Solidarity at random", () => {
  it("keeps every lot, pledge and payment as plain books do, and holds no money", async () => {
    const a = await loadFixture(marketFixture);
    const random = seeded(20_210_302);
    const books = new Lots();
    const buyers = ["EST", "LVA", "POL", "TWN"].map((name) => a.member(name));
    const happened = new Map<string, number>();
    const note = (what: string) => happened.set(what, (happened.get(what) ?? 0) + 1);
    const seller = a.market.connect(a.ltu.delegate);
    const received = await a.token.balanceOf(a.ltu.treasury.address);

    for (let step = 0; step < STEPS; ++step) {
      if (random.below(5) === 0) await a.time.increase(BigInt(random.below(12)) * 3_600n + 1n);
      const at = await now(a);
      const place = random.below(Math.max(1, books.lots.length));
      const [lot, lotId] = [books.lots[place], BigInt(place) + 1n];
      const act = lot === undefined ? 0 : random.below(15);
      if (lot === undefined || act === 0) {
        const [quantity, price] = [random.upTo(50n) + 1n, random.upTo(20n * UNIT) + 1n];
        const deadline = at + 2n + random.upTo(4n * DAY);
        await seller.offer(a.attackId, await goods(a, { quantity, price, deadline }));
        books.lots.push({
          quantity,
          sold: 0n,
          price,
          deadline,
          withdrawn: false,
          pledged: new Map(),
          settled: new Map(),
        });
        books.offered += quantity * price;
        note("offer");
      } else if (act === 1) {
        const price = random.upTo(lot.price);
        const works = books.isOpen(lot, at) && price > 0n && price < lot.price;
        const call = seller.reprice(lotId, price);
        if (!works) await expect(call).to.revert(connection.ethers);
        else {
          await call;
          books.offered -= (lot.quantity - lot.sold) * (lot.price - price);
          lot.price = price;
        }
        note(works ? "reprice" : "reprice in vain");
      } else if (act === 2) {
        const works = books.isOpen(lot, at);
        const call = seller.withdraw(lotId);
        if (!works) await expect(call).to.revert(connection.ethers);
        else {
          await call;
          books.offered -= (lot.quantity - lot.sold) * lot.price;
          lot.withdrawn = true;
        }
        note(works ? "withdraw" : "withdraw in vain");
      } else if (act < 8) {
        const buyer = random.pick(buyers);
        const quantity = random.upTo(lot.quantity + 5n);
        const least = lot.settled.get(buyer) ?? 0n;
        const works = books.isOpen(lot, at) && least <= quantity && quantity <= lot.quantity;
        const call = a.market.connect(random.pick([buyer.treasury, buyer.delegate])).pledge(lotId, quantity);
        if (!works) await expect(call).to.revert(connection.ethers);
        else {
          await call;
          lot.pledged.set(buyer, quantity);
        }
        note(works ? "pledge" : "pledge in vain");
      } else {
        const buyer = random.pick(buyers);
        const promised = (lot.pledged.get(buyer) ?? 0n) - (lot.settled.get(buyer) ?? 0n);
        const quantity = random.below(4) === 0 ? promised + 1n : random.upTo(promised + 1n);
        const price = random.below(8) === 0 ? lot.price + 1n : lot.price;
        const works =
          books.isOpen(lot, at) &&
          price === lot.price &&
          quantity > 0n &&
          quantity <= promised &&
          quantity <= lot.quantity - lot.sold;
        const call = a.market.connect(buyer.treasury).settle(lotId, quantity, price);
        if (!works) await expect(call).to.revert(connection.ethers);
        else {
          await call;
          lot.sold += quantity;
          lot.settled.set(buyer, (lot.settled.get(buyer) ?? 0n) + quantity);
          books.bought.set(buyer, (books.bought.get(buyer) ?? 0n) + quantity * price);
        }
        note(works ? "settle" : "settle in vain");
      }
    }

    for (const [i, lot] of books.lots.entries()) {
      const pledged = [...lot.pledged.values()].reduce((sum, quantity) => sum + quantity, 0n);
      const { quantity, sold, price, withdrawn } = await a.market.lot(i + 1);
      expect([quantity, sold, price, withdrawn]).to.deep.equal([lot.quantity, lot.sold, lot.price, lot.withdrawn]);
      expect((await a.market.lot(i + 1)).pledged).to.equal(pledged);
    }
    const paid = [...books.bought.values()].reduce((sum, amount) => sum + amount, 0n);
    expect(await a.market.offeredFor(a.attackId)).to.equal(books.offered);
    expect(await a.register.boughtBy(a.attackId, await now(a))).to.equal(paid);
    expect((await a.token.balanceOf(a.ltu.treasury.address)) - received).to.equal(paid);
    expect(await a.token.balanceOf(await a.market.getAddress())).to.equal(0n);
    for (const buyer of buyers) {
      const { bought } = await a.market.fulfilmentOf(a.attackId, buyer.code);
      expect(bought, buyer.name).to.equal(books.bought.get(buyer) ?? 0n);
    }
    for (const what of ["offer", "reprice", "withdraw", "pledge", "settle"]) {
      expect(happened.get(what) ?? 0, what).to.be.greaterThan(2);
      if (what !== "offer") expect(happened.get(`${what} in vain`) ?? 0, `${what} in vain`).to.be.greaterThan(0);
    }
    await expectConserved(a.fund, a.token);
  });

  it("pays every leaf of trees of any size once and in any order, and nothing that is not a leaf", async () => {
    const f = await loadFixture(earmarkFixture);
    const random = seeded(33_333);
    const distributor = f.distributor.connect(f.stranger);
    const { held } = await f.fund.earmarkOf(101n);
    let [paidInAll, returned] = [0n, 0n];
    for (let number = 1n; number <= 8n; ++number) {
      // From a tree of one leaf to trees that are not full.
      const size = number === 1n ? 1 : 1 + random.below(60);
      const recipients = Array.from({ length: size }, (_, i) => ({
        account: f.spare(i).address,
        amount: 1n + random.upTo(50_000n),
        purpose: random.pick([Purpose.Industry, Purpose.Worker]),
      }));
      const tree = await treeOf(f, 101n, number, recipients);
      const deadline = await open(f, "LTU", tree);
      const paid = new Set<Claim>();
      for (let tries = 0; tries < 2 * size; ++tries) {
        const claim = random.pick(tree.claims);
        if (random.below(4) === 0) {
          const forged = random.pick<Partial<Claim>>([
            { amount: BigInt(claim.amount) + 1n },
            { index: BigInt(claim.index) + BigInt(size) },
            { account: f.stranger.address },
            { proof: [...claim.proof, hash("beside")] },
          ]);
          await expect(distributor.claim({ ...claim, ...forged })).to.revert(connection.ethers);
          continue;
        }
        if (paid.has(claim)) {
          await expect(distributor.claim(claim))
            .to.be.revertedWithCustomError(distributor, "CompensationAlreadyClaimed")
            .withArgs(claim.campaignId, claim.index);
          continue;
        }
        const before = await f.token.balanceOf(claim.account);
        await distributor.claim(claim);
        expect((await f.token.balanceOf(claim.account)) - before).to.equal(claim.amount);
        paid.add(claim);
      }
      const sum = [...paid].reduce((total, { amount }) => total + BigInt(amount), 0n);
      expect((await distributor.campaign(tree.campaignId)).claimed).to.equal(sum);
      paidInAll += sum;
      await moveTo(f, deadline + 1n);
      if (sum === tree.total) continue;
      await distributor.returnUnclaimed(tree.campaignId);
      returned += tree.total - sum;
    }
    expect(returned).to.be.greaterThan(0n);
    expect((await f.fund.earmarkOf(101n)).held, "3").to.equal(held - paidInAll - returned);
    expect(await distributor.reserved(101n)).to.equal(0n);
    await expectConserved(f.fund, f.token);
  });

  it("derives where a joint measure and each member stand from times alone", async () => {
    const a = await loadFixture(marketFixture);
    const random = seeded(610);
    const member = a.est;
    for (let measureId = 1n; measureId <= 25n; ++measureId) {
      const at = await now(a);
      const start = at + 2n + random.upTo(10n * DAY);
      const end = start + 1n + random.upTo(10n * DAY);
      await asTimelock(a, (timelock) =>
        a.measures.connect(timelock).adopt(code("CHN"), random.below(10), hash("act"), "ipfs://act", start, end),
      );
      let [endedAt, filedAt] = [0n, 0n];
      for (let step = 0; step < 6; ++step) {
        // Where something changes, or anywhere.
        const chance = (await now(a)) + 1n + random.upTo(7n * DAY);
        const next = random.pick([chance, start - 1n, start, end - 1n, end, end + 1n]);
        await moveTo(a, next > (await now(a)) ? next : chance);
        const time = await now(a);
        const status = endedAt !== 0n ? 3n : time > end ? 4n : time < start ? 1n : 2n;
        expect(await a.measures.statusOf(measureId), `${measureId} at ${time}`).to.equal(status);
        const over = endedAt === 0n ? end : endedAt;
        const compliance = filedAt !== 0n ? 2n : over < start ? 0n : time <= start ? 1n : 3n;
        expect(await a.measures.complianceOf(measureId, member.code), `${measureId} at ${time}`).to.equal(compliance);
        // The next block is a second later.
        const works = endedAt === 0n && time + 1n <= end;
        if (random.below(4) === 0) {
          const filing = a.measures.connect(member.delegate).fileImplementation(measureId, hash("own"), "ipfs://own");
          if (works) await filing;
          else await expect(filing).to.be.revertedWithCustomError(a.measures, "MeasureWrongStatus");
          if (works && filedAt === 0n) filedAt = time + 1n;
        } else if (random.below(6) === 0 && works) {
          await asTimelock(a, (timelock) => a.measures.connect(timelock).endEarly(measureId));
          endedAt = await now(a);
        }
        expect(await a.measures.implementedAt(measureId, member.code)).to.equal(filedAt);
      }
    }
  });
});
