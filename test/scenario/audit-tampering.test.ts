import { expect } from "chai";
import { toBeHex } from "ethers";
import { network } from "hardhat";

import { auditChain } from "../../scripts/lib/audit/audit.ts";
import type { AuditOptions, AuditResult } from "../../scripts/lib/audit/audit.ts";
import { headerOf } from "../../scripts/lib/node/blocks.ts";
import { booksOf } from "../../scripts/lib/audit/books.ts";
import type { Books } from "../../scripts/lib/audit/books.ts";
import { Checks } from "../../scripts/lib/audit/checks.ts";
import { Node } from "../../scripts/lib/node/node.ts";
import type { Provider } from "../../scripts/lib/node/node.ts";
import { askedThrough } from "../../scripts/lib/audit/target.ts";
import type { Target } from "../../scripts/lib/audit/target.ts";
import type { LedgerEvent, Speakers } from "../../scripts/lib/events/events.ts";
import { compare } from "../../scripts/lib/rules/compare.ts";
import type { Finding } from "../../scripts/lib/rules/finding.ts";
import { readSetting } from "../../scripts/lib/rules/setting.ts";
import type { Setting } from "../../scripts/lib/rules/setting.ts";
import { eventfulHistory } from "../support/history.ts";
import { alterations, encoded, recalling, remembering, replacing } from "../support/tampering.ts";
import type { Instead } from "../support/tampering.ts";
import { UNSEEN } from "../support/unseen.ts";

const connection = await network.create();

/** An honest audit's result, and all that is needed to try others on the same events. */
interface Ground {
  provider: Provider;
  target: Target;
  result: AuditResult;
  events: LedgerEvent[];
  /** Where in the events one of each kind is, the middle one of its kind. */
  kinds: Map<string, number>;
  contracts: Speakers;
  setting: Setting;
  books: Books;
}

/** What was done, to which events, and what is told then. */
type Tampering = [what: string, tampered: LedgerEvent[], told: LedgerEvent[]];

const kindOf = ({ by, name }: LedgerEvent) => `${by}.${name}`;
const keyOf = ({ block, index }: LedgerEvent) => `${block}:${index}`;

async function honestly(): Promise<Ground> {
  const a = await eventfulHistory(connection);
  const provider = remembering(connection.provider);
  const honest = { council: await a.council.getAddress(), measures: await a.measures.getAddress() };
  const events: LedgerEvent[] = [];
  const result = await auditChain(provider, honest, { listeners: [(event) => events.push(event)] });
  const node = new Node(provider);
  const contracts = recalling(askedThrough(node, result.chainId, result.contracts));
  const places = Map.groupBy(events.keys(), (i) => kindOf(events[i]!));
  const kinds = new Map([...places].map(([kind, at]) => [kind, at[Math.floor(at.length / 2)]!]));
  const setting = await readSetting(contracts, result.block);
  const books = await booksOf(contracts, result.contracts.fund, await headerOf(node, result.block));
  // A tampered event of a role must not decide whom the audit is about.
  const target: Target = result.contracts;
  return { provider, target, result, events, kinds, contracts, setting, books };
}

describe("An audit of what a node has tampered with", () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await honestly();
  });

  it("finds nothing where nothing was", () => {
    expect(ground.result.findings).to.deep.equal([]);
    expect(ground.kinds.size).to.be.greaterThan(90);
  });

  /** What is found about events if these are told: by the events alone, else by what the contracts answer. */
  async function found(tampered: LedgerEvent[], told: LedgerEvent[]): Promise<Finding[]> {
    const { setting, books, contracts, result } = ground;
    const checks = new Checks(setting);
    for (const one of told) checks.follow(one);
    const byEvents = checks.finish(books);
    if (byEvents.some((finding) => isAboutOne(tampered, finding))) return byEvents;
    const answers = [
      await checks.powers.compare(contracts, result.block),
      await compare(checks.rulebook, contracts, result.block),
    ];
    return [...byEvents, ...answers.flatMap(({ findings }) => findings)];
  }

  /** The event at a place replaced by others. */
  const instead = (place: number, ...others: LedgerEvent[]) => [
    ...ground.events.slice(0, place),
    ...others,
    ...ground.events.slice(place + 1),
  ];

  /** Whether a finding is about an event: by its transaction, its contract, or its number in the journal. */
  function isAbout(event: LedgerEvent, { place, rule, sentence }: Finding): boolean {
    if (place?.transaction === event.transaction || rule.startsWith(`${event.by}.`)) return true;
    if (event.name === "Entry") return sentence.includes(`entry ${event.args.seq} `);
    return sentence.includes(event.name) || (event.by === "token" && rule === "transfers");
  }

  const isAboutOne = (events: LedgerEvent[], finding: Finding) => events.some((event) => isAbout(event, finding));

  /** Tries each, and tells what was not found, or only as something else. */
  async function missed(tried: Iterable<Tampering>): Promise<string[]> {
    const unseen: string[] = [];
    for (const [what, tampered, told] of tried) {
      const findings = await found(tampered, told);
      if (findings.length === 0) unseen.push(what);
      else if (!findings.some((finding) => isAboutOne(tampered, finding)))
        unseen.push(`${what}, as ${findings[0]!.sentence}`);
    }
    return unseen.sort();
  }

  /** What no rule speaks of, as far as the history has it. */
  const unseen = (manner: keyof typeof UNSEEN) =>
    Object.values<string[]>(UNSEEN[manner])
      .flat()
      .filter((what) => ground.kinds.has(what.split(/[ ,]/)[0]!))
      .sort();

  describe("without the proof of receipts", () => {
    it("finds every kind of event that is left out, but for those that leave no trace", async () => {
      const tried = [...ground.kinds].map(([kind, place]): Tampering => [
        kind,
        [ground.events[place]!],
        instead(place),
      ]);
      expect(await missed(tried)).to.deep.equal(unseen("dropped"));
    }).timeout(300_000);

    it("finds every kind of transaction that is left out as a whole, but for those that leave no trace", async () => {
      const transactions = [...Map.groupBy(ground.events, ({ transaction }) => transaction).values()];
      const kinds = new Map(transactions.map((events) => [[...new Set(events.map(kindOf))].sort().join(" "), events]));
      const tried = [...kinds].map(([what, events]): Tampering => {
        return [what, events, ground.events.filter(({ transaction }) => transaction !== events[0]!.transaction)];
      });
      expect(tried.length).to.be.greaterThan(60);
      expect(await missed(tried)).to.deep.equal(unseen("withheld"));
    }).timeout(300_000);

    it("finds every kind of event that is told twice, but for those that say the same again", async () => {
      const tried = [...ground.kinds].map(([kind, place]): Tampering => {
        const event = ground.events[place]!;
        return [kind, [event], instead(place, event, event)];
      });
      expect(await missed(tried)).to.deep.equal(unseen("repeated"));
    }).timeout(300_000);

    it("finds every value that is altered, but for those that no contract keeps", async () => {
      const tried = [...ground.kinds].flatMap(([kind, place]) => {
        const event = ground.events[place]!;
        return alterations(event.args).flatMap(([path, args]): Tampering[] => {
          const altered = { ...event, args } as LedgerEvent;
          return isEncodable(altered) ? [[`${kind} ${path}`, [event], instead(place, altered)]] : [];
        });
      });
      expect(tried.length).to.be.greaterThan(250);
      expect(await missed(tried)).to.deep.equal(unseen("altered"));
    }).timeout(600_000);

    it("finds every kind of event whose block is told as made later, but for those whose time nobody keeps", async () => {
      const tried = [...ground.kinds].map(([kind, place]): Tampering => {
        const { block } = ground.events[place]!;
        const told = ground.events.map((one) => (one.block === block ? { ...one, time: one.time + 1 } : one));
        return [kind, ground.events.filter((one) => one.block === block), told];
      });
      expect(await missed(tried)).to.deep.equal(unseen("late"));
    }).timeout(300_000);

    it("finds events that have changed places, but for those that do not depend on one another", async () => {
      const tried = [...ground.kinds].flatMap(([kind, place]): Tampering[] => {
        const event = ground.events[place]!;
        const later = ground.events.findIndex((one, i) => i > place && one.transaction !== event.transaction);
        const other = ground.events[later];
        if (other === undefined) return [];
        const swapped = [...ground.events];
        swapped[place] = movedTo(other, event);
        swapped[later] = movedTo(event, other);
        return [[`${kind} with ${kindOf(other)}`, [event, other], swapped]];
      });
      expect(await missed(tried)).to.deep.equal(unseen("swapped"));
    }).timeout(300_000);
  });

  describe("with the proof of receipts", () => {
    /** One log of each kind is told as others; every one must be named. */
    async function audited(changeOf: (event: LedgerEvent, place: number) => [LedgerEvent, Instead][]) {
      const changes = new Map(
        [...ground.kinds.values()].flatMap((place) =>
          changeOf(ground.events[place]!, place).map(([event, others]): [string, Instead] => [keyOf(event), others]),
        ),
      );
      const lying = replacing(ground.provider, changes);
      const options: AuditOptions = { receipts: true };
      const { findings } = await auditChain(lying, ground.target, options);
      const named = (sentence: string) =>
        findings.filter((one) => one.sentence.includes(sentence)).map(({ place }) => `${place?.block}:${place?.index}`);
      return { findings, named, changed: [...changes.keys()].sort() };
    }

    it("names every kind of event that was left out", async () => {
      const { named, changed } = await audited((event) => [[event, []]]);
      expect(named("was left out").sort()).to.deep.equal(changed);
    }).timeout(120_000);

    it("names every kind of event that was altered", async () => {
      const { named, changed } = await audited((event) => [[event, [{ ...encoded(event), data: "0x01" }]]]);
      expect(named("was altered").sort()).to.deep.equal(changed);
    }).timeout(120_000);

    it("names every kind of event that is told as later than its block", async () => {
      const { named, changed } = await audited((event) => [
        [event, [{ ...encoded(event), blockTimestamp: toBeHex(event.time + 1) }]],
      ]);
      expect(named("the block's time was told as").sort()).to.deep.equal(changed);
    }).timeout(120_000);

    it("names every kind of event that has changed places", async () => {
      const { named, changed } = await audited((event, place) => {
        const other = ground.events.find((one, i) => i > place && one.by === event.by && one.block !== event.block);
        if (other === undefined) return [];
        return [
          [event, [encoded(other)]],
          [other, [encoded(event)]],
        ];
      });
      expect(named("was altered").sort()).to.deep.equal(changed);
    }).timeout(120_000);

    it("names every kind of event that is repeated", async () => {
      const { findings, changed } = await audited((event) => [[event, [encoded(event), encoded(event)]]]);
      const repeated = findings.filter(({ rule }) => rule === "log answers").map(({ sentence }) => sentence);
      const place = (key: string) => `log ${key.split(":")[1]!} of block ${key.split(":")[0]!} is repeated`;
      expect(changed.filter((key) => !repeated.some((sentence) => sentence.includes(place(key))))).to.deep.equal([]);
      expect(findings).to.have.lengthOf(changed.length);
    }).timeout(120_000);
  });
});

/** The event as if it had been told where another was. */
function movedTo(event: LedgerEvent, { block, index, transaction, time }: LedgerEvent): LedgerEvent {
  return { ...event, block, index, transaction, time };
}

function isEncodable(event: LedgerEvent): boolean {
  try {
    encoded(event);
    return true;
  } catch {
    return false;
  }
}
