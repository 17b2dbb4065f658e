import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ZeroHash } from "ethers";

import type { LedgerEvent } from "../../scripts/lib/events/events.ts";
import { addressesOf, readEvents } from "../../scripts/lib/events/read.ts";
import { Export } from "../../scripts/lib/export/export.ts";
import type { Exported } from "../../scripts/lib/export/export.ts";
import type { ExportInfo, FundState } from "../../scripts/lib/export/exporter.ts";
import type { Format } from "../../scripts/lib/export/formats.ts";
import { readState } from "../../scripts/lib/export/state.ts";
import { DAY, Support, UNIT, fileAttack } from "./alliance.ts";
import type { Alliance } from "./alliance.ts";
import { asContract, moveTo, now } from "./chain.ts";
import type { Connection } from "./chain.ts";
import { emptyFolder } from "./folders.ts";
import { award, commit, foundFund, give, ref, revokeModule, voidAward } from "./fund.ts";

/** All that an alliance's contracts have said, and what the fund says of itself now. */
export interface Told {
  info: ExportInfo;
  events: LedgerEvent[];
  state: FundState;
}

/**
 * Months in which the fund enters every kind into its journal, in amounts that do not divide: contributions, a donation and
 * a surplus; awards that the reserve covers, and does not; obligations paid later, collected, and two awards voided while
 * others are still owed.
 */
export async function eventfulYear(connection: Connection) {
  const f = await foundFund(connection, { parameters: { founderCoverDelay: 0n } });
  const { fund, token } = f;
  const day = () => f.time.increase(DAY);
  await moveTo(f, f.genesis);
  for (const m of f.members.slice(0, 3)) await f.ledger.connect(m.treasury).contribute(m.code, 7_000_001n);
  await fund.connect(f.donor).donate(1_234_567n, ref(7n));
  await day();
  await token.connect(f.donor).transfer(await fund.getAddress(), 3n);
  await fund.sync();

  // Covered, and partly earmarked: compensated, then returned.
  await commit(f, 101n, "LTU", 9_000_007n, 333_333n);
  await award(f, 101n, 5_000_003n);
  await day();
  await fund.connect(f.compensator).compensate(101n, f.stranger.address, 500_001n, ref(101n));
  await fund.connect(f.compensator).returnEarmark(101n, 300_007n);

  // Beyond the reserve: owed, paid in part by later money, to a treasury that cannot be paid at once.
  await token.connect(f.issuer).blockAccount(f.member("EST").treasury.address);
  await commit(f, 102n, "EST", 20_000_029n, 300_000n);
  const first = await award(f, 102n, 20_000_029n);
  await commit(f, 103n, "POL", 33_333_331n, 500_000n);
  const second = await award(f, 103n, 13_333_331n);
  await day();
  await give(f, 1_234_577n);
  await fund.collectEarmark(102n);
  await f.ledger.connect(f.member("POL").treasury).contribute(f.member("LVA").code, 3_000_001n);
  await day();

  // What a module that was cut off awarded is voided, one award with all of it owed, and one with part of it ready.
  await revokeModule(f, f.module.address);
  await voidAward(f, first.record);
  await voidAward(f, second.record);
  await day();
  await fund.connect(f.donor).donate(40n * UNIT, ZeroHash);
  await votes(f);

  // At the end something is owed to a treasury and to an earmark, something lies ready for each.
  await asContract(f, f.register, async (register) => {
    await fund.connect(register).commit(104n, f.member("EST").code, 250_000n, 150_000_001n);
    await fund.connect(register).award(104n, 100_000_001n);
  });
  await give(f, 7_000_003n);
  return f;
}

/** A filed attack and two ballots on it, one with a reason that a spreadsheet would take for a formula. */
async function votes(f: Alliance): Promise<void> {
  const { proposalId } = await fileAttack(f, f.member("LTU"));
  await moveTo(f, (await f.council.proposalSnapshot(proposalId)) + 1n);
  const [lva, pol] = [f.member("LVA"), f.member("POL")];
  const gasLimit = 3_000_000;
  await f.council.connect(lva.delegate).castVoteWithReason(proposalId, Support.For, '=HYPERLINK("x"), two\nlines', {
    gasLimit,
  });
  await f.council.connect(pol.delegate).castVote(proposalId, Support.Against, { gasLimit });
}

export async function told(a: Alliance): Promise<Told> {
  const { provider } = a.ethers;
  const [contracts, toBlock] = [await addressesOf(a), await provider.getBlockNumber()];
  const token = { address: await a.token.getAddress(), symbol: "tEUR-2", decimals: 6 };
  const info: ExportInfo = { chainId: 31337n, contracts, token, fromBlock: 0, toBlock };
  const events: LedgerEvent[] = [];
  for await (const event of readEvents(provider, contracts, 0, toBlock)) events.push(event);
  const entries = events.filter((event) => event.by === "fund" && event.name === "Entry");
  const members = new Set(entries.map(({ args }) => args.member).filter((member) => member !== "0x000000"));
  const attacks = [101n, 102n, 103n, 104n];
  const state = await readState(a, { block: toBlock, time: Number(await now(a)) }, members, attacks);
  return { info, events, state };
}

/** Writes what was told into a folder of its own. */
export function written(
  formats: Format[],
  { info, events, state }: Told,
): Exported & { read: (file: string) => string; folder: string } {
  const folder = emptyFolder();
  const files = new Export(folder, formats, info);
  events.forEach(files.event);
  return { ...files.end(state), folder, read: (file) => readFileSync(join(folder, file), "utf8") };
}

/** Runs a program that checks a file. It must be there where everything is checked; elsewhere it may be missing. */
export function program(name: string, ...args: string[]) {
  const { error, status, stdout, stderr } = spawnSync(name, args, { encoding: "utf8" });
  return { missing: error !== undefined, status, output: `${stdout}${stderr}` };
}
