import { expect } from "chai";

import { errorsOf, findingsOf } from "../../scripts/lib/prove/messages.ts";
import type { Message } from "../../scripts/lib/prove/messages.ts";
import { holds, statement, verdictOf } from "../../scripts/lib/prove/verdict.ts";
import type { Expectations } from "../../scripts/lib/prove/verdict.ts";

const SOURCE = `// “quoted”
function first(uint256 a) {
  assert(a  >
    1);
}
function second(uint256 a) {
  return a + 1;
}`;

/** A message about a piece of the source; the compiler counts bytes, of which the quotation marks have three each. */
function messageAbout(text: string, piece: string, severity = "info"): Message {
  const start = Buffer.from(SOURCE.slice(0, SOURCE.indexOf(piece))).length;
  return { severity, message: text, sourceLocation: { file: "A.sol", start, end: start + piece.length } };
}

const ASSERTION = "assert(a  >\n    1)";
const CLAIM = "A.sol: first: assert(a > 1): holds";
const OVERFLOW = "A.sol: second: a + 1: no overflow";

const findingsIn = (...messages: Message[]) => findingsOf(messages, () => SOURCE);
const safe = messageAbout("BMC: Assertion violation check is safe!", ASSERTION);
const safeSum = messageAbout("BMC: Overflow (resulting value larger than 2**256 - 1) check is safe!", "a + 1");
const wrong: Message = {
  ...messageAbout("BMC: Assertion violation happens here.", ASSERTION, "warning"),
  secondarySourceLocations: [{ message: "Counterexample:\n  a = 1\n  b = 2\n" }, { message: "Callstack:" }],
};
const undecided = messageAbout("BMC: Assertion violation might happen here.", ASSERTION, "warning");

const verdictOn = (messages: Message[], proved: string[], open: Expectations["open"] = []) => {
  const expected = { proved, open };
  const verdict = verdictOf(findingsIn(...messages), expected);
  return { ...verdict, holds: holds(verdict), lines: statement(verdict, expected) };
};

describe("findingsOf", () => {
  describe("given a claim that is proved", () => {
    it("names file, function, expression and property, on one line", () => {
      expect(findingsIn(safe, safeSum)).to.deep.equal([
        { claim: CLAIM, engine: "BMC", verdict: "proved" },
        { claim: OVERFLOW, engine: "BMC", verdict: "proved" },
      ]);
    });
  });

  describe("given a claim that is wrong", () => {
    it("keeps the values", () => {
      const counterexample = "a = 1, b = 2";
      expect(findingsIn(wrong)).to.deep.equal([{ claim: CLAIM, engine: "BMC", verdict: "refuted", counterexample }]);
    });
  });

  describe("given a claim that the solver gave up", () => {
    it("is undecided", () => {
      expect(findingsIn(undecided)).to.deep.equal([{ claim: CLAIM, engine: "BMC", verdict: "undecided" }]);
    });
  });

  describe("given messages about something else", () => {
    it("finds nothing", () => {
      const assembly = "Inline assembly may cause SMTChecker to produce spurious warnings (false positives).";
      expect(findingsIn(messageAbout(assembly, "a + 1", "warning"))).to.deep.equal([]);
    });
  });
});

describe("errorsOf", () => {
  it("takes errors and leaves warnings", () => {
    expect(errorsOf([safe, wrong, messageAbout("Undeclared identifier.", "a + 1", "error")])).to.deep.equal([
      "Undeclared identifier.",
    ]);
  });
});

describe("verdictOf", () => {
  describe("given that everything expected is proved", () => {
    it("holds, and lists it with the engine", () => {
      const verdict = verdictOn([safe, safeSum], [CLAIM, OVERFLOW], [{ what: "B", why: "C" }]);
      expect(verdict.holds).to.equal(true);
      expect(verdict.lines).to.deep.equal([
        "Proved (2):",
        `  BMC  ${CLAIM}`,
        `  BMC  ${OVERFLOW}`,
        "Not proved, and why (1):",
        "  B: C",
        "All 2 proofs hold.",
      ]);
    });
  });

  describe("given a counterexample", () => {
    it("does not hold, and prints the values", () => {
      const verdict = verdictOn([wrong, safeSum], [CLAIM, OVERFLOW]);
      expect(verdict.holds).to.equal(false);
      expect(verdict.lost).to.deep.equal([]);
      expect(verdict.lines.join("\n")).to.include(`${CLAIM}\n    a = 1, b = 2`);
    });

    it("does not hold even if nobody expected the claim", () => {
      expect(verdictOn([wrong], []).holds).to.equal(false);
    });
  });

  describe("given an expected claim that is undecided", () => {
    it("is lost", () => {
      const verdict = verdictOn([undecided, safeSum], [CLAIM, OVERFLOW]);
      expect(verdict.holds).to.equal(false);
      expect(verdict.lost).to.deep.equal([CLAIM]);
    });
  });

  describe("given an expected claim that is gone from the code", () => {
    it("is lost, and named", () => {
      const verdict = verdictOn([safeSum], [CLAIM, OVERFLOW]);
      expect(verdict.holds).to.equal(false);
      expect(verdict.lines).to.include(`  ${CLAIM}`);
      expect(verdict.lines.at(-1)).to.equal("The proofs do not hold: 0 wrong, 1 lost.");
    });
  });

  describe("given a claim proved once and undecided once", () => {
    it("is not proved", () => {
      expect([...verdictOn([safe, undecided], []).proved]).to.deep.equal([]);
    });
  });

  describe("given a proof that is not listed", () => {
    it("holds, and says so", () => {
      const verdict = verdictOn([safe, safeSum], [CLAIM]);
      expect(verdict.holds).to.equal(true);
      expect(verdict.unlisted).to.deep.equal([OVERFLOW]);
    });
  });
});
