import { expect } from "chai";
import { keccak256 } from "ethers";

import { InputError } from "../../scripts/lib/csv.ts";
import { codeOf } from "../../scripts/lib/replay/chain.ts";
import { printable } from "../../scripts/lib/tools/decoding.ts";
import {
  amountOf,
  attackNumber,
  choiceOf,
  evidenceHash,
  memberCode,
  readAll,
  timeOf,
  wholeNumber,
} from "../../scripts/lib/tools/input.ts";
import { Money } from "../../scripts/lib/tools/money.ts";
import { csvOf } from "../support/tools.ts";

const thrownBy = (act: () => unknown): string => {
  try {
    return `nothing thrown, but ${String(act())} given`;
  } catch (error) {
    return String(error);
  }
};

describe("wholeNumber", () => {
  it("reads what a contract can hold, and refuses one more", () => {
    const most = 2n ** 256n - 1n;
    expect(wholeNumber("--proposal", String(most))).to.equal(most);
    expect(thrownBy(() => wholeNumber("--proposal", String(most + 1n)))).to.match(/^InputError: --proposal: .*at most/);
    expect(thrownBy(() => wholeNumber("--proposal", "0"))).to.match(/^InputError: --proposal: "0"; .* from 1 on/);
  });
});

describe("attackNumber", () => {
  it("leaves 32 bits to the campaign's number", () => {
    expect(attackNumber("--attack", String(2n ** 224n - 1n))).to.equal(2n ** 224n - 1n);
    expect(thrownBy(() => attackNumber("--attack", String(2n ** 224n)))).to.match(/^InputError: --attack: /);
  });
});

describe("readAll", () => {
  it("reads every option", () => {
    const read = readAll({ code: () => memberCode("--member", "LTU"), round: () => wholeNumber("--round", "2") });
    expect(read).to.deep.equal({ code: "0x4c5455", round: 2n });
  });

  it("tells the faults of all at once", () => {
    const read = () =>
      readAll({
        code: () => memberCode("--member", "ltu"),
        round: () => wholeNumber("--round", undefined),
        support: () => choiceOf("--support", "yes", ["against", "for"]),
      });
    expect(read)
      .to.throw(InputError)
      .with.property("sentences")
      .that.deep.equals([
        '--member: "ltu"; a code of three capital letters, like LTU, would be right.',
        "--round: missing; a whole number from 1 on would be right.",
        '--support: "yes"; one of against, for would be right.',
      ]);
  });

  it("leaves alone what is no fault of an option", () => {
    const read = () =>
      readAll({
        code: () => {
          throw new TypeError("a defect");
        },
      });
    expect(read).to.throw(TypeError, "a defect");
  });
});

describe("amountOf", () => {
  const money = new Money("USDC", 6);

  it("reads an amount, and says of one that is too large what would be less", () => {
    expect(amountOf("--amount", "1,000.5", money)).to.equal(1_000_500_000n);
    expect(amountOf("--amount", "999999999999999.999999", money)).to.equal(10n ** 21n - 1n);
    for (const text of ["1000000000000000", "9".repeat(40), "1_000_000_000_000_000.5"]) {
      expect(thrownBy(() => amountOf("--amount", text, money))).to.equal(
        `InputError: --amount: "${text}"; less than 1,000,000,000,000,000 USDC would be right.`,
      );
    }
  });

  it("refuses what is no amount", () => {
    for (const text of ["0", "-1", "1.0000001", "much"]) {
      expect(thrownBy(() => amountOf("--amount", text, money))).to.equal(
        `InputError: --amount: "${text}"; an amount of USDC above zero with at most 6 decimals would be right.`,
      );
    }
  });
});

describe("evidenceHash", () => {
  it("hashes a file, takes a hash as it is, and refuses anything else", () => {
    const hash = `0x${"AB".repeat(32)}`;
    expect(evidenceHash("--evidence", hash)).to.equal(hash.toLowerCase());
    expect(evidenceHash("--evidence", csvOf("the decree"))).to.equal(keccak256(Buffer.from("the decree")));
    expect(thrownBy(() => evidenceHash("--evidence", "nowhere.txt"))).to.equal(
      'InputError: --evidence: "nowhere.txt"; a file that can be read, or its hash, would be right.',
    );
  });
});

describe("timeOf", () => {
  it("reads dates and times", () => {
    expect(timeOf("--started", "2026-11-03")).to.equal(1_793_664_000n);
    expect(timeOf("--started", "2026-11-03T09:00Z")).to.equal(1_793_664_000n + 32_400n);
    expect(timeOf("--started", "2026-11-03T23:59:59Z")).to.equal(1_793_664_000n + 86_399n);
  });

  for (const text of [
    "2027-02-30T09:00Z",
    "2027-02-30",
    "1900-01-01T00:00Z",
    "2026-11-03T24:00Z",
    "2026-11-03T09:00",
  ]) {
    it(`refuses ${text}`, () => {
      expect(thrownBy(() => timeOf("--started", text))).to.match(/^InputError: --started: .* would be right\.$/);
    });
  }
});

describe("codeOf", () => {
  it("spells a code, and shows what is none as it is", () => {
    expect(codeOf("0x4c5455")).to.equal("LTU");
    expect(codeOf("0x000000")).to.equal("");
    expect(codeOf("0x1b5b41")).to.equal("0x1b5b41");
  });
});

describe("printable", () => {
  it("lets nothing through that moves, hides or turns around what a terminal shows", () => {
    expect(printable("Žemė\u001b[1A\u0085\u202e\u2028")).to.equal("Žemė\\u{1b}[1A\\u{85}\\u{202e}\\u{2028}");
  });
});
