import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { CannotCheck } from "../../scripts/lib/deployment/chain.ts";
import { Output } from "../../scripts/lib/export/output.ts";
import { emptyFolder } from "../support/folders.ts";

describe("Output", () => {
  it("writes all that it is given, in order", () => {
    const path = join(emptyFolder(), "text");
    const output = new Output(path);
    const words = Array.from({ length: 20_000 }, (_, i) => `${i} `);
    for (const word of words) output.write(word);
    output.close();
    expect(readFileSync(path, "utf8")).to.equal(words.join(""));
  });

  it("says so if the disk is full", () => {
    const output = new Output("/dev/full");
    output.write("text");
    expect(() => {
      output.close();
    }).to.throw(CannotCheck, "--out: cannot write full: the disk is full");
  });
});
