import { expect } from "chai";

import { codeOf } from "../../scripts/lib/replay/chain.ts";
import { printable } from "../../scripts/lib/tools/decoding.ts";
import { attackNumber, timeOf, wholeNumber } from "../../scripts/lib/tools/input.ts";

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
