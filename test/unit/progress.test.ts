import { spawnSync } from "node:child_process";

import { expect } from "chai";

import { Progress } from "../../scripts/lib/progress.ts";
import { lifeUpTo } from "../../scripts/lib/replay/progress.ts";
import { at } from "../support/replay.ts";

/** What is written where there is no terminal. */
function written(act: (progress: Progress) => void): string[] {
  const told: string[] = [];
  const stream = { isTTY: false, write: (text: string) => told.push(text) } as unknown as NodeJS.WriteStream;
  act(new Progress("audit", stream));
  return told;
}

describe("Progress without a terminal", () => {
  it("is the first and the last line of every stage, and no flood between", () => {
    const lines = written((progress) => {
      for (let block = 1; block <= 1_481; ++block) progress.reached("reading", block, 1_481);
      progress.reached("checking", 1, 3);
      progress.reached("checking", 3, 3);
      progress.stop();
    });
    expect(lines).to.deep.equal([
      "audit: reading, 1 of 1,481\n",
      "audit: reading, 1,481 of 1,481\n",
      "audit: checking, 1 of 3\n",
      "audit: checking, 3 of 3\n",
    ]);
  });

  it("ends a stage that breaks off with what was reached, once", () => {
    const lines = written((progress) => {
      progress.reached("reading", 1, 9);
      progress.reached("reading", 5, 9);
      progress.reached("checking", 1, 9);
      progress.stop();
      progress.stop();
    });
    expect(lines).to.deep.equal(["audit: reading, 1 of 9\n", "audit: reading, 5 of 9\n", "audit: checking, 1 of 9\n"]);
  });

  it("is a line now and then where a stage takes long", () => {
    const { now } = Date;
    let time = now();
    Date.now = () => (time += 4_000);
    try {
      const lines = written((progress) => {
        for (let year = 1; year <= 9; ++year) progress.reached("living", year, 9, `year ${year}`);
      });
      expect(lines.map((line) => line.trim())).to.deep.equal([1, 4, 7, 9].map((year) => `audit: living, year ${year}`));
    } finally {
      Date.now = now;
    }
  });

  it("has notices on lines of their own", () => {
    const lines = written((progress) => {
      progress.reached("reading", 1, 9);
      progress.reached("reading", 2, 9);
      progress.notice("something else");
    });
    expect(lines).to.deep.equal(["audit: reading, 1 of 9\n", "audit: reading, 2 of 9\n", "audit: something else\n"]);
  });
});

describe("lifeUpTo", () => {
  it("tells the day and how many years are over, from the first second to the last", () => {
    const [from, until] = [at("2019-01-01"), at("2021-01-01")];
    const text = (time: number) => lifeUpTo(time, from, until)[3];
    expect(text(from)).to.equal("2019-01-01, 0 of 2 years over");
    expect(text(at("2019-12-31"))).to.equal("2019-12-31, 0 of 2 years over");
    expect(text(at("2020-01-01"))).to.equal("2020-01-01, 1 of 2 years over");
    expect(lifeUpTo(until + 5, from, until)).to.deep.equal([
      "living through the years",
      until - from,
      until - from,
      "2020-12-31, 2 of 2 years over",
    ]);
  });
});

describe("Progress on a terminal", () => {
  const SHOWN = "\u001b[?25h";

  it("gives the cursor back when the program is broken off, which then ends as it would", () => {
    const script = [
      'import { Progress } from "./scripts/lib/progress.ts";',
      "const stream = Object.assign(process.stderr, { isTTY: true, cursorTo: () => true, clearLine: () => true });",
      'new Progress("audit", stream).reached("reading", 1, 9);',
      'process.kill(process.pid, "SIGINT");',
      "setInterval(() => undefined, 1_000);",
    ];
    const { signal, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script.join("\n")], {
      encoding: "utf8",
      timeout: 20_000,
    });
    expect(signal).to.equal("SIGINT");
    expect(stderr).to.contain("\u001b[?25l");
    expect(stderr.lastIndexOf(SHOWN)).to.be.greaterThan(stderr.lastIndexOf("\u001b[?25l"));
  });
});
