import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { Interface } from "ethers";
import { artifacts, network } from "hardhat";

import { ARTIFACTS, CONTRACTS } from "../../scripts/lib/deployment/contracts.ts";
import type { ContractKey } from "../../scripts/lib/deployment/contracts.ts";
import { withPermissions } from "../../scripts/lib/permissions/readme.ts";
import { PERMISSIONS } from "../../scripts/lib/permissions/table.ts";
import type { Caller, Right } from "../../scripts/lib/permissions/table.ts";
import { inOneBlock, parts, settingPeriod } from "../support/council.ts";
import { callsOf } from "../support/permission-calls.ts";
import { busyAlliance, callersOf } from "../support/permission-world.ts";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

/** By contract, the errors by which it says that the caller has no right. Every other one speaks of something else. */
const ROLES = ["AccessControlUnauthorizedAccount", "AccessControlBadConfirmation"];
const AUTHORITY_ERRORS: Record<ContractKey, string[]> = {
  registry: [...ROLES, "MemberUnauthorized", "MemberNotLedger", "GovernedFoundingIsOver"],
  ledger: [...ROLES, "LedgerNotRegistry"],
  fund: [...ROLES, "FundNotGuardian"],
  coverage: ROLES,
  register: [...ROLES, "AttackUnauthorized", "AttackNotCouncil", "AttackNotPanel", "AttackNotClosable"],
  panel: [...ROLES, "PanelNotAssessor"],
  council: [
    "GovernorOnlyExecutor",
    "GovernorInsufficientProposerVotes",
    "GovernorUnableToCancel",
    "GovernorDisabledDeposit",
    "CouncilNoSeat",
    "CouncilNotRegister",
    "CouncilClosed",
  ],
  market: ["MarketUnauthorized", "MarketNotABuyer", "MarketOwnLot"],
  measures: [...ROLES, "MeasureNotMember"],
  distributor: ["CompensationUnauthorized"],
  timelock: [...ROLES, "TimelockUnauthorizedCaller"],
};

const RECEIVE = "receive()";
const nameOf = (signature: string) => signature.slice(0, signature.indexOf("("));

async function interfaceOf(key: ContractKey): Promise<Interface> {
  return new Interface((await artifacts.readArtifact(ARTIFACTS[key])).abi);
}

/**
 * The signatures of everything that an ABI says can change state. What returns nothing is there to act, though a closed
 * function may be marked as pure. Receiving ether is one too.
 */
function functionsOf(abi: Interface): string[] {
  const functions: string[] = [];
  abi.forEachFunction((f) => {
    if (!f.constant || f.outputs.length === 0) functions.push(f.format("sighash"));
  });
  if (abi.receive) functions.push(RECEIVE);
  if (abi.fallback !== null) functions.push("fallback()");
  return functions;
}

async function everybody() {
  const busy = await busyAlliance(connection);
  const errors = [busy.a.token.interface, ...(await Promise.all(CONTRACTS.map(interfaceOf)))];
  return { a: busy.a, callers: await callersOf(busy), calls: await callsOf(busy), errors };
}

/** What a call meets that changes nothing: "success", or the name of the error. */
async function outcome(errors: Interface[], from: string, to: string, data: string): Promise<string> {
  try {
    await connection.provider.request({ method: "eth_call", params: [{ from, to, data }, "latest"] });
    return "success";
  } catch (error) {
    const reason = (error as { data?: unknown }).data;
    const found = typeof reason === "string" ? errors.map((one) => one.parseError(reason)).find(Boolean) : undefined;
    return found?.name ?? String(error);
  }
}

/** The roles that a contract has views for, its administrator's included. */
async function rolesOf(to: string, abi: Interface): Promise<string[]> {
  const names: string[] = [];
  abi.forEachFunction(({ name }) => {
    if (name.endsWith("_ROLE")) names.push(name);
  });
  expect(names).to.include("DEFAULT_ADMIN_ROLE");
  const { provider } = connection.ethers;
  return await Promise.all(names.map((name) => provider.call({ to, data: abi.encodeFunctionData(name) })));
}

/** What anybody may call may fail for want of money or of a case; what few may call has to work for each of them. */
function expected(caller: Caller, { callers }: Right, met: string, meets: string): string {
  if (callers === "all") return met;
  return callers.includes(caller) ? meets : "refused";
}

describe("Who may call what", () => {
  it("is what README says", async () => {
    const path = fileURLToPath(new URL("../../README.md", import.meta.url));
    const readme = await readFile(path, "utf8");
    expect(readme, "out of date: node scripts/permissions.ts").to.equal(await withPermissions(readme, path));
  });

  for (const key of CONTRACTS) {
    describe(ARTIFACTS[key], () => {
      it("has a row for every function that changes state, and no other", async () => {
        const names = functionsOf(await interfaceOf(key)).map(nameOf);
        expect([...new Set(names)].sort()).to.deep.equal(Object.keys(PERMISSIONS[key]).sort());
      });

      for (const name of ["grantRole", "revokeRole"]) {
        const right = PERMISSIONS[key][name];
        if (right === undefined) continue;
        it(`${name}, of each role that it has: ${right.who}`, async () => {
          const { a, callers, errors } = await loadFixture(everybody);
          const [to, abi] = [await a[key].getAddress(), await interfaceOf(key)];
          for (const role of await rolesOf(to, abi)) {
            const data = abi.encodeFunctionData(name, [role, a.stranger.address]);
            for (const [caller, from] of callers) {
              const met = await outcome(errors, from, to, data);
              const may = right.callers.includes(caller) ? "success" : "AccessControlUnauthorizedAccount";
              expect(met, `${caller}, role ${role}`).to.equal(may);
            }
          }
        });
      }

      for (const [name, right] of Object.entries(PERMISSIONS[key])) {
        it(`${name}: ${right.who}`, async () => {
          const { a, callers, calls, errors } = await loadFixture(everybody);
          const to = await a[key].getAddress();
          const abi = await interfaceOf(key);
          for (const signature of functionsOf(abi).filter((one) => nameOf(one) === name)) {
            const { args, meets = "success" } = calls[key][signature] ?? calls[key][name]!;
            const data = signature === RECEIVE ? "0x" : abi.encodeFunctionData(signature, args);
            const table: Record<string, [met: string, expected: string]> = {};
            for (const [caller, from] of callers) {
              const met = await outcome(errors, from, to, data);
              const shown = AUTHORITY_ERRORS[key].includes(met) ? "refused" : met;
              table[caller] = [shown, expected(caller, right, met, meets)];
            }
            const columns = [0, 1].map((i) => Object.fromEntries(Object.entries(table).map(([k, v]) => [k, v[i]])));
            expect(columns[0], signature).to.deep.equal(columns[1]);
          }
        });
      }
    });
  }

  it("an ordinary proposal in the second it was made is cancelled by its proposer, and by nobody else", async () => {
    const { a, callers } = await loadFixture(everybody);
    const { impersonateAccount, setBalance } = connection.networkHelpers;
    for (const address of callers.values()) {
      await impersonateAccount(address);
      await setBalance(address, 10n ** 20n);
    }
    const [proposer, others] = [
      "otherDelegate" as Caller,
      [...callers.keys()].filter((one) => one !== "otherDelegate"),
    ];
    const proposalId = (await a.council.latestProposalId()) + 1n;
    const { targets, values, calldatas } = await parts([settingPeriod(a)]);
    const councilOf = async (caller: Caller) => a.council.connect(await a.ethers.getSigner(callers.get(caller) ?? ""));
    const gas = { gasLimit: 1_000_000 };
    const receipts = await inOneBlock(
      a,
      async () => await (await councilOf(proposer)).propose(targets, values, calldatas, "An ordinary proposal", gas),
      ...[...others, proposer].map((caller) => async () => {
        return await (await councilOf(caller))["cancel(uint256)"](proposalId, gas);
      }),
    );
    expect(receipts.map(({ status }) => status)).to.deep.equal([1, ...others.map(() => 0), 1]);
  });
});
