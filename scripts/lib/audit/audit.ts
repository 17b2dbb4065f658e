// The audit of a fund by somebody who trusts neither the node, nor these scripts' other parts, nor the contracts.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Builds } from "../deployment/bytecode.ts";
import { CannotCheck } from "../deployment/chain.ts";
import type { LedgerEvent, Speaker } from "../events/events.ts";
import { findHeader } from "./blocks.ts";
import type { Header } from "./blocks.ts";
import { answering, booksOf, compareBooks } from "./books.ts";
import type { Finding } from "./finding.ts";
import { gather } from "./gather.ts";
import { Journal } from "./journal.ts";
import { LogFile } from "./log-file.ts";
import { LogReader } from "./log-reader.ts";
import { queriesFor } from "./logs.ts";
import type { Query } from "./logs.ts";
import { Node } from "./node.ts";
import type { Provider } from "./node.ts";
import { pinnedHeader } from "./pin.ts";
import { prove } from "./proof.ts";
import { proveComplete } from "./receipts.ts";
import { retell } from "./retell.ts";
import { compareNodes } from "./second.ts";
import { connected, findSubjects } from "./target.ts";
import type { Subjects, Target } from "./target.ts";
import { Transfers } from "./transfers.ts";

export interface AuditOptions {
  /** The block at which all is compared; else the last that is final, on a chain of one's own the last. */
  block?: number | undefined;
  /** The hash of that block, from somewhere else than the node. */
  blockHash?: string | undefined;
  /** Prove the fund's books against the block's hash. */
  proof?: boolean | undefined;
  /** Prove that no log is missing. */
  receipts?: boolean | undefined;
  second?: Provider | undefined;
  /** The file in which to keep what was read; else nothing is kept. */
  cache?: string | undefined;
  /** What this version compiles to, to compare the contracts' code with. */
  builds?: Builds | undefined;
  /** Get every event, in order, once the chain stands still. */
  listeners?: readonly ((event: LedgerEvent) => void)[] | undefined;
  /** Called after the last event, and waited for. */
  finish?: (() => Promise<void> | void) | undefined;
  /** Told how far the audit is. */
  progress?: ((stage: Stage, done: number, all: number) => void) | undefined;
}

export type Stage = "reading" | "checking" | "proving";

/** One kind of thing that was looked at, and how many of it. */
export interface Checked {
  what: string;
  count: number;
}

export interface AuditResult {
  chainId: bigint;
  block: number;
  blockHash: string;
  /** When the block was made, in seconds since 1970. */
  time: number;
  firstBlock: number;
  /** Address by name. */
  contracts: Record<Speaker, string>;
  /** Head of the journal as recomputed. */
  head: string;
  entries: number;
  checked: Checked[];
  findings: Finding[];
  /** What to know of how the audit went, in sentences. */
  notes: string[];
}

/** Everything that one pass over the chain works with. */
interface Audit {
  node: Node;
  chainId: bigint;
  subjects: Subjects;
  queries: Query[];
  file: LogFile;
  options: AuditOptions;
}

const MOST_PASSES = 5;

/**
 * Audits a fund on a chain: reads all events, recomputes the journal, rebuilds everything by the rules, and compares it
 * with the contracts at one block.
 * @throws {CannotCheck} if something keeps it from checking; the message is one sentence
 */
export async function auditChain(provider: Provider, target: Target, options: AuditOptions = {}): Promise<AuditResult> {
  const node = new Node(provider);
  const chainId = BigInt(String(await node.need("eth_chainId")));
  const pin = () => pinnedHeader(node, chainId, options);
  const subjects = await findSubjects(node, target, await pin(), options.builds);
  const { addresses, firstBlock } = subjects;
  const { token, ...contracts } = addresses;
  const queries = queriesFor(Object.values(contracts), token, addresses.fund);
  const folder = options.cache === undefined ? await mkdtemp(join(tmpdir(), "fund-audit-")) : undefined;
  const path = options.cache ?? join(folder ?? "", "logs.jsonl");
  const file = await LogFile.open(path, { chainId: String(chainId), contracts: addresses, firstBlock });
  const audit: Audit = { node, chainId, subjects, queries, file, options };
  try {
    for (let pass = 0; pass < MOST_PASSES; ++pass) {
      const result = await auditOnce(audit, pin);
      if ((await findHeader(node, result.block))?.hash === result.blockHash) return result;
    }
    throw new CannotCheck("the chain was reorganised again and again during the audit; try an older --block");
  } finally {
    await file.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function auditOnce(audit: Audit, pin: () => Promise<Header>): Promise<AuditResult> {
  const { node, chainId, subjects, queries, file, options } = audit;
  const { addresses, firstBlock } = subjects;
  const contracts = connected(node, chainId, addresses);
  const { head, notes, faults } = await gather({
    node,
    reader: new LogReader(node, queries),
    file,
    fund: addresses.fund.toLowerCase(),
    head: pin,
    sequenceAt: async ({ number }) => Number(await answering(contracts.fund.sequence({ blockTag: number }))),
    reached: (block, last) => options.progress?.("reading", block - firstBlock + 1, last - firstBlock + 1),
  });
  const checked: Checked[] = [{ what: "blocks read", count: head.number - firstBlock + 1 }];
  const findings: Finding[] = faults.map((sentence) => ({ rule: "log answers", sentence }));

  const journal = new Journal();
  const total = file.ranges.reduce((sum, { count }) => sum + count, 0);
  const transfers = new Transfers(addresses.fund);
  const follow = (event: LedgerEvent) => {
    journal.follow(event);
    transfers.follow(event);
  };
  const listeners = [follow, ...(options.listeners ?? [])];
  const { events, unread } = await retell(file, head, addresses, listeners, (done) => {
    options.progress?.("checking", done, total);
  });
  findings.push(...unread);
  await options.finish?.();
  checked.push({ what: "events", count: events }, { what: "journal entries", count: journal.count });
  checked.push({ what: "transfers of the token", count: transfers.matched });
  const told = await booksOf(contracts, addresses.fund, head);
  const proved = options.proof === true ? await prove(node, addresses.fund, head) : undefined;
  findings.push(...journal.finish(proved?.state ?? told), ...transfers.finish(told.balance));

  if (proved !== undefined) {
    checked.push({ what: "facts proved", count: proved.checked });
    findings.push(...proved.findings, ...(proved.state === undefined ? [] : compareBooks(proved.state, told)));
  }
  if (options.receipts === true) {
    const complete = await proveComplete(node, queries, file, head, (block) =>
      options.progress?.("proving", head.number - block + 1, head.number - firstBlock + 1),
    );
    checked.push({ what: "headers linked", count: complete.headers });
    checked.push({ what: "blocks whose receipts are proved", count: complete.receipts });
    findings.push(...complete.findings);
  }
  if (options.second !== undefined) {
    const second = new Node(options.second, "the second node");
    const subject = { chainId, fund: addresses.fund, queries };
    const agreement = await compareNodes(node, second, subject, file, head);
    checked.push({ what: "answers compared with the second node", count: agreement.compared });
    findings.push(...agreement.findings);
  }
  const { number: block, hash: blockHash, time } = head;
  const entries = journal.count;
  return {
    ...{ chainId, block, blockHash, time, firstBlock, contracts: addresses },
    ...{ head: journal.head, entries, checked, findings, notes },
  };
}
