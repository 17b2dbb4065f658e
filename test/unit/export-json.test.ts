import { readFileSync } from "node:fs";

import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { AbiCoder, ZeroHash, keccak256 } from "ethers";
import { network } from "hardhat";

import { eventfulYear, told, written } from "../support/export.ts";
import type { Told } from "../support/export.ts";

const connection = await network.create();

const SCHEMA = new URL("../../scripts/lib/export/fund.schema.json", import.meta.url);

interface Document {
  events: { by: string; name: string; transaction: string; args: Record<string, string> }[];
  closing: Record<string, string>;
}

describe("The export as JSON", () => {
  // Nothing here changes the chain.
  let history: Told;
  let read: () => Document;
  const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync(SCHEMA, "utf8")) as object);

  before(async () => {
    history = await told(await eventfulYear(connection));
    const text = written(["json"], history).read("fund.json");
    read = () => JSON.parse(text) as Document;
  });

  it("is as its schema says", () => {
    validate(read());
    expect(validate.errors).to.equal(null);
  });

  it("holds every event in order, with integers as decimal strings", () => {
    const plain = JSON.parse(
      JSON.stringify(history.events, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value)),
    ) as Document["events"];
    expect(read().events).to.deep.equal(plain);
    expect(plain).to.have.length.above(100);
  });

  it("is enough to recompute the head of the journal", () => {
    const types = ["bytes32", "uint256", "uint8", "bytes3", "address", "uint256", "bytes32", "uint256"];
    let head = ZeroHash;
    for (const { by, name, args } of read().events) {
      if (by !== "fund" || name !== "Entry") continue;
      const { seq, kind, member, party, amount, ref, timestamp } = args;
      const values = [head, seq, kind, member, party, amount, ref, timestamp];
      head = keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
    }
    expect(head).to.equal(history.state.head).and.to.equal(read().closing["head"]);
  });

  describe("given a document that is not as the schema says", () => {
    const faults: Record<string, (document: Document) => void> = {
      "an amount as a number": ({ events }) => Object.assign(entryOf(events).args, { amount: 5 }),
      "an amount below zero": ({ events }) => Object.assign(entryOf(events).args, { amount: "-5" }),
      "a kind that there is not": ({ events }) => Object.assign(entryOf(events).args, { kind: "9" }),
      "no transaction": ({ events }) => delete (entryOf(events) as Partial<Document["events"][number]>).transaction,
      "a contract that there is not": ({ events }) => Object.assign(entryOf(events), { by: "bank" }),
      "an award without its parts": ({ events }) =>
        delete events.find(({ name }) => name === "AwardMade")!.args["record"],
      "no word of what is owed": ({ closing }) => delete closing["owed"],
      "more than it speaks of": (document) => Object.assign(document, { note: "" }),
    };
    for (const [fault, make] of Object.entries(faults)) {
      it(`refuses ${fault}`, () => {
        const document = read();
        make(document);
        expect(validate(document)).to.equal(false);
      });
    }
  });
});

function entryOf(events: Document["events"]) {
  return events.find(({ name }) => name === "Entry")!;
}
