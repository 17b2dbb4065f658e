import { expect } from "chai";

import { readOptions } from "../../scripts/lib/bench/options.ts";

describe("readOptions of the bench", () => {
  describe("given nothing", () => {
    it("compares only, and writes into out", () => {
      expect(readOptions([])).to.deep.equal({ help: false, scaling: [], out: "out" });
    });
  });

  describe("given --scaling", () => {
    it("measures growth by everything", () => {
      expect(readOptions(["--scaling"]).scaling).to.deep.equal(["seats", "periods", "attacks"]);
    });

    it("measures it by what --by says, once", () => {
      expect(readOptions(["--scaling", "--by", "attacks, seats,attacks"]).scaling).to.deep.equal(["attacks", "seats"]);
    });
  });

  describe("given what cannot be used", () => {
    it("refuses --by without --scaling", () => {
      expect(() => readOptions(["--by", "seats"])).to.throw(
        "--by: it says by what --scaling measures, which is not given.",
      );
    });

    it("names what cannot grow", () => {
      expect(() => readOptions(["--scaling", "--by", "seats,members"])).to.throw(
        '--by: "members" is none of seats, periods, attacks.',
      );
    });

    it("refuses an empty folder", () => {
      expect(() => readOptions(["--out", ""])).to.throw("--out: nothing is given; a folder would be right.");
    });

    it("names an unknown option", () => {
      expect(() => readOptions(["--peers"])).to.throw(/'--peers'.*; --help lists the options\.$/);
    });
  });
});
