import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { ZeroAddress } from "ethers";
import hre, { network } from "hardhat";
import JSON5 from "json5";

import { deployFund } from "../../scripts/lib/deployment/deploy.ts";
import { parseFounding } from "../../scripts/lib/deployment/founding.ts";
import { InvalidInput } from "../../scripts/lib/deployment/input.ts";
import type { Fields } from "../../scripts/lib/deployment/input.ts";
import { parseParameters } from "../../scripts/lib/deployment/parameters.ts";
import { checkToken } from "../../scripts/lib/deployment/token.ts";
import { hash } from "../support/alliance.ts";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture, time } = connection.networkHelpers;

const LOADING = 500_000n;

async function fileOf(name: string): Promise<string> {
  return await readFile(fileURLToPath(new URL(`../../deploy/parameters/${name}.json5`, import.meta.url)), "utf8");
}

const local = JSON5.parse<{ CrisisInsuranceFund: Fields }>(await fileOf("local"));
const founding = JSON5.parse<Record<"members" | "exposures" | "assessors", Fields[]>>(await fileOf("founding.local"));

/** The problems of the local parameters with some of them replaced. */
function parameterProblems(change: Fields): string[] {
  const problems: string[] = [];
  parseParameters({ ...local, CrisisInsuranceFund: { ...local.CrisisInsuranceFund, ...change } }, problems);
  return problems;
}

/** The problems of the local founding with some fields of its first entries replaced. */
function foundingProblems(change: { member?: Fields; exposure?: Fields; assessor?: Fields }): string[] {
  const first = (list: Fields[], fields: Fields = {}) =>
    list.map((entry, i) => (i === 0 ? { ...entry, ...fields } : entry));
  const problems: string[] = [];
  const changed = {
    members: first(founding.members, change.member),
    exposures: first(founding.exposures, change.exposure),
    assessors: first(founding.assessors, change.assessor),
  };
  parseFounding(changed, LOADING, problems);
  return problems;
}

const member = (i: number) => founding.members[i]!;

describe("Deployment files", () => {
  describe("parameters", () => {
    it("are without a problem for a local chain", () => {
      expect(parameterProblems({})).to.deep.equal([]);
    });

    it("have a comment before every one of them", async () => {
      for (const name of ["local", "sepolia"]) {
        const lines = (await fileOf(name)).split("\n");
        const set = lines.flatMap((line, i) => (/^ {4}\w+:/.test(line) ? [i] : []));
        expect(set.length, name).to.be.greaterThan(11);
        for (const i of set) expect(lines[i - 1], `${name}: ${lines[i]!}`).to.match(/^ {4}\/\/ /);
      }
    });

    it("lack only the guardian for Sepolia", async () => {
      const problems: string[] = [];
      parseParameters(JSON5.parse(await fileOf("sepolia")), problems);
      expect(problems).to.deep.equal([
        "guardian: missing; right would be the address of who may stop outgoing transfers once",
      ]);
    });

    const bounds: [string, bigint, bigint, string][] = [
      ["timelockDelay", 172_800n, 1_209_600n, "172,800 to 1,209,600 seconds"],
      ["votingPeriod", 259_200n, 1_209_600n, "259,200 to 1,209,600 seconds"],
      ["firstBudget", 1n, 2n ** 96n - 1n, "1 to 79,228,162,514,264,337,593,543,950,335 units"],
      ["founderCoverDelay", 0n, 31_536_000n, "0 to 31,536,000 seconds"],
      ["loading", 0n, 1_000_000n, "0 to 1,000,000 ppm"],
      ["callCap", 0n, 2_000_000n, "0 to 2,000,000 ppm"],
      ["ceding", 1n, 1_000_000n, "1 to 1,000,000 ppm"],
      ["exhaustion", 50_001n, 1_000_000n, ""],
      ["attachment", 0n, 599_999n, ""],
      ["yearlyLimit", 1n, 2n ** 104n - 1n, "1 to 20,282,409,603,651,670,423,947,251,286,015 units"],
    ];
    for (const [name, least, most, range] of bounds) {
      it(`keep ${name} within its bounds`, () => {
        expect(parameterProblems({ [name]: String(least) }), "least").to.deep.equal([]);
        expect(parameterProblems({ [name]: String(most) }), "most").to.deep.equal([]);
        expect(parameterProblems({ [name]: String(most + 1n) }), "above").to.have.length(1);
        if (least > 0n) expect(parameterProblems({ [name]: String(least - 1n) }), "below").to.have.length(1);
        expect(parameterProblems({ [name]: String(most + 1n) })[0]).to.match(
          new RegExp(`^${name === "exhaustion" ? "exhaustion" : name}: `),
        );
        if (range !== "")
          expect(parameterProblems({ [name]: String(most + 1n) })[0]).to.include(
            `right would be an integer from ${range}`,
          );
        expect(parameterProblems({ [name]: null })[0]).to.include(`${name}: missing`);
      });
    }

    it("need a layer that ends above where it begins", () => {
      expect(parameterProblems({ attachment: 600_000 })).to.deep.equal([
        "attachment: 600,000 ppm; right would be below exhaustion, which is 600,000 ppm",
      ]);
    });

    it("need integers", () => {
      for (const value of [1.5, "1.5", "ten", "-1", "0x10", true, [1]]) {
        expect(parameterProblems({ loading: value }), String(value)).to.deep.equal([
          `loading: ${JSON.stringify(value)}; right would be an integer from 0 to 1,000,000 ppm`,
        ]);
      }
      expect(parameterProblems({ loading: "500_000n" })).to.deep.equal([]);
    });

    it("need either genesis or the seconds to it", () => {
      expect(parameterProblems({ genesisIn: null })).to.deep.equal([
        "genesis: missing; right would be the first second of period 0, in seconds since 1970",
      ]);
      expect(parameterProblems({ genesis: 1 })).to.deep.equal([
        "genesis: given beside genesisIn; right would be one of the two",
      ]);
    });

    it("need addresses with a right checksum and not zero", () => {
      const right = String(local.CrisisInsuranceFund["guardian"]);
      const wrong = right.replace("0xC9A", "0xc9A");
      expect(parameterProblems({ guardian: wrong })).to.deep.equal([
        `guardian: ${wrong} has a wrong checksum; right would be ${right}`,
      ]);
      expect(parameterProblems({ guardian: "0x12" })[0]).to.equal(
        'guardian: "0x12" is no address; right would be 0x and 40 hexadecimal digits',
      );
      expect(parameterProblems({ token: ZeroAddress })[0]).to.equal(
        "token: the zero address; right would be the address of the settlement token",
      );
    });

    it("name what nobody reads", () => {
      expect(parameterProblems({ loadin: 1 })[0]).to.match(/^loadin: unknown; right would be one of token, guardian, /);
    });
  });

  describe("founding", () => {
    it("is without a problem for a local chain", () => {
      expect(foundingProblems({})).to.deep.equal([]);
    });

    it("lacks everything for Sepolia, and says what", async () => {
      const problems: string[] = [];
      parseFounding(JSON5.parse(await fileOf("founding.sepolia")), LOADING, problems);
      expect(problems).to.deep.equal([
        "members: none named; right would be the founders of the alliance",
        "members: 0 States; right would be 4 to 208",
        "assessors: 0; right would be 3 to 15",
      ]);
    });

    it("needs codes of three capital letters", () => {
      for (const code of ["lt", "ltu", "LT1", "LTUA", "", 5]) {
        expect(foundingProblems({ member: { code } })[0], String(code)).to.include(
          "right would be three capital letters",
        );
      }
    });

    it("names each member once", () => {
      const problems = foundingProblems({ member: { code: "EST" } });
      expect(problems).to.include("members: EST is named twice; right would be one entry for each member");
    });

    it("gives each account one use, and none to the zero address", () => {
      const { treasury } = member(1);
      expect(foundingProblems({ member: { delegate: treasury } })).to.deep.equal([
        `${String(treasury)}: delegate of LTU and treasury of EST; right would be one account for each`,
      ]);
      expect(foundingProblems({ member: { delegate: member(0)["treasury"] } })).to.deep.equal([
        `${String(member(0)["treasury"])}: treasury of LTU and delegate of LTU; right would be one account for each`,
      ]);
      expect(foundingProblems({ member: { treasury: ZeroAddress } })).to.deep.equal([
        "members[0] LTU.treasury: the zero address; right would be the address of the account that pays and receives",
      ]);
    });

    it("needs a whole dossier of a State, and the first document of a Partner", () => {
      const dossier = member(0)["dossier"] as Fields[];
      expect(foundingProblems({ member: { dossier: dossier.slice(0, 3) } })).to.deep.equal([
        "members[0] LTU.dossier[3]: missing; right would be hash and URI of the document: national laws",
        "members[0] LTU.dossier[4]: missing; right would be hash and URI of the document: Human Rights Act",
      ]);
      const empty = [{ hash: "0x" + "00".repeat(32), uri: "" }, ...dossier.slice(1)];
      expect(foundingProblems({ member: { dossier: empty } })).to.have.length(2);
      const partner = (some: Fields[]) => foundingProblems({ member: { kind: "Partner", dossier: some } });
      expect(partner([])).to.deep.include(
        "members[0] LTU.dossier[0]: missing; right would be hash and URI of the document: elected government",
      );
      expect(partner(dossier.slice(0, 1))).to.deep.equal([]);
      expect(foundingProblems({ member: { dossier: [...dossier, dossier[0]] } })[0]).to.include("6 documents");
    });

    it("keeps the weights within the whole, all of which the example shares out", () => {
      const weights = founding.members.map(
        ({ capacity, dependence }) =>
          (BigInt(Number(capacity)) * (1_000_000n + (LOADING * BigInt(Number(dependence))) / 1_000_000n)) / 1_000_000n,
      );
      const whole = weights.reduce((sum, weight) => sum + weight, 0n);
      expect(whole).to.equal(1_000_000n);
      const more = founding.members.map((m) => ({ ...m, capacity: 1_000_000 }));
      const problems: string[] = [];
      parseFounding({ ...founding, members: more }, LOADING, problems);
      expect(problems).to.deep.equal([
        "members: the weights add up to 1,320,000 ppm; right would be at most 1,000,000 (capacity raised by loading × dependence)",
      ]);
    });

    it("insures trade of members with others, once for each pair", () => {
      expect(foundingProblems({ exposure: { coercer: "EST" } })[0]).to.include("EST is a member");
      expect(foundingProblems({ exposure: { code: "FRA" } })[0]).to.include("FRA is no founding member");
      expect(foundingProblems({ exposure: { code: "EST" } })).to.deep.equal([
        "exposures: EST with CHN is given twice; right would be one entry for each pair",
      ]);
      expect(foundingProblems({ exposure: { source: null } })[0]).to.include("right would be the hash of the document");
      expect(foundingProblems({ exposure: { baseline: 0 } })[0]).to.include("right would be an integer from 1 to");
    });

    it("names three to fifteen assessors, each once and by a member", () => {
      const one = founding.assessors[1]!;
      expect(foundingProblems({ assessor: { account: one["account"] } })[0]).to.include("is named twice");
      expect(foundingProblems({ assessor: { member: "FRA" } })[0]).to.include("FRA is no founding member");
      const problems: string[] = [];
      parseFounding({ ...founding, assessors: founding.assessors.slice(0, 2) }, LOADING, problems);
      expect(problems).to.deep.equal(["assessors: 2; right would be 3 to 15"]);
    });
  });

  describe("deployFund", () => {
    async function refused(parameters: Fields, foundingFile: Fields): Promise<readonly string[]> {
      const folder = await mkdtemp(join(tmpdir(), "deployment-"));
      try {
        const paths = { parameters: join(folder, "p.json5"), founding: join(folder, "f.json5") };
        await writeFile(paths.parameters, JSON5.stringify({ ...local, CrisisInsuranceFund: parameters }));
        await writeFile(paths.founding, JSON5.stringify(foundingFile));
        const before = await ethers.provider.getBlockNumber();
        const outcome = await deployFund(hre, connection, paths, () => undefined).catch((error: unknown) => error);
        expect(await ethers.provider.getBlockNumber(), "nothing was sent").to.equal(before);
        expect(outcome).to.be.instanceOf(InvalidInput);
        return (outcome as InvalidInput).problems;
      } finally {
        await rm(folder, { recursive: true });
      }
    }

    async function empty() {
      await time.increase(1);
      const [deployer] = await ethers.getSigners();
      return { deployer: deployer!.address, now: BigInt(await time.latest()) };
    }

    it("tells all problems of all files and of the token at once, before it sends anything", async () => {
      const { deployer, now } = await loadFixture(empty);
      const members = founding.members.map((m, i) => (i === 0 ? { ...m, code: "ltu", delegate: deployer } : m));
      const parameters = {
        ...local.CrisisInsuranceFund,
        genesisIn: null,
        genesis: Number(now),
        token: deployer,
        loading: 1_000_001,
      };
      const problems = await refused(parameters, { ...founding, members });
      expect(problems).to.include.members([
        "loading: 1,000,001 is out of bounds; right would be an integer from 0 to 1,000,000 ppm",
        'members[0] ltu.code: "ltu" is no code; right would be three capital letters, ISO 3166-1 alpha-3',
        `genesis: ${now} has passed on this chain, where it is ${now}; right would be a second ahead`,
        `token: ${deployer} has no code on this chain; right would be an ERC-20 that exists here`,
      ]);
      expect(problems.some((line) => line.includes(`${deployer} deploys and must hold nothing afterwards`))).to.be.true;
    });

    it("says which file it cannot read", async () => {
      await loadFixture(empty);
      const paths = { parameters: "no-such-file.json5" };
      const outcome = await deployFund(hre, connection, paths, () => undefined).catch((error: unknown) => error);
      expect(String(outcome)).to.include("no-such-file.json5: cannot be read");
    });
  });

  describe("checkToken", () => {
    async function tokens() {
      const [deployer, issuer] = await ethers.getSigners();
      const token = await ethers.deployContract("TestToken", [issuer!.address]);
      await token.connect(issuer).mint(issuer!.address, 5n);
      const check = async (address: string) => {
        const problems: string[] = [];
        const facts = await checkToken(connection, address, deployer!.address, issuer!.address, problems);
        return { ...facts, problems };
      };
      return { token, issuer: issuer!, deployer: deployer!, check };
    }

    it("accepts a token with permits and authorizations without a word", async () => {
      const { token, check } = await loadFixture(tokens);
      expect(await check(await token.getAddress())).to.deep.equal({
        symbol: "TEST",
        decimals: 6,
        warnings: [],
        problems: [],
      });
    });

    it("warns of a token that has no supply, and of one without permits and authorizations", async () => {
      const { check } = await loadFixture(tokens);
      const plain = await (await ethers.deployContract("FalseReturnToken")).getAddress();
      const { warnings, problems } = await check(plain);
      expect(problems).to.deep.equal([]);
      expect(warnings).to.deep.equal([
        `${plain} has no supply yet: nobody can contribute`,
        `${plain} takes no permits (ERC-2612): contributors must approve the fund first`,
        `${plain} takes no authorizations (EIP-3009): nobody can hand in another's contribution`,
      ]);
    });

    it("refuses a token that answers transfers with false", async () => {
      const { check } = await loadFixture(tokens);
      const token = await ethers.deployContract("FalseReturnToken");
      await token.getFunction("setRefuses").send(true);
      const address = await token.getAddress();
      expect((await check(address)).problems).to.deep.equal([
        `token: ${address} answers transfer with false; right would be true or nothing`,
        `token: ${address} answers transferFrom with false; right would be true or nothing`,
      ]);
    });

    it("refuses a token that is paused", async () => {
      const { token, issuer, check } = await loadFixture(tokens);
      await token.connect(issuer).pause();
      const right = "right would be a token that is neither paused nor bars the account";
      expect((await check(await token.getAddress())).problems).to.deep.equal([
        `token: ${await token.getAddress()} reverts at transfer of nothing; ${right}`,
        `token: ${await token.getAddress()} reverts at transferFrom of nothing; ${right}`,
      ]);
    });

    it("refuses a contract that is no token", async () => {
      const { deployer, check } = await loadFixture(tokens);
      const other = await ethers.deployContract("TimelockController", [1n, [], [], deployer.address]);
      const { problems } = await check(await other.getAddress());
      expect(problems.map((line) => line.replace(/^token: 0x\w+ /, "").replace(/; .*/, ""))).to.deep.equal([
        "does not answer decimals()",
        "does not answer name()",
        "does not answer symbol()",
        "does not answer totalSupply()",
        "does not answer balanceOf(account)",
        "does not answer allowance()",
        "reverts at transfer of nothing",
        "reverts at transferFrom of nothing",
      ]);
    });

    it("refuses an account without code", async () => {
      const { deployer, check } = await loadFixture(tokens);
      expect((await check(deployer.address)).problems).to.deep.equal([
        `token: ${deployer.address} has no code on this chain; right would be an ERC-20 that exists here`,
      ]);
    });

    it("warns of a token that its issuer can replace", async () => {
      const { token, check } = await loadFixture(tokens);
      const slot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
      await connection.networkHelpers.setStorageAt(await token.getAddress(), slot, hash("implementation"));
      expect((await check(await token.getAddress())).warnings).to.deep.equal([
        `${await token.getAddress()} is a proxy: its issuer can change what it does`,
      ]);
    });
  });
});
