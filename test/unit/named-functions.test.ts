import { expect } from "chai";
import { Interface, id } from "ethers";

import { hashedOnce } from "../../scripts/lib/events/hashed-once.ts";
import { NamedFunctions } from "../../scripts/lib/simulation/named-functions.ts";

const ABI = [
  "event Sent(address indexed to, uint256 amount)",
  "function send(address to, uint256 amount)",
  "function pay(uint256 amount)",
  "function pay(address to, uint256 amount)",
  "function total() view returns (uint256)",
];

describe("NamedFunctions", () => {
  const [plain, named] = [new Interface(ABI), new NamedFunctions(ABI)];

  /** What is found, or the message of what is thrown. */
  function found(by: Interface, key: string, values?: unknown[]): string | undefined {
    try {
      return by.getFunction(key, values)?.format();
    } catch (error) {
      return (error as Error).message;
    }
  }

  const cases: [what: string, key: string, values?: unknown[]][] = [
    ["a name", "send"],
    ["a name that no function has", "receive", []],
    ["a name and its arguments", "send", ["0x", 1n]],
    ["no arguments", "total", []],
    ["options after the arguments", "send", ["0x", 1n, { blockTag: 7 }]],
    ["no argument but options", "total", [{ blockTag: 7 }]],
    ["an argument too few", "send", ["0x"]],
    ["an argument too many", "send", ["0x", 1n, 2n]],
    ["a list where options would be", "send", ["0x", 1n, []]],
    ["nothing where options would be", "send", ["0x", 1n, null]],
    ["two arguments too many", "send", ["0x", 1n, 2n, {}]],
    ["a name that two functions have", "pay"],
    ["a name that two functions have, and the arguments of one", "pay", [1n]],
    ["a name that two functions have, and the arguments of the other", "pay", ["0x", 1n]],
    ["a signature", "pay(address,uint256)"],
    ["a selector", id("total()").slice(0, 10)],
  ];
  for (const [what, key, values] of cases) {
    it(`finds by ${what} what ethers finds`, () => {
      expect(found(named, key, values)).to.equal(found(plain, key, values));
    });
  }

  it("encodes and decodes as ethers does", () => {
    expect(named.encodeFunctionData("pay(uint256)", [5n])).to.equal(plain.encodeFunctionData("pay(uint256)", [5n]));
    expect(named.decodeFunctionResult("total", `0x${"07".padStart(64, "0")}`)).to.deep.equal([7n]);
  });
});

describe("hashedOnce", () => {
  it("keeps every selector and every topic, which are those of ethers", () => {
    const known = hashedOnce(new Interface(ABI));
    const hashes: unknown[] = [];
    known.forEachFunction((one) => hashes.push(Object.getOwnPropertyDescriptor(one, "selector")?.value));
    known.forEachEvent((one) => hashes.push(Object.getOwnPropertyDescriptor(one, "topicHash")?.value));
    const signatures = ["pay(address,uint256)", "pay(uint256)", "send(address,uint256)", "total()"];
    const selectors = signatures.map((signature) => id(signature).slice(0, 10));
    expect(hashes).to.deep.equal([...selectors, id("Sent(address,uint256)")]);
  });
});
