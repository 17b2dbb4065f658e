import { expect } from "chai";
import { Interface } from "ethers";

import { ErrorNames } from "../../scripts/lib/mutation/error-names.ts";

const abi = ["error FundTooMuch(uint256 asked, bytes3 code)", "function f()"];
const names = new ErrorNames([abi, abi]);
const data = new Interface(abi).encodeErrorResult("FundTooMuch", [7n, "0x4c5455"]);

describe("ErrorNames", () => {
  it("names an error as Hardhat names those that it knows", () => {
    const message = `VM Exception: reverted with an unrecognized custom error (return data: ${data})`;
    expect(names.named(message)).to.equal(`VM Exception: reverted with custom error 'FundTooMuch(7, "0x4c5455")'`);
  });

  it("leaves what it does not know, and what is no such error", () => {
    for (const message of ["reverted with an unrecognized custom error (return data: 0x01020304)", "out of gas"]) {
      expect(names.named(message)).to.equal(message);
    }
  });
});
