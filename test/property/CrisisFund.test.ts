import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { ethers as ethersLib } from "ethers";
import { network } from "hardhat";

import { MILLION, PPM, asTimelock, code, hash } from "../support/alliance.ts";
import { expectConserved, journalOf } from "../support/books.ts";
import { Entry, ROLE_DELAY, Role, award, earmark, foundFund, give, revokeModule, voidAward } from "../support/fund.ts";
import type { AwardRecord, FundAlliance } from "../support/fund.ts";
import { ReferenceFund, WHOLE, distance } from "../support/reference-fund.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const STEPS = 500;
const MODULES = 20;
const NAMES = ["LTU", "EST", "LVA", "POL", "CZE"];
const SHARES = [0n, 250_000n, 333_333n, PPM];

/** The same sequence of numbers at every run. */
class Dice {
  private readonly seed: string;
  private thrown = 0;

  constructor(seed: string) {
    this.seed = seed;
  }

  below(limit: bigint): bigint {
    return BigInt(hash(`${this.seed} ${++this.thrown}`)) % limit;
  }

  of<T>(list: T[]): T | undefined {
    return list.length === 0 ? undefined : list[Number(this.below(BigInt(list.length)))];
  }

  /** An amount of any magnitude up to about a trillion base units, small ones as likely as great ones. */
  amount(): bigint {
    return 1n + this.below(10n ** (3n + this.below(10n)));
  }
}

async function manyModules() {
  const f = await foundFund(connection);
  const modules = Array.from({ length: MODULES }, (_, i) => f.spare(20 + i));
  await asTimelock(f, async (timelock) => {
    for (const { address } of modules) await f.fund.connect(timelock).grantRole(Role.Register, address);
  });
  await f.time.increase(ROLE_DELAY);
  return { ...f, modules };
}

/** Does the same to the fund and to the reference. */
class Twins {
  readonly reference = new ReferenceFund();
  readonly attacks: { attackId: bigint; commitment: bigint }[] = [];
  private readonly blocked = new Set<string>();
  private records: AwardRecord[] = [];
  /** The awards that went out whole when they were made, and so leave nothing to void. */
  private readonly gone = new Set<AwardRecord>();
  /** The members that were ever owed anything. */
  private readonly obliged = new Set<string>();
  readonly done = new Map<string, number>();
  mostEpochs = 1;
  private readonly f: FundAlliance;
  private readonly modules: HardhatEthersSigner[];
  private readonly dice: Dice;

  constructor(f: FundAlliance, modules: HardhatEthersSigner[], dice: Dice) {
    this.f = f;
    this.modules = modules;
    this.dice = dice;
  }

  private did(what: string): void {
    this.done.set(what, (this.done.get(what) ?? 0) + 1);
  }

  private get module(): HardhatEthersSigner {
    return this.modules[0]!;
  }

  private readonly acts: Record<string, () => Promise<unknown>> = {
    commit: async () => {
      const attackId = BigInt(this.attacks.length) + 1_001n;
      const [name, share, amount] = [this.dice.of(NAMES)!, this.dice.of(SHARES)!, this.dice.amount()];
      await this.f.fund.connect(this.module).commit(attackId, code(name), share, amount);
      this.reference.commit(attackId, name, share, amount);
      this.attacks.push({ attackId, commitment: amount });
    },
    award: async () => {
      const attack = this.dice.of(this.attacks.filter(({ commitment }) => commitment > 0n));
      if (!attack) return;
      // Now and then all of it; else a small part, so that much is released later.
      const part = this.dice.below(3n) === 0n ? attack.commitment : attack.commitment / 7n + 1n;
      const amount = 1n + this.dice.below(part);
      const { record, paid, treasuryPaid } = await award(this.f, attack.attackId, amount, this.module);
      attack.commitment -= amount;
      this.records.push(record);
      const { member } = await this.f.fund.attackAccount(attack.attackId);
      if (treasuryPaid < record.treasuryPart) this.obliged.add(member);
      const [, left] = await this.f.fund.balanceOf(member);
      if (record.earmarkPart === 0n && left === 0n && !this.obliged.has(member)) this.gone.add(record);
      const due = this.reference.award(attack.attackId, amount).paid;
      expect(distance(paid, due * WHOLE), "5").to.be.at.most(this.reference.roundings);
    },
    release: async () => {
      const attack = this.dice.of(this.attacks.filter(({ commitment }) => commitment > 0n));
      if (!attack) return;
      const owed = await this.f.fund.owed();
      await this.f.fund.connect(this.module).release(attack.attackId);
      if ((await this.f.fund.owed()) < owed) this.did("release that pays");
      attack.commitment = 0n;
      this.reference.release(attack.attackId);
    },
    donate: async () => {
      const amount = this.dice.amount();
      await give(this.f, amount);
      this.reference.arrive(amount);
    },
    deposit: async () => {
      const amount = this.dice.amount();
      await this.f.fund.connect(this.f.payer).depositContribution(code("NOR"), this.f.donor.address, amount);
      this.reference.arrive(amount);
    },
    /** So much of what is owed that its epoch is about to close. */
    almostAll: async () => {
      const amount = ((await this.f.fund.owed()) * 9_995n) / 10_000n;
      if (amount === 0n) return;
      await give(this.f, amount);
      this.reference.arrive(amount);
    },
    surplus: async () => {
      const amount = this.dice.amount();
      await this.f.token.connect(this.f.donor).transfer(await this.f.fund.getAddress(), amount);
      await this.f.fund.sync();
      this.reference.arrive(amount);
    },
    collect: async () => {
      const name = this.dice.of(NAMES)!;
      const [, collectable] = await this.f.fund.balanceOf(code(name));
      if (collectable === 0n || this.blocked.has(name)) return;
      await this.f.fund.collect(code(name));
    },
    collectEarmark: async () => {
      const attack = this.dice.of(this.attacks);
      if (attack) await this.f.fund.collectEarmark(attack.attackId);
    },
    compensate: async () => {
      const attack = this.dice.of(this.attacks);
      if (!attack) return;
      const { held } = await earmark(this.f, attack.attackId);
      if (held === 0n) return;
      const amount = 1n + this.dice.below(held);
      const to = this.f.stranger.address;
      await this.f.fund.connect(this.f.compensator).compensate(attack.attackId, to, amount, ethersLib.ZeroHash);
      this.reference.transfer(String(attack.attackId), amount);
    },
    returnEarmark: async () => {
      const attack = this.dice.of(this.attacks);
      if (!attack) return;
      const { held } = await earmark(this.f, attack.attackId);
      if (held === 0n) return;
      const amount = 1n + this.dice.below(held);
      await this.f.fund.connect(this.f.compensator).returnEarmark(attack.attackId, amount);
      this.reference.returnEarmark(attack.attackId, amount);
    },
    block: async () => {
      const name = this.dice.of(NAMES.filter((n) => !this.blocked.has(n)));
      if (!name) return;
      await this.f.token.connect(this.f.issuer).blockAccount(this.f.member(name).treasury.address);
      this.blocked.add(name);
    },
    unblock: async () => {
      const name = this.dice.of([...this.blocked]);
      if (!name) return;
      await this.f.token.connect(this.f.issuer).unblockAccount(this.f.member(name).treasury.address);
      this.blocked.delete(name);
    },
    /** The module is replaced, and some of its awards are voided. */
    voidAwards: async () => {
      if (this.modules.length === 1 || this.records.length < 4) return;
      await revokeModule(this.f, this.module.address);
      for (const record of this.records.slice(-3)) {
        if (this.reference.openEpochs > 1) this.did("void with two epochs");
        if (this.reference.voidable(record).every((part) => part === 0n)) {
          const error = this.gone.has(record) ? "FundUnknownAward" : "FundNothingToVoid";
          await expect(voidAward(this.f, record)).to.be.revertedWithCustomError(this.f.fund, error);
          this.did(`refused to void: ${error}`);
          continue;
        }
        await voidAward(this.f, record);
        this.reference.voidAward(record);
      }
      this.modules.shift();
      this.records = [];
    },
  };

  private readonly weights: Record<string, number> = {
    commit: 8,
    award: 10,
    release: 4,
    donate: 5,
    collect: 4,
    almostAll: 2,
    voidAwards: 2,
  };

  async step(): Promise<string> {
    const names = Object.keys(this.acts).flatMap((name) => Array.from({ length: this.weights[name] ?? 1 }, () => name));
    const name = this.dice.of(names)!;
    const before = await this.f.fund.sequence();
    const block = await this.f.ethers.provider.getBlockNumber();
    await this.acts[name]!();
    for (const { seq, kind, member, amount } of await journalOf(this.f.fund, block)) {
      if (seq <= before || kind !== Entry.Disbursement) continue;
      this.reference.transfer(
        NAMES.find((n) => code(n) === member)!,
        amount,
      );
    }
    this.did(name);
    this.mostEpochs = Math.max(this.mostEpochs, this.reference.openEpochs);
    return name;
  }

  async expectEqual(step: string): Promise<void> {
    const { fund } = this.f;
    const { reference } = this;
    const near = (units: bigint, exact: bigint, what: string) => {
      expect(distance(units, exact), `5 ${what} after ${step}`).to.be.at.most(reference.roundings + 1n);
    };
    near(await fund.reserve(), reference.reserve, "reserve");
    near(await fund.owed(), reference.owed, "owed");
    expect(await fund.committed()).to.equal(reference.committed / WHOLE);
    for (const name of NAMES) {
      const [owed, collectable] = await fund.balanceOf(code(name));
      near(owed, reference.owedTo(name), `owed to ${name}`);
      near(collectable, reference.readyFor(name), `ready for ${name}`);
    }
  }

  async expectEarmarksEqual(): Promise<void> {
    for (const { attackId } of this.attacks) {
      const { owed, held } = await earmark(this.f, attackId);
      const key = String(attackId);
      expect(distance(owed, this.reference.owedTo(key)), `5 ${key}`).to.be.at.most(this.reference.roundings + 1n);
      expect(distance(held, this.reference.readyFor(key)), `5 ${key}`).to.be.at.most(this.reference.roundings + 1n);
    }
  }

  get everyAct(): string[] {
    return Object.keys(this.acts);
  }
}

describe("CrisisFund", () => {
  describe("given five hundred random movements", () => {
    it("agrees with the rules of the design worked out the long way", async () => {
      const f = await loadFixture(manyModules);
      const twins = new Twins(f, [...f.modules], new Dice("differential"));
      for (let step = 1; step <= STEPS; ++step) {
        const name = await twins.step();
        await twins.expectEqual(`${name} (step ${step})`);
        if (step % 50 !== 0) continue;
        await expectConserved(f.fund, f.token);
        await twins.expectEarmarksEqual();
      }
      // The run has been everywhere.
      expect([...twins.done.keys()]).to.include.members(twins.everyAct);
      expect([...twins.done.keys()]).to.include.members(["release that pays", "void with two epochs"]);
      expect(twins.mostEpochs).to.equal(2);

      // In the end enough money pays every debt, and nothing is left over in the pot.
      await give(f, (await f.fund.owed()) + MILLION);
      expect(await f.fund.owed()).to.equal(0n);
      for (const { attackId } of twins.attacks) await f.fund.collectEarmark(attackId);
      let collectable = 0n;
      for (const name of NAMES) {
        const [owed, ready] = await f.fund.balanceOf(code(name));
        expect(owed, "12").to.equal(0n);
        collectable += ready;
      }
      expect(await f.fund.pot(), "3").to.equal(collectable);
      await expectConserved(f.fund, f.token);
    });
  });
});
