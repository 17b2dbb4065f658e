// The tests in a process of their own, where any of them can run at any time, with any mutation in force.
import { resolve } from "node:path";

import Mocha from "mocha";
import hre from "hardhat";
import type { network } from "hardhat";

import { UNSET } from "./compiler.ts";
import type { Bytecode } from "./compiler.ts";
import { ErrorNames } from "./error-names.ts";

type Connection = Awaited<ReturnType<typeof network.create>>;
type Fixture = (connection: Connection) => Promise<unknown>;

/** A test takes seconds at most: after this long it is not coming back, in milliseconds. */
const PATIENCE = 180_000;
/** What a loop without end uses up before it is noticed, for each unit of which the chain remembers some fifty bytes. */
const BLOCK_GAS = 60_000_000n;
/** Contracts that hold all mutations are larger than a chain allows. */
const ROOM = { allowUnlimitedContractSize: true, blockGasLimit: BLOCK_GAS, transactionGasCap: BLOCK_GAS };

export interface TestCase {
  file: string;
  title: string;
}

export interface Outcome {
  /** Why it failed, unless it passed. */
  error?: string;
  /** It did not end in time, so what it began may go on. */
  lost: boolean;
}

/** A contract that stands on a chain with its switch unset. */
interface Standing {
  address: string;
  code: string;
}

interface Prepared {
  name: string;
  run: Fixture;
  standing: Standing[];
}

/** What a connection's fixtures have left. */
interface Stage {
  connection: Connection;
  fixtures: Map<Fixture, Prepared>;
  clear: () => Promise<void>;
}

export class TestBed {
  /** The mutation in force; 0 is none. */
  number = 0;
  /** Whether the mutation is in force already while the tests' beginnings are built. */
  fromTheBeginning = false;
  /** Which tests begin as they do, by the fixture's place. */
  onFixture: (fixture: string, built: boolean) => void = () => undefined;

  readonly #errors: ErrorNames;
  readonly #stages: Stage[] = [];
  readonly #tests: { test: Mocha.Test; file: string }[] = [];
  #rejected: ((reason: unknown) => void) | undefined;
  #building = false;

  private constructor(errors: ErrorNames) {
    this.#errors = errors;
  }

  /** Loads test files, with these contracts, by file and name, in place of those that were built. */
  static async open(files: readonly string[], contracts: Record<string, Bytecode>): Promise<TestBed> {
    const names = Object.keys(contracts);
    const artifacts = await Promise.all(names.map((name) => hre.artifacts.readArtifact(name)));
    const bed = new TestBed(new ErrorNames(artifacts.map(({ abi }) => abi as readonly unknown[])));
    bed.#replaceArtifacts(contracts);
    const create = hre.network.create.bind(hre.network);
    const withRoom = (asked: Parameters<typeof create>[0]) => {
      const options = typeof asked === "string" ? { network: asked } : asked;
      return create({ ...options, override: { ...options?.override, ...ROOM } });
    };
    Object.assign(hre.network, { create: withRoom });
    hre.hooks.registerHandlers("network", {
      newConnection: async (context, next) => {
        const connection = await next(context);
        await bed.#equip(connection);
        return connection;
      },
    });
    process.on("unhandledRejection", (reason) => bed.#rejected?.(reason));
    const mocha = new Mocha({ timeout: PATIENCE });
    for (const file of files) mocha.addFile(resolve(file));
    await mocha.loadFilesAsync();
    mocha.suite.eachTest((test: Mocha.Test) => {
      if (!test.isPending()) bed.#tests.push({ test, file: relativeTo(files, test.file) });
    });
    return bed;
  }

  get tests(): TestCase[] {
    return this.#tests.map(({ test, file }) => ({ file, title: test.fullTitle() }));
  }

  async run(index: number): Promise<Outcome> {
    const test = this.#tests[index]?.test;
    if (test === undefined) throw new Error(`There is no test number ${index}.`);
    (test as unknown as { reset(): void }).reset();
    test.timeout(PATIENCE);
    const error = await new Promise<unknown>((settle) => {
      this.#rejected = settle;
      // Runnable hands on what made it fail.
      (test as unknown as { run(done: (error?: unknown) => void): void }).run(settle);
    });
    this.#rejected = undefined;
    if (error === undefined || error === null) return { lost: false };
    return { error: firstLine(error), lost: test.timedOut };
  }

  /** Forgets all beginnings: the next test that needs one builds it anew. */
  async clear(): Promise<void> {
    for (const stage of this.#stages) await stage.clear();
  }

  #replaceArtifacts(contracts: Record<string, Bytecode>): void {
    const read = hre.artifacts.readArtifact.bind(hre.artifacts);
    const replaced = async (name: string) => {
      const artifact = await read(name);
      const own = contracts[`${artifact.sourceName}:${artifact.contractName}`];
      if (own === undefined) return artifact;
      const put = (code: string) => `0x${this.#set(code)}`;
      return { ...artifact, bytecode: put(own.creation), deployedBytecode: put(own.deployed), linkReferences: {} };
    };
    Object.assign(hre.artifacts, { readArtifact: replaced });
  }

  #set(code: string): string {
    const number = this.#building && !this.fromTheBeginning ? 0 : this.number;
    return number === 0 ? code : code.replaceAll(UNSET, number.toString(16).padStart(UNSET.length, "0"));
  }

  async #equip(connection: Connection): Promise<void> {
    const { networkHelpers, provider } = connection;
    this.#nameErrors(provider);
    const load = networkHelpers.loadFixture.bind(networkHelpers);
    const start = await networkHelpers.takeSnapshot();
    const stage: Stage = {
      connection,
      fixtures: new Map(),
      clear: async () => {
        if (stage.fixtures.size === 0) return;
        stage.fixtures.clear();
        networkHelpers.clearSnapshots();
        await start.restore();
      },
    };
    const number = this.#stages.push(stage);
    const loadFixture = async (fixture: Fixture): Promise<unknown> => {
      // A test that failed may have left this off, and no snapshot brings it back.
      await provider.request({ method: "evm_setAutomine", params: [true] });
      const prepared = stage.fixtures.get(fixture) ?? this.#prepare(stage, fixture, number);
      stage.fixtures.set(fixture, prepared);
      const data = await load(prepared.run as Parameters<typeof load>[0]);
      this.onFixture(prepared.name, false);
      if (this.number !== 0 && !this.fromTheBeginning) {
        for (const { address, code } of prepared.standing) await networkHelpers.setCode(address, this.#set(code));
      }
      return data;
    };
    Object.assign(networkHelpers, { loadFixture });
  }

  #nameErrors(provider: Connection["provider"]): void {
    const ask = provider.request.bind(provider);
    const request = async (asked: Parameters<typeof ask>[0]): Promise<unknown> => {
      try {
        return await ask(asked);
      } catch (error) {
        if (error instanceof Error) error.message = this.#errors.named(error.message);
        throw error;
      }
    };
    Object.assign(provider, { request });
  }

  #prepare({ connection }: Stage, fixture: Fixture, number: number): Prepared {
    const name = `${number}:${fixture.name}`;
    const prepared: Prepared = {
      name,
      standing: [],
      run: async () => {
        this.onFixture(name, true);
        this.#building = true;
        try {
          const data = await fixture(connection);
          prepared.standing = await standingOn(connection);
          return data;
        } finally {
          this.#building = false;
        }
      },
    };
    return prepared;
  }
}

/** All contracts on a chain that have a switch. */
async function standingOn({ provider }: Connection): Promise<Standing[]> {
  const ask = async <T>(method: string, ...params: unknown[]) => (await provider.request({ method, params })) as T;
  const standing: Standing[] = [];
  const last = Number(await ask<string>("eth_blockNumber"));
  for (let block = 1; block <= last; block++) {
    const { transactions } = await ask<{ transactions: { hash: string; to: string | null }[] }>(
      "eth_getBlockByNumber",
      `0x${block.toString(16)}`,
      true,
    );
    for (const { hash } of transactions.filter(({ to }) => to === null)) {
      const { contractAddress: address } = await ask<{ contractAddress: string }>("eth_getTransactionReceipt", hash);
      const code = await ask<string>("eth_getCode", address, "latest");
      if (code.includes(UNSET)) standing.push({ address, code });
    }
  }
  return standing;
}

function relativeTo(files: readonly string[], path: string | undefined): string {
  return files.find((file) => resolve(file) === path) ?? path ?? "";
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] ?? "";
}
