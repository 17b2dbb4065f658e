import { expect } from "chai";

import { bytesOf, treesOf } from "../../scripts/lib/mutation/compiler.ts";
import { mutationsOf } from "../../scripts/lib/mutation/mutators.ts";
import type { Mutation } from "../../scripts/lib/mutation/mutators.ts";

const FILE = "Snippet.sol";
const MATH = `library Math {
  enum Rounding { Floor, Ceil }
  function max(uint256 a, uint256 b) internal pure returns (uint256) { return a; }
  function min(uint256 a, uint256 b) internal pure returns (uint256) { return b; }
  function mulDiv(uint256 a, uint256 b, uint256 c) internal pure returns (uint256) { return a; }
  function round(uint256 a, Rounding r) internal pure returns (uint256) { return a; }
}`;

/** The mutations of a function's body in which there are figures, a condition and a counter. */
function mutationsIn(body: string): Mutation[] {
  const text = `// SPDX-License-Identifier: MIT
// “é” counts more bytes than characters.
pragma solidity 0.8.34;
error Wrong(uint256 a, uint256 b);
event Told(uint256 a, uint256 b, address c);
${MATH}
contract C {
  uint256 total;
  function pay(uint256 a, uint256 b, uint256 d) internal {}
  function f(uint256 a, uint256 b, bool p, bool q) external returns (uint256 c) {
${body}
  }
}
`;
  const source = treesOf(new Map([[FILE, text]])).get(FILE)!;
  expect(source.text).to.equal(bytesOf(text));
  return mutationsOf(source).filter(({ place }) => place === "C.f");
}

/** What each is, in few words. */
function toldOf(body: string): string[] {
  return mutationsIn(body).map(({ kind, before, after }) => `${kind}: ${before} → ${after}`);
}

describe("mutationsOf", () => {
  it("says where a mutation stands, however many bytes a character before it has", () => {
    const [first] = mutationsIn("    c = a +\n      b;");
    expect(first).to.deep.include({
      file: FILE,
      line: 17,
      place: "C.f",
      kind: "deletion",
      before: "c = a + b",
      after: "",
    });
  });

  describe("given arithmetic", () => {
    for (const [operator, other] of [
      ["+", "-"],
      ["-", "+"],
      ["*", "/"],
      ["/", "*"],
      ["%", "*"],
      ["&", "|"],
      ["|", "&"],
      ["^", "&"],
    ]) {
      it(`turns ${operator} into ${other}`, () => {
        expect(toldOf(`return a ${operator} b;`)).to.deep.equal([`operator: a ${operator} b → a ${other} b`]);
      });
    }

    it("turns a shift the other way, and shifts by one more and one less", () => {
      expect(toldOf("return a << 3;")).to.deep.equal([
        "operator: a << 3 → a >> 3",
        "bound: a << 3 → a << 4",
        "bound: a << 3 → a << 2",
      ]);
    });

    it("changes an outer expression and the one within", () => {
      expect(toldOf("return a * (a + b);")).to.deep.equal([
        "operator: a * (a + b) → a / (a + b)",
        "operator: a + b → a - b",
      ]);
    });
  });

  describe("given comparisons", () => {
    for (const [operator, bound, opposite] of [
      ["<", "<=", ">="],
      ["<=", "<", ">"],
      [">", ">=", "<="],
      [">=", ">", "<"],
    ]) {
      it(`moves the bound of ${operator} by one, and turns it round`, () => {
        expect(toldOf(`p = q || a ${operator} b;`).slice(2)).to.deep.equal([
          `bound: a ${operator} b → a ${bound} b`,
          `operator: a ${operator} b → a ${opposite} b`,
        ]);
      });
    }

    it("turns == into != and back", () => {
      expect(toldOf("p = a == b;").slice(1)).to.deep.equal(["operator: a == b → a != b"]);
      expect(toldOf("p = a != b;").slice(1)).to.deep.equal(["operator: a != b → a == b"]);
    });
  });

  describe("given truth values", () => {
    it("turns && into || and back, and drops a !", () => {
      expect(toldOf("p = p && !q;").slice(1)).to.deep.equal(["operator: p && !q → p || !q", "operator: !q → q"]);
      expect(toldOf("p = p || q;").slice(1)).to.deep.equal(["operator: p || q → p && q"]);
    });

    it("turns true into false", () => {
      expect(toldOf("p = true;")).to.deep.equal(["deletion: p = true →", "operator: true → false"].map(padded));
    });
  });

  describe("given numbers", () => {
    it("makes each one more and one less, and zero one more", () => {
      expect(toldOf("return 0;")).to.deep.equal(["bound: 0 → 1"]);
      expect(toldOf("return 7 days;")).to.deep.equal(["bound: 7 days → 604801", "bound: 7 days → 604799"]);
      expect(toldOf("return 1e27;").at(0)).to.equal("bound: 1e27 → 1000000000000000000000000001");
    });

    it("changes what is known at compilation as a whole", () => {
      expect(toldOf("return a + 2 * 3;")).to.deep.equal([
        "operator: a + 2 * 3 → a - 2 * 3",
        "bound: a + 2 * 3 → a + 7",
        "bound: a + 2 * 3 → a + 5",
      ]);
    });

    it("shows an argument with its call", () => {
      expect(toldOf("return Math.mulDiv(a, b, 5);").at(0)).to.equal(
        "bound: Math.mulDiv(a, b, 5) → Math.mulDiv(a, b, 6)",
      );
    });
  });

  describe("given branches", () => {
    it("takes each always and never, and leaves what that says already", () => {
      expect(toldOf("if (a < b) return a;")).to.deep.equal([
        "bound: a < b → a <= b",
        "condition: a < b → true",
        "condition: a < b → false",
      ]);
      expect(toldOf("return p ? a : b;")).to.deep.equal(["condition: p → true", "condition: p → false"]);
    });

    it("never enters a loop, and turns its step round", () => {
      expect(toldOf("for (uint256 i = a; p; ++i) total = b;")).to.deep.equal(
        ["condition: p → false", "operator: ++i → --i", "deletion: total = b →"].map(padded),
      );
    });

    it("drops a law by its condition alone", () => {
      expect(toldOf("require(p, Wrong(a, b));")).to.deep.equal([
        "condition: p → true",
        "arguments: Wrong(a, b) → Wrong(b, a)",
      ]);
    });
  });

  describe("given statements", () => {
    it("leaves each out: a call, an assignment, an event, a deletion", () => {
      const statements = ["pay(a, a, a)", "total = a", "emit Told(a, a, msg.sender)", "delete total"];
      for (const statement of statements) {
        expect(toldOf(`${statement};`)).to.deep.equal([padded(`deletion: ${statement} →`)]);
      }
    });

    it("turns what is added into what is taken", () => {
      expect(toldOf("total += a;")).to.deep.equal([
        padded("deletion: total += a →"),
        "operator: total += a → total -= a",
      ]);
      expect(toldOf("total -= a;").at(1)).to.equal("operator: total -= a → total += a");
    });
  });

  describe("given arguments", () => {
    it("swaps neighbours of one type, and only those", () => {
      expect(toldOf("pay(a, b, c);").slice(1)).to.deep.equal([
        "arguments: pay(a, b, c) → pay(b, a, c)",
        "arguments: pay(a, b, c) → pay(a, c, b)",
      ]);
      expect(toldOf("emit Told(a, b, msg.sender);").slice(1)).to.deep.equal([
        "arguments: Told(a, b, msg.sender) → Told(b, a, msg.sender)",
      ]);
    });

    it("leaves those whose order does not matter", () => {
      expect(toldOf("return Math.mulDiv(a, b, c);")).to.deep.equal([
        "arguments: Math.mulDiv(a, b, c) → Math.mulDiv(a, c, b)",
      ]);
    });
  });

  describe("given roundings and extremes", () => {
    it("turns each into the other", () => {
      expect(toldOf("return Math.round(a, Math.Rounding.Ceil);")).to.deep.equal([
        "rounding: Math.round(a, Math.Rounding.Ceil) → Math.round(a, Math.Rounding.Floor)",
      ]);
      expect(toldOf("return Math.max(a, b);")).to.deep.equal(["rounding: Math.max(a, b) → Math.min(a, b)"]);
    });
  });
});

/** What is left out leaves nothing after the arrow. */
function padded(text: string): string {
  return text.endsWith("→") ? `${text} ` : text;
}
