import { expect } from "chai";
import { concat, dataSlice, hexlify, toBeHex, zeroPadValue } from "ethers";
import hre, { artifacts, network } from "hardhat";

import { crisisInsuranceFund } from "../../deploy/modules/CrisisInsuranceFund.ts";
import { readBuilds } from "../../scripts/lib/deployment/bytecode.ts";
import { CannotCheck } from "../../scripts/lib/deployment/chain.ts";
import { CONTRACTS, OWNED, roleId } from "../../scripts/lib/deployment/contracts.ts";
import type { Addresses, ContractKey } from "../../scripts/lib/deployment/contracts.ts";
import { deployFund } from "../../scripts/lib/deployment/deploy.ts";
import { linesOf, verifyWiring } from "../../scripts/lib/deployment/wiring.ts";
import type { Deployment } from "../../scripts/lib/deployment/evidence.ts";
import type {
  ContributionLedger,
  CrisisFund,
  LossPanel,
  MemberRegistry,
  AttackRegister,
  TimelockController,
} from "../../typechain-types/index.ts";
import { DAY, code } from "../support/alliance.ts";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture, setCode, time } = connection.networkHelpers;

const ADMIN = roleId("DEFAULT_ADMIN_ROLE");

interface Contracts {
  timelock: TimelockController;
  registry: MemberRegistry;
  fund: CrisisFund;
  ledger: ContributionLedger;
  register: AttackRegister;
  panel: LossPanel;
}

/** What differs, as `contract: what`. */
async function differences(deployment: Deployment): Promise<string[]> {
  const checks = await verifyWiring(connection, artifacts, deployment);
  return checks.filter(({ holds }) => !holds).map(({ contract, what }) => `${contract}: ${what}`);
}

async function contractsOf({ addresses }: Deployment): Promise<Contracts> {
  const at = async (key: ContractKey, name: string) => [key, await ethers.getContractAt(name, addresses[key])];
  return Object.fromEntries(
    await Promise.all([
      at("timelock", "TimelockController"),
      at("registry", "MemberRegistry"),
      at("fund", "CrisisFund"),
      at("ledger", "ContributionLedger"),
      at("register", "AttackRegister"),
      at("panel", "LossPanel"),
    ]),
  ) as Contracts;
}

describe("Deployment", () => {
  /** By the files of a local chain, as `fund deploy` does it. */
  async function deployed() {
    const said: string[] = [];
    const deployment = await deployFund(hre, connection, {}, (line) => said.push(line));
    return { deployment, said, ...(await contractsOf(deployment)) };
  }

  /** The same alliance once more, founded and not handed over yet: the deployer can still do anything. */
  async function founded() {
    const { deployment } = await deployed();
    const module_ = crisisInsuranceFund(deployment.founding);
    for (const future of module_.futures) {
      if (future.id.endsWith("_hand_over")) module_.futures.delete(future);
    }
    const genesis = BigInt(await time.latest()) + DAY;
    const parameters = { ...deployment.parameters, genesis };
    const contracts = await connection.ignition.deploy(module_, {
      parameters: { CrisisInsuranceFund: { ...parameters } },
    });
    const entries = CONTRACTS.map(async (key) => [key, await contracts[key].getAddress()] as const);
    const addresses = Object.fromEntries(await Promise.all(entries)) as Addresses;
    const own: Deployment = { addresses, parameters, founding: deployment.founding };
    const [deployer, , stranger] = await ethers.getSigners();
    return { deployment: own, deployer: deployer!, stranger: stranger!, ...(await contractsOf(own)) };
  }

  async function handOver(deployment: Deployment, ...keeping: ContractKey[]): Promise<void> {
    const [deployer] = await ethers.getSigners();
    for (const key of OWNED.filter((owned) => !keeping.includes(owned))) {
      const contract = await ethers.getContractAt("MemberRegistry", deployment.addresses[key]);
      await contract.getFunction("renounceRole").send(ADMIN, deployer!.address);
    }
  }

  describe("given the files of a local chain", () => {
    it("holds in every check", async () => {
      const { deployment } = await loadFixture(deployed);
      const checks = await verifyWiring(connection, artifacts, deployment);
      expect(checks.filter(({ holds }) => !holds)).to.deep.equal([]);
      for (const key of CONTRACTS) {
        expect(checks.filter(({ contract }) => contract === key).length, key).to.be.greaterThan(3);
      }
      expect(linesOf(checks).at(-1)).to.equal(`all ${checks.length} checks hold`);
    });

    it("says the address of every contract, and gives the test token to every treasury", async () => {
      const { deployment, said } = await loadFixture(deployed);
      const token = await ethers.getContractAt("TestToken", deployment.parameters.token);
      for (const address of [deployment.parameters.token, ...Object.values(deployment.addresses)]) {
        expect(said.join("\n")).to.include(address);
      }
      for (const { treasury } of deployment.founding.members) {
        expect(await token.getFunction("balanceOf").staticCall(treasury)).to.equal(1_000_000_000_000_000n);
      }
    });

    it("covers the founders from genesis and the founders' delay on", async () => {
      const { deployment, ledger } = await loadFixture(deployed);
      const { genesis, founderCoverDelay } = deployment.parameters;
      expect(await ledger.coverFrom(code("LTU"))).to.equal(genesis + founderCoverDelay);
    });
  });

  describe("given a founding that ends as planned", () => {
    it("holds, whoever hands the roles over", async () => {
      const { deployment } = await loadFixture(founded);
      await handOver(deployment);
      expect(await differences(deployment)).to.deep.equal([]);
    });

    it("shows what members and strangers did meanwhile as nothing of the founder's", async () => {
      const { deployment, registry, stranger } = await loadFixture(founded);
      const [ltu] = deployment.founding.members;
      const treasury = await ethers.getSigner(ltu!.treasury);
      await registry.connect(treasury).proposeKeys(code("LTU"), stranger.address, ethers.ZeroAddress);
      await handOver(deployment);
      expect(await differences(deployment)).to.deep.equal([]);
    });
  });

  describe("given a deployer that keeps power", () => {
    for (const key of OWNED) {
      it(`finds what it keeps of the ${key}`, async () => {
        const { deployment } = await loadFixture(founded);
        await handOver(deployment, key);
        expect(await differences(deployment)).to.deep.equal([
          `${key}: holders of DEFAULT_ADMIN_ROLE`,
          `${key}: hasRole of DEFAULT_ADMIN_ROLE`,
          `${key}: roles left to the deployer`,
          ...(key === "timelock" ? [] : [`${key}: isFounding`]),
          `${key}: acts of founding`,
        ]);
      });
    }

    it("finds a module's role that it gave itself", async () => {
      const { deployment, ledger, deployer } = await loadFixture(founded);
      await ledger.grantRole(roleId("REGISTER_ROLE"), deployer.address);
      await handOver(deployment);
      expect(await differences(deployment)).to.deep.equal([
        "ledger: holders of REGISTER_ROLE",
        "ledger: hasRole of REGISTER_ROLE",
        "ledger: roles left to the deployer",
        "ledger: acts of founding",
      ]);
    });
  });

  describe("given a role too many", () => {
    for (const name of ["PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"]) {
      it(`finds a second holder of the timelock's ${name}`, async () => {
        const { deployment, timelock, stranger } = await loadFixture(founded);
        await timelock.grantRole(roleId(name), stranger.address);
        await handOver(deployment);
        expect(await differences(deployment)).to.deep.equal([
          `timelock: holders of ${name}`,
          `timelock: hasRole of ${name}`,
          "timelock: acts of founding",
        ]);
      });
    }

    it("finds a role that no contract knows", async () => {
      const { deployment, registry, stranger } = await loadFixture(founded);
      const role = roleId("SOME_ROLE");
      await registry.grantRole(role, stranger.address);
      await handOver(deployment);
      expect(await differences(deployment)).to.deep.equal([
        `registry: holders of ${role}`,
        `registry: hasRole of ${role}`,
        "registry: acts of founding",
      ]);
    });

    it("finds a second admin even if it resigned in the end", async () => {
      const { deployment, register, stranger } = await loadFixture(founded);
      await register.grantRole(ADMIN, stranger.address);
      await handOver(deployment);
      await register.connect(stranger).renounceRole(ADMIN, stranger.address);
      expect(await differences(deployment)).to.deep.equal(["register: acts of founding"]);
    });

    it("finds a role granted by a vote later", async () => {
      const { deployment, fund, stranger } = await loadFixture(founded);
      await handOver(deployment);
      await connection.networkHelpers.impersonateAccount(deployment.addresses.timelock);
      await connection.networkHelpers.setBalance(deployment.addresses.timelock, 10n ** 18n);
      await fund
        .connect(await ethers.getSigner(deployment.addresses.timelock))
        .grantRole(roleId("DISTRIBUTOR_ROLE"), stranger.address);
      expect(await differences(deployment)).to.deep.equal([
        "fund: holders of DISTRIBUTOR_ROLE",
        "fund: hasRole of DISTRIBUTOR_ROLE",
      ]);
    });
  });

  describe("given a module without its role", () => {
    it("finds a market that cannot record and a distributor that cannot pay", async () => {
      const { deployment, fund, register } = await loadFixture(founded);
      await register.revokeRole(roleId("MARKET_ROLE"), deployment.addresses.market);
      await fund.revokeRole(roleId("DISTRIBUTOR_ROLE"), deployment.addresses.distributor);
      await handOver(deployment);
      expect(await differences(deployment)).to.deep.equal([
        "fund: holders of DISTRIBUTOR_ROLE",
        "fund: hasRole of DISTRIBUTOR_ROLE",
        "register: holders of MARKET_ROLE",
        "register: hasRole of MARKET_ROLE",
        "fund: DISTRIBUTOR_ROLE of the distributor works",
        "fund: acts of founding",
        "register: acts of founding",
      ]);
    });
  });

  describe("given other acts of founding", () => {
    it("finds a measure that the founder adopted by itself", async () => {
      const { deployment, deployer } = await loadFixture(founded);
      const measures = await ethers.getContractAt("MeasuresRegister", deployment.addresses.measures, deployer);
      const end = deployment.parameters.genesis + DAY;
      await measures.getFunction("adopt").send(code("CHN"), 0, ethers.id("instrument"), "ipfs://instrument", 0, end);
      await handOver(deployment);
      expect(await differences(deployment)).to.deep.equal(["measures: acts of founding"]);
    });

    it("finds another council", async () => {
      const { deployment, register, panel } = await loadFixture(founded);
      await register.appointCouncil(await panel.getAddress());
      await handOver(deployment);
      expect(await differences(deployment)).to.deep.equal(["register: council()", "register: acts of founding"]);
    });

    it("finds another ledger and another panel", async () => {
      const { deployment, registry, register } = await loadFixture(founded);
      await registry.appointLedger(deployment.addresses.fund);
      await register.appointPanel(deployment.addresses.fund);
      await handOver(deployment);
      expect(await differences(deployment)).to.deep.equal([
        "registry: ledger()",
        "register: panel()",
        "registry: acts of founding",
        "register: acts of founding",
      ]);
    });

    it("finds other terms, and says both", async () => {
      const { deployment, ledger } = await loadFixture(founded);
      await ledger.setTerms({ loading: 1, callCap: 2 });
      await handOver(deployment);
      expect(await differences(deployment)).to.deep.equal(["ledger: terms()", "ledger: acts of founding"]);
      const checks = await verifyWiring(connection, artifacts, deployment);
      const terms = checks.find(({ what }) => what === "terms()")!;
      expect([terms.expected, terms.found]).to.deep.equal(["(500000, 1000000)", "(1, 2)"]);
      const lines = linesOf(checks);
      expect(lines).to.include(
        "✗ ContributionLedger       terms()\n    expected (500000, 1000000)\n    found    (1, 2)",
      );
      expect(lines.at(-1)).to.equal(`2 of ${checks.length} checks differ`);
    });

    it("finds a guardian that was changed and changed back", async () => {
      const { deployment, fund, stranger } = await loadFixture(founded);
      await fund.setGuardian(stranger.address);
      await fund.setGuardian(deployment.parameters.guardian);
      await handOver(deployment);
      expect(await differences(deployment)).to.deep.equal(["fund: acts of founding"]);
    });

    it("finds a breaker that has been used", async () => {
      const { deployment, fund } = await loadFixture(founded);
      await handOver(deployment);
      await fund.connect(await ethers.getSigner(deployment.parameters.guardian)).stopTransfers();
      expect(await differences(deployment)).to.deep.equal(["fund: armed()", "fund: stoppedUntil()"]);
    });

    it("finds a recovery of a member's keys that the founder decided", async () => {
      const { deployment, registry, stranger } = await loadFixture(founded);
      await registry.recoverKeys(code("LTU"), stranger.address, ethers.ZeroAddress);
      await handOver(deployment);
      expect(await differences(deployment)).to.deep.equal(["registry: acts of founding"]);
    });

    it("finds an operation that waits in the timelock", async () => {
      const { deployment, timelock, deployer } = await loadFixture(founded);
      const proposer = roleId("PROPOSER_ROLE");
      await timelock.grantRole(proposer, deployer.address);
      const call = timelock.interface.encodeFunctionData("updateDelay", [0n]);
      const { timelockDelay } = deployment.parameters;
      await timelock.schedule(await timelock.getAddress(), 0n, call, ethers.ZeroHash, ethers.ZeroHash, timelockDelay);
      await timelock.revokeRole(proposer, deployer.address);
      await handOver(deployment);
      const checks = await verifyWiring(connection, artifacts, deployment);
      const [only, ...others] = checks.filter(({ holds }) => !holds);
      expect(others).to.deep.equal([]);
      expect(only!.what).to.equal("acts of founding");
      expect(only!.found).to.include("not planned: CallScheduled(");
    });

    it("finds a member with another delegate than the founding says", async () => {
      const { deployment, stranger } = await loadFixture(founded);
      await handOver(deployment);
      const members = deployment.founding.members.map((m, i) => (i === 0 ? { ...m, delegate: stranger.address } : m));
      const founding = { ...deployment.founding, members };
      expect(await differences({ ...deployment, founding })).to.deep.equal(["registry: acts of founding"]);
    });

    it("finds a member whose dossier is another", async () => {
      const { deployment } = await loadFixture(founded);
      await handOver(deployment);
      const members = deployment.founding.members.map((m, i) =>
        i === 0 ? { ...m, dossier: m.dossier.map((d) => ({ ...d, uri: "urn:another" })) } : m,
      );
      const founding = { ...deployment.founding, members };
      expect(await differences({ ...deployment, founding })).to.deep.equal(["registry: acts of founding"]);
    });

    it("finds an exposure, an assessor and a weight that are missing", async () => {
      const { deployment } = await loadFixture(founded);
      await handOver(deployment);
      const { members, exposures, assessors } = deployment.founding;
      const founding = {
        members: members.map((m, i) => (i === 0 ? { ...m, capacity: m.capacity + 1000 } : m)),
        exposures: exposures.slice(1),
        assessors: assessors.slice(1),
      };
      expect(await differences({ ...deployment, founding })).to.deep.equal([
        "ledger: acts of founding",
        "coverage: acts of founding",
        "panel: acts of founding",
      ]);
    });
  });

  describe("given other parameters", () => {
    const cases: [string, Partial<Deployment["parameters"]>, string[]][] = [
      [
        "timelockDelay",
        { timelockDelay: 3n * DAY },
        ["timelock: creation", "timelock: getMinDelay()", "timelock: acts of founding"],
      ],
      [
        "votingPeriod",
        { votingPeriod: 3n * DAY },
        ["council: creation", "council: votingPeriod()", "council: acts of founding"],
      ],
      ["firstBudget", { firstBudget: 1n }, ["ledger: creation", "ledger: budgetOf(0)", "ledger: acts of founding"]],
      [
        "founderCoverDelay",
        { founderCoverDelay: 0n },
        ["ledger: creation", "ledger: immutable founderCoverDelay", "ledger: founderCoverDelay()"],
      ],
      ["callCap", { callCap: 7n }, ["ledger: creation", "ledger: terms()", "ledger: acts of founding"]],
      ["ceding", { ceding: 7n }, ["coverage: acts of founding"]],
      ["attachment", { attachment: 7n }, ["coverage: acts of founding"]],
      ["exhaustion", { exhaustion: 70_000n }, ["coverage: acts of founding"]],
      ["yearlyLimit", { yearlyLimit: 7n }, ["coverage: acts of founding"]],
      [
        "token",
        { token: "0x000000000000000000000000000000000000dEaD" },
        ["fund: creation", "fund: immutable token", "market: immutable token", "fund: token()"],
      ],
      [
        "guardian",
        { guardian: "0x000000000000000000000000000000000000dEaD" },
        ["fund: creation", "fund: guardian()", "fund: acts of founding"],
      ],
    ];
    for (const [name, parameters, expected] of cases) {
      it(`finds another ${name}`, async () => {
        const { deployment } = await loadFixture(deployed);
        const planned = { ...deployment, parameters: { ...deployment.parameters, ...parameters } };
        expect(await differences(planned)).to.deep.equal(expected);
      });
    }

    it("finds another genesis", async () => {
      const { deployment } = await loadFixture(deployed);
      const parameters = { ...deployment.parameters, genesis: deployment.parameters.genesis + 1n };
      expect(await differences({ ...deployment, parameters })).to.deep.equal([
        "registry: creation",
        "registry: immutable genesis",
        "ledger: immutable genesis",
        "registry: genesis()",
      ]);
    });
  });

  describe("given other code", () => {
    for (const key of CONTRACTS) {
      it(`finds one byte more in the ${key}`, async () => {
        const { deployment } = await loadFixture(deployed);
        const address = deployment.addresses[key];
        await setCode(address, concat([await ethers.provider.getCode(address), "0x00"]));
        expect(await differences(deployment)).to.deep.equal([`${key}: runtime code`]);
      });
    }

    it("finds another byte in the metadata and says that it is there", async () => {
      const { deployment } = await loadFixture(deployed);
      const address = deployment.addresses.panel;
      const bytes = ethers.getBytes(await ethers.provider.getCode(address));
      bytes[bytes.length - 4]! ^= 1;
      await setCode(address, hexlify(bytes));
      const checks = await verifyWiring(connection, artifacts, deployment);
      const differing = checks.filter(({ holds }) => !holds);
      expect(differing.map(({ what }) => what)).to.deep.equal(["runtime code"]);
      expect(differing[0]!.found).to.match(/^equal but for the metadata/);
    });

    it("finds another immutable", async () => {
      const { deployment } = await loadFixture(deployed);
      const address = deployment.addresses.fund;
      const { fund } = await readBuilds(artifacts);
      const places = fund.immutables.find(({ name }) => name === "token")!.places;
      let bytecode = await ethers.provider.getCode(address);
      for (const { start, length } of places) {
        const other = zeroPadValue(toBeHex(0xdead), length);
        bytecode = concat([dataSlice(bytecode, 0, start), other, dataSlice(bytecode, start + length)]);
      }
      await setCode(address, bytecode);
      expect(await differences(deployment)).to.deep.equal(["fund: immutable token", "fund: token()"]);
    });

    it("finds that there is no code", async () => {
      const { deployment } = await loadFixture(deployed);
      await setCode(deployment.addresses.panel, "0x");
      const found = await differences(deployment);
      expect(found).to.include.members(["panel: runtime code", "panel: immutable register", "panel: isFounding"]);
      expect(found.every((line) => line.startsWith("panel: "))).to.be.true;
    });

    it("finds a contract that somebody else deployed", async () => {
      const { deployment } = await loadFixture(deployed);
      const [, , stranger] = await ethers.getSigners();
      const { timelock, registry, register } = deployment.addresses;
      const other = await ethers.deployContract("LossPanel", [timelock, registry, register], stranger);
      const addresses = { ...deployment.addresses, panel: await other.getAddress() };
      const found = await differences({ ...deployment, addresses });
      expect(found).to.include.members(["panel: creation", "panel: immutable founder", "register: panel()"]);
    });
  });

  describe("given a chain that does not answer", () => {
    it("says that it could not check", async () => {
      const { deployment } = await loadFixture(deployed);
      const silent = await network.create({ network: "localhost", override: { url: "http://127.0.0.1:9" } });
      const outcome = await verifyWiring(silent, artifacts, deployment).catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(CannotCheck);
    });
  });
});
