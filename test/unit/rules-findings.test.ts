import { expect } from "chai";
import { AbiCoder, ZeroHash, keccak256 } from "ethers";
import type { TransactionRequest } from "ethers";
import { network } from "hardhat";

import type { LedgerEvent, Speakers } from "../../scripts/lib/events/events.ts";
import { compare } from "../../scripts/lib/rules/compare.ts";
import type { Finding } from "../../scripts/lib/rules/finding.ts";
import { Rulebook } from "../../scripts/lib/rules/rulebook.ts";
import { DAY, MILLION, UNIT, YEAR, decide, payDebt, recognisedAttack } from "../support/alliance.ts";
import { coveredAlliance, reportLosses } from "../support/attacks.ts";
import { moveTo, now } from "../support/chain.ts";
import { open, treeOf } from "../support/compensation.ts";
import { eventsOf, settingOf, speakersOf } from "../support/events.ts";
import { buy, offer } from "../support/market.ts";

const connection = await network.create();

type Told = LedgerEvent & { args: Record<string, unknown> };

describe("Rulebook", () => {
  /** A life in which most rules have had something to say. */
  async function told() {
    const a = await coveredAlliance(connection, {
      parameters: { firstBudget: 20n * MILLION },
      baseline: 2_000n * MILLION,
    });
    const [ltu, est, nor] = [a.member("LTU"), a.member("EST"), a.member("NOR")] as const;
    await a.token.connect(est.treasury).approve(await a.market.getAddress(), 2n ** 255n);
    const { attackId } = await recognisedAttack(a, ltu, { share: 300_000 });
    const lot = await offer(a, attackId, ltu);
    await buy(a, lot, est, 10n);
    const tree = await treeOf(a, attackId, 1n, [{ account: a.spare(0).address, amount: UNIT }]);
    await open(a, "LTU", tree);
    await a.distributor.claim(tree.claims[0]!);
    // More is committed than the reserve holds, so that an award leaves something owed.
    for (const name of ["AUS", "NOR", "TWN"]) await recognisedAttack(a, a.member(name));
    await reportLosses(a, attackId, 1, 160n * MILLION);
    const budget = a.ledger.interface.encodeFunctionData("setBudget", [12, 5n * MILLION]);
    await decide(a, { target: a.ledger, data: budget });
    await moveTo(a, (await now(a)) + 3n * YEAR);
    await a.ledger.suspendVote(nor.code);
    await payDebt(a, nor);
    await a.registry.connect(est.treasury).proposeKeys(est.code, a.spare(1).address, a.spare(2).address);
    await a.registry.connect(a.spare(1)).acceptKeys(est.code);
    await a.time.increase(3n * DAY);
    await a.registry.applyKeys(est.code);
    return { a, events: (await eventsOf(a)) as Told[], setting: await settingOf(a) };
  }

  let life: Awaited<ReturnType<typeof told>>;

  beforeEach(async () => {
    life = await connection.networkHelpers.loadFixture(told);
  });

  function toldAll(): Rulebook {
    const rules = new Rulebook(life.setting);
    for (const event of life.events) rules.apply(event);
    rules.finish();
    return rules;
  }

  /** The contracts, with another way to call them. */
  function askedBy(call: (asked: TransactionRequest) => Promise<string>): Speakers {
    const runner = { provider: life.a.ethers.provider, call };
    const contracts = Object.entries(speakersOf(life.a)).map(([by, one]) => [by, one.connect(runner)]);
    return Object.fromEntries(contracts) as Speakers;
  }

  function findingsOf(events: readonly LedgerEvent[]): readonly Finding[] {
    const rules = new Rulebook(life.setting);
    for (const event of events) rules.apply(event);
    rules.finish();
    return rules.findings;
  }

  /** The first event of a name, as its contract has told it. */
  function place(by: string, name: string): number {
    const index = life.events.findIndex((event) => event.by === by && event.name === name);
    if (index < 0) throw new Error(`no ${by}.${name} was told`);
    return index;
  }

  function altered(by: string, name: string, values: Record<string, unknown>): LedgerEvent[] {
    const index = place(by, name);
    const event = life.events[index]!;
    const args = { ...event.args, ...values };
    return life.events.with(index, { ...event, args } as Told);
  }

  describe("apply", () => {
    describe("given what the chain has told", () => {
      it("finds nothing", () => {
        expect(findingsOf(life.events)).to.be.empty;
      });

      it("ends where the chain does", async () => {
        const block = await life.a.ethers.provider.getBlockNumber();
        const { checked, findings } = await compare(toldAll(), speakersOf(life.a), block);
        expect(findings).to.be.empty;
        expect(checked).to.be.greaterThan(200);
      });

      it("is compared with a hundred questions on their way, and never with more", async () => {
        const { provider } = life.a.ethers;
        const onTheirWay = { now: 0, most: 0 };
        const call = async (asked: TransactionRequest): Promise<string> => {
          onTheirWay.most = Math.max(onTheirWay.most, ++onTheirWay.now);
          return await provider.call(asked).finally(() => --onTheirWay.now);
        };
        const block = await provider.getBlockNumber();
        const { findings } = await compare(toldAll(), askedBy(call), block);
        expect(findings).to.be.empty;
        expect(onTheirWay.most).to.equal(100);
      });

      it("is asked nothing more once the chain does not answer", async () => {
        const { provider } = life.a.ethers;
        let asked = 0;
        const call = async (question: TransactionRequest): Promise<string> => {
          if (++asked === 10) throw new Error("the chain is gone");
          return await provider.call(question);
        };
        const compared = compare(toldAll(), askedBy(call), await provider.getBlockNumber());
        const thrown: unknown = await compared.catch((error: unknown) => error);
        expect(thrown).to.be.instanceOf(Error).with.property("message", "the chain is gone");
        await new Promise((resolve) => setTimeout(resolve, 500));
        expect(asked).to.equal(100);
      });
    });

    const WRONG: [by: string, name: string, values: Record<string, unknown>][] = [
      ["registry", "ElectorateChanged", { seats: 1_023n }],
      ["registry", "CaseOpened", { openCases: 7n }],
      ["registry", "Applied", { delegate: "0x" + "11".repeat(20) }],
      ["registry", "KeysProposed", { readyAt: 1n }],
      ["registry", "KeysChanged", { treasury: "0x" + "11".repeat(20) }],
      ["ledger", "ScaleSet", { weight: 1n }],
      ["ledger", "CallIssued", { amount: 1n }],
      ["ledger", "ArrearsCleared", { code: "0x4c5455" }],
      ["ledger", "CallExemptionSet", { commitments: 2n }],
      ["fund", "Committed", { amount: 1n }],
      ["fund", "ObligationsPaid", { owed: 1n }],
      ["fund", "AwardMade", { treasuryPaid: 1n }],
      ["fund", "RoleScheduled", { worksFrom: 1n }],
      ["council", "ProposalCreated", { voteEnd: 1n }],
      ["council", "ProposalCreated", { signatures: ["suspend(bytes3)"] }],
      ["council", "Decided", { passed: false }],
      ["council", "ProposalQueued", { etaSeconds: 1n }],
      ["coverage", "TermsSet", { effectiveAt: 1n }],
      ["coverage", "ExposureSet", { effectiveUntil: 1n }],
      ["register", "Recognised", { committed: 1n }],
      ["register", "RoundSettled", { award: 1n }],
      ["register", "PurchaseRecorded", { bought: 1n }],
      ["panel", "Settled", { loss: 1n }],
      ["market", "Pledged", { pledgedByAll: 1n }],
      ["distributor", "CampaignOpened", { campaignId: 5n }],
      ["timelock", "CallExecuted", { target: "0x" + "11".repeat(20) }],
    ];

    for (const [by, name, values] of WRONG) {
      it(`finds ${by}.${name} with another ${Object.keys(values).join()}`, () => {
        const rules = findingsOf(altered(by, name, values)).map(({ rule }) => rule);
        expect(rules).to.satisfy((found: string[]) =>
          found.some((rule) => rule === `${by}.${name}` || (by === "timelock" && rule === "authority")),
        );
      });
    }

    const CONSEQUENCES: [by: string, name: string][] = [
      ["registry", "ElectorateChanged"],
      ["registry", "CaseOpened"],
      ["registry", "VoteRestored"],
      ["ledger", "ArrearsCleared"],
      ["ledger", "CallIssued"],
      ["ledger", "CallExemptionSet"],
      ["fund", "Committed"],
      ["fund", "AwardMade"],
      ["fund", "ObligationsPaid"],
      ["council", "Decided"],
      ["council", "VoteCalled"],
      ["register", "RoundSettled"],
      ["register", "PurchaseRecorded"],
      ["panel", "Settled"],
    ];

    for (const [by, name] of CONSEQUENCES) {
      it(`misses ${by}.${name}, and finds it if it is told twice`, () => {
        const index = place(by, name);
        const dropped = findingsOf(life.events.toSpliced(index, 1)).map(({ rule }) => rule);
        expect(dropped, "dropped").to.include(`${by}.${name}`);
        const event = life.events[index]!;
        const repeated = findingsOf(life.events.toSpliced(index, 0, event)).map(({ rule }) => rule);
        expect(repeated, "repeated").to.include(`${by}.${name}`);
      });
    }

    it("finds an application without the evidence that its kind needs, though its hash is right", () => {
      const index = place("registry", "Applied");
      const { args } = life.events[index]! as Told & { name: "Applied" };
      const lacking = [...args.dossier.slice(0, 4), { hash: ZeroHash, uri: "" }];
      const said = [args.code, args.kind, args.treasury, args.delegate, lacking];
      const types = ["bytes3", "uint8", "address", "address", "tuple(bytes32 hash, string uri)[5]"];
      const applicationHash = keccak256(AbiCoder.defaultAbiCoder().encode(types, said));
      const sentences = findingsOf(altered("registry", "Applied", { dossier: lacking, applicationHash })).map(
        ({ sentence }) => sentence,
      );
      expect(sentences[0]).to.equal(`${args.code} has applied without the evidence that its kind needs`);
    });

    it("finds each entry that does not continue the journal, and only that", () => {
      const index = place("fund", "Entry");
      const swapped = life.events[index]!.args.amount as bigint;
      const rules = findingsOf(altered("fund", "Entry", { amount: swapped + 1n })).map(({ rule }) => rule);
      expect(rules.filter((rule) => rule === "journal")).to.have.lengthOf(1);
      const dropped = findingsOf(life.events.toSpliced(index, 1));
      expect(dropped.filter(({ rule }) => rule === "journal").map(({ expected }) => expected)).to.include("1");
    });

    it("finds a ballot that is cast twice, or by an account without a seat", () => {
      const index = place("council", "VoteCast");
      const twice = findingsOf(life.events.toSpliced(index, 0, life.events[index]!));
      expect(twice[0]?.sentence).to.include("has no ballot left");
      const stranger = findingsOf(altered("council", "VoteCast", { voter: life.a.stranger.address }));
      expect(stranger[0]?.sentence).to.include("no seat of its electorate");
    });

    it("finds an act of the council that the timelock has not carried out", () => {
      const index = life.events.findLastIndex(({ name }) => name === "BudgetSet");
      const event = life.events[index]!;
      const alone = { ...event, transaction: "0x" + "77".repeat(32) };
      const rules = findingsOf([...life.events, { ...alone, args: { ...event.args, fromPeriod: 40n } } as Told]);
      expect(rules.map(({ rule }) => rule)).to.include("authority");
    });

    it("finds a second act in a transaction in which the timelock made one call", () => {
      const index = life.events.findLastIndex(({ name }) => name === "BudgetSet");
      const findings = findingsOf(life.events.toSpliced(index, 0, life.events[index]!));
      expect(findings.map(({ sentence }) => sentence)).to.deep.equal([
        "ledger.BudgetSet came about without the council's decision",
      ]);
    });

    it("finds a call of the timelock that had no effect", () => {
      const index = life.events.findLastIndex(({ name }) => name === "BudgetSet");
      const finding = findingsOf(life.events.toSpliced(index, 1)).find(({ rule }) => rule === "authority");
      expect(finding?.sentence).to.equal("ledger.BudgetSet, which the timelock's call leads to, was not told");
      expect(finding?.expected).to.equal(`{"fromPeriod":"12","amount":"${5n * MILLION}"}`);
    });

    it("finds an act with other values than the council has decided", () => {
      const index = life.events.findLastIndex(({ name }) => name === "BudgetSet");
      const event = life.events[index]!;
      const told = { ...event, args: { ...event.args, amount: 4n * MILLION } } as Told;
      expect(findingsOf(life.events.with(index, told))[0]?.sentence).to.equal(
        "BudgetSet states other values than the council has decided",
      );
    });

    for (const name of ["CallScheduled", "CallSalt", "CallExecuted"]) {
      it(`finds a ${name} that was left out, and one too many`, () => {
        const index = place("timelock", name);
        const rules = (events: LedgerEvent[]) => findingsOf(events).map(({ rule }) => rule);
        expect(rules(life.events.toSpliced(index, 1))).to.include(`timelock.${name}`);
        expect(rules(life.events.toSpliced(index, 0, life.events[index]!))).to.include(`timelock.${name}`);
      });
    }

    describe("given a module that is replaced", () => {
      function replacedIn(events: readonly LedgerEvent[]) {
        const rules = new Rulebook(life.setting);
        for (const event of events) rules.apply(event);
        rules.finish();
        return rules.modules.replaced;
      }

      it("knows of none in what the chain has told", () => {
        expect(replacedIn(life.events)).to.equal(undefined);
      });

      it("tells the panel that took the place of the other, and where", () => {
        const first = life.events[place("register", "PanelAppointed")]!;
        const last = life.events.at(-1)!;
        const panel = life.a.stranger.address;
        const replaced = replacedIn([
          ...life.events,
          { ...last, by: "register", name: first.name, args: { panel } } as Told,
        ]);
        const { panel: before } = life.setting.addresses;
        expect(replaced?.sentence).to.equal(`${before} was replaced as the register's panel by ${panel}`);
        expect(replaced?.place.block).to.equal(last.block);
      });

      it("tells the role that another was given, beside the one that is looked at or before it", () => {
        const index = life.events.findIndex(({ by, name, args }) => {
          return by === "fund" && name === "RoleGranted" && args.account === life.setting.addresses.ledger;
        });
        const granted = life.events[index]!;
        const account = life.a.stranger.address;
        const other = { ...granted, args: { ...granted.args, account } } as Told;
        const { ledger } = life.setting.addresses;
        expect(replacedIn([...life.events, other])?.sentence).to.equal(
          `${ledger} was replaced as LEDGER_ROLE of the fund by ${account}`,
        );
        expect(replacedIn(life.events.with(index, other))?.sentence).to.equal(
          `${account} was made LEDGER_ROLE of the fund, and not ${ledger}`,
        );
      });
    });
  });
});
