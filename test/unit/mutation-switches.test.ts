import { expect } from "chai";
import { Interface } from "ethers";
import { network } from "hardhat";

import { UNSET, bytecodeOf, problemsOf, treesOf } from "../../scripts/lib/mutation/compiler.ts";
import { mutationsOf } from "../../scripts/lib/mutation/mutators.ts";
import { SWITCH, SWITCH_SOURCE, withSwitches } from "../../scripts/lib/mutation/switches.ts";
import type { Numbered } from "../../scripts/lib/mutation/switches.ts";

const FILE = "Snippet.sol";
const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;
uint256 constant LIMIT = 10;
library L {
  function minus(uint256 a, uint256 b) internal pure returns (uint256) { return a - b; }
}
contract Snippet {
  error TooMuch(uint256 a);
  function f(uint256 a, uint256 b) external pure returns (uint256 c) {
    require(a < LIMIT, TooMuch(a));
    if (a == 0) c = 7;
    else c = L.minus(a * 3, b);
    c += b;
  }
}
`;

const connection = await network.create();
const face = new Interface(["function f(uint256 a, uint256 b) view returns (uint256)", "error TooMuch(uint256 a)"]);

const mutations: Numbered[] = mutationsOf(treesOf(new Map([[FILE, SOURCE]])).get(FILE)!).map((mutation, i) => ({
  ...mutation,
  number: i + 1,
}));
const { text, written } = withSwitches(SOURCE, mutations);
const sources = new Map([
  [FILE, text],
  [SWITCH.file, SWITCH_SOURCE],
]);
const { deployed } = bytecodeOf(sources, FILE, "Snippet");

/** What the function returns, or the error it ends with, while a mutation is in force. */
async function called(after: string | undefined, a: bigint, b: bigint): Promise<string> {
  const number = after === undefined ? 0 : mutations.find((mutation) => mutation.after === after)!.number;
  const code = number === 0 ? deployed : deployed.replaceAll(UNSET, number.toString(16).padStart(40, "0"));
  const to = "0x00000000000000000000000000000000000c0de0";
  await connection.networkHelpers.setCode(to, `0x${code}`);
  try {
    const [result] = face.decodeFunctionResult(
      "f",
      await connection.ethers.provider.call({ to, data: face.encodeFunctionData("f", [a, b]) }),
    ) as unknown as [bigint];
    return String(result);
  } catch (error) {
    const { data } = error as { data?: string };
    return face.parseError(data ?? "0x")?.name ?? "reverted";
  }
}

describe("withSwitches", () => {
  it("makes one program of all mutations, which compiles", () => {
    expect(problemsOf(sources)).to.deep.equal([]);
    expect(new Set(written.flatMap(({ numbers }) => numbers))).to.deep.equal(
      new Set(mutations.map(({ number }) => number)),
    );
  });

  it("says where each mutation stands in it", () => {
    const { number } = mutations.find(({ after }) => after === "a / 3")!;
    const pieces = written.filter(({ numbers }) => numbers.includes(number));
    expect(pieces.map(({ start, end }) => text.slice(start, end))[0]).to.equal(
      `address(MutationSwitch) == address(${number}) ? (a / 3) : `,
    );
  });

  it("changes nothing while the switch is unset", async () => {
    expect(await called(undefined, 2n, 1n)).to.equal("6");
    expect(await called(undefined, 0n, 1n)).to.equal("8");
    expect(await called(undefined, 10n, 1n)).to.equal("TooMuch");
  });

  for (const [after, a, b, result] of [
    ["a / 3", 6n, 1n, "2"],
    ["a * 4", 2n, 1n, "8"],
    ["a <= LIMIT", 10n, 1n, "30"],
    ["true", 12n, 1n, "36"],
    ["a == 1", 1n, 1n, "8"],
    ["L.minus(b, a * 3)", 1n, 5n, "7"],
    ["a + b", 2n, 1n, "8"],
    ["c -= b", 2n, 1n, "4"],
    ["", 0n, 1n, "1"],
    ["uint256 constant LIMIT = 11", 10n, 1n, "30"],
  ] as const) {
    it(`puts "${after}" in force alone`, async () => {
      expect(await called(undefined, a, b)).not.to.equal(result);
      expect(await called(after, a, b)).to.equal(result);
    });
  }
});
