import { expect } from "chai";

import { readOptions } from "../../scripts/lib/campaigns/options.ts";
import { reached } from "../../scripts/lib/campaigns/reached.ts";
import { InputError } from "../../scripts/lib/csv.ts";

const MINUTE = 60_000;

describe("readOptions of the campaigns", () => {
  it("tries all of them unless told with which to go on", () => {
    expect(readOptions([]).after).to.equal(0);
    expect(readOptions(["--after", "1950"]).after).to.equal(1_950);
  });

  it("says what would be right of what cannot be used", () => {
    for (const given of ["51", "2000", "-50", "some", "5e1"]) {
      expect(() => readOptions(["--after", given])).to.throw(
        InputError,
        `--after: "${given}" is not a multiple of 50 below 2000.`,
      );
    }
  });
});

describe("reached", () => {
  it("tells how many campaigns hold, and how long the others will take", () => {
    expect(reached(0, new Set([1, 2]), 4 * MINUTE)).to.equal(
      "100 of 2,000: all hold after 4.0 minutes, about 76.0 minutes to go; --after 100 goes on here",
    );
  });

  it("leaves none out of what goes on where a later one was the quicker", () => {
    expect(reached(0, new Set([1, 3, 4]), MINUTE)).to.match(/^150 of 2,000: .*; --after 50 goes on here$/);
    expect(reached(6, new Set([8]), MINUTE)).to.match(/; --after 300 goes on here$/);
  });

  it("says at the end which it did not try itself", () => {
    const all = Array.from({ length: 40 }, (_, i) => i + 1);
    expect(reached(0, new Set(all), 90 * MINUTE)).to.equal("2,000 of 2,000: all hold after 90.0 minutes");
    expect(reached(38, new Set([39, 40]), 3 * MINUTE)).to.equal(
      "2,000 of 2,000, the first 1,900 before this run: all hold after 3.0 minutes",
    );
  });
});
