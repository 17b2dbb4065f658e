import { parse } from "csv-parse/sync";
import { expect } from "chai";
import { network } from "hardhat";

import { ENTRY_KINDS } from "../../scripts/lib/replay/events.ts";
import { codeOf } from "../../scripts/lib/replay/chain.ts";
import { eventfulYear, told, written } from "../support/export.ts";
import type { Told } from "../support/export.ts";

const connection = await network.create();

describe("The export as CSV", () => {
  // Nothing here changes the chain.
  let history: Told;
  let text: (file: string) => string;
  before(async () => {
    history = await told(await eventfulYear(connection));
    text = written(["csv"], history).read;
  });

  /** What another reader of RFC 4180 finds; it refuses rows of uneven length. */
  const rows = (file: string) => parse<Record<string, string>>(text(file), { columns: true, record_delimiter: "\r\n" });
  const entries = () => history.events.filter((event) => event.by === "fund" && event.name === "Entry");
  const units = (row: Record<string, string>, name: string) => BigInt(row[`${name}_units`]!);

  it("holds every entry of the journal with its transaction, time and exact amount", () => {
    const table = rows("fund-entries.csv");
    expect(table).to.have.lengthOf(entries().length);
    for (const [i, { args, transaction, time, block, index }] of entries().entries()) {
      const row = table[i]!;
      expect(row).to.include({
        entry: String(args.seq),
        kind: ENTRY_KINDS[Number(args.kind)],
        unix: String(time),
        block: String(block),
        log: String(index),
        transaction,
        member: args.member === "0x000000" ? "" : codeOf(args.member),
        ref: args.ref,
        amount_units: String(args.amount),
        head: args.head,
      });
      expect(Date.parse(row["at"]!) / 1000).to.equal(time);
      expect(row["amount"]).to.match(/^\d+\.\d{6}$/);
      expect(BigInt(row["amount"]!.replace(".", ""))).to.equal(args.amount);
    }
  });

  it("names the attack of an entry that has one", () => {
    const found = rows("fund-entries.csv").map(({ kind, attack }) => `${kind} ${attack}`);
    expect(found).to.include.members(["Award 101", "Compensation 101", "EarmarkReturn 101", "Void 102", "Donation "]);
  });

  it("lists contributions, and money that left the fund", () => {
    const paid = rows("fund-contributions.csv").map(({ member, amount }) => `${member} ${amount}`);
    expect(paid).to.deep.equal(["LTU 7.000001", "EST 7.000001", "LVA 7.000001", "LVA 3.000001"]);
    const left = rows("fund-disbursements.csv");
    const kinds = ["Disbursement", "Compensation"];
    const leaving = entries().filter(({ args }) => kinds.includes(ENTRY_KINDS[Number(args.kind)]!));
    expect(left.map(({ entry }) => entry)).to.deep.equal(leaving.map(({ args }) => String(args.seq)));
    expect(left.map((row) => row["paid_to"])).to.deep.equal(leaving.map(({ args }) => args.party));
  });

  it("divides each award, and what was voided of it, into its parts", () => {
    const table = rows("fund-awards.csv");
    expect(table.map(({ kind, attack, member }) => `${kind} ${attack} ${member}`)).to.deep.equal([
      "Award 101 LTU",
      "Award 102 EST",
      "Award 103 POL",
      "Void 102 EST",
      "Void 103 POL",
      "Award 104 EST",
    ]);
    for (const row of table) {
      const [amount, sum] = [units(row, "amount"), units(row, "treasury") + units(row, "earmark")];
      expect(sum).to.equal(amount);
      expect(units(row, "assigned") + units(row, "owed")).to.equal(amount);
      const entry = entries().find(({ args }) => String(args.seq) === row["entry"])!;
      expect(entry.args.amount).to.equal(amount);
    }
    expect(table[3]!["award"]).to.equal(table[1]!["entry"]);
  });

  it("lists ballots with the member, the attack and the reason", () => {
    const [first, second, ...more] = rows("fund-ballots.csv");
    expect(more).to.deep.equal([]);
    expect(first).to.include({ member: "LVA", support: "For", weight: "1" });
    expect(second).to.include({ member: "POL", support: "Against", reason: "" });
    expect(first!["attack"]).to.equal(second!["attack"]).and.to.match(/^\d+$/);
  });

  it("gives a spreadsheet no formula to carry out", () => {
    expect(rows("fund-ballots.csv")[0]!["reason"]).to.equal(`'=HYPERLINK("x"), two\nlines`);
  });

  it("ends every line by CRLF, the last one too", () => {
    for (const file of ["entries", "contributions", "awards", "disbursements"]) {
      expect(text(`fund-${file}.csv`)).to.match(/^([^\r\n]+\r\n)+$/);
    }
  });
});
