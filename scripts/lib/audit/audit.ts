// The audit of a fund by somebody who trusts neither the node, nor the contracts, nor those who wrote either.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Builds } from "../deployment/bytecode.ts";
import { CannotCheck } from "../deployment/chain.ts";
import type { LedgerEvent, Speaker } from "../events/events.ts";
import type { Hearing } from "../progress.ts";
import type { Finding } from "../rules/finding.ts";
import { findHeader } from "../node/blocks.ts";
import { LogFile } from "./log-file.ts";
import { queriesFor } from "../node/logs.ts";
import { Node } from "../node/node.ts";
import type { Provider } from "../node/node.ts";
import { auditOnce } from "./pass.ts";
import type { Audit } from "./pass.ts";
import { pinnedHeader } from "./pin.ts";
import { retell } from "./retell.ts";
import { requireSameChain } from "./second.ts";
import { findSubjects } from "./target.ts";
import type { Target } from "./target.ts";

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
  /** Called when the audit is over, and waited for, before the first event is handed on. */
  begin?: ((result: AuditResult) => Promise<void> | void) | undefined;
  /** Get every event then, in order and once. */
  listeners?: readonly ((event: LedgerEvent) => void)[] | undefined;
  /** Called after the last event, and waited for. */
  finish?: ((result: AuditResult) => Promise<void> | void) | undefined;
  /** Told how far the audit is. */
  progress?: Hearing | undefined;
}

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
  /** What could not be checked, in sentences. */
  unchecked: string[];
  /** Whether the rules could be followed to the end. */
  followed: boolean;
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
  const second = options.second === undefined ? undefined : new Node(options.second, "the second node");
  if (second !== undefined) await requireSameChain(second, chainId);
  const pin = () => pinnedHeader(node, chainId, options);
  const subjects = await findSubjects(node, chainId, target, await pin(), options.builds);
  const { addresses, firstBlock } = subjects;
  const { token, ...contracts } = addresses;
  const queries = queriesFor(Object.values(contracts), token, addresses.fund);
  const folder = options.cache === undefined ? await mkdtemp(join(tmpdir(), "fund-audit-")) : undefined;
  const path = options.cache ?? join(folder ?? "", "logs.jsonl");
  const file = await LogFile.open(path, { chainId: String(chainId), contracts: addresses, firstBlock });
  try {
    const result = await onAStandingChain({ ...subjects, node, second, chainId, queries, file, options, pin });
    const { begin, listeners = [], finish } = options;
    await begin?.(result);
    if (listeners.length > 0) await retell(file, result.block, addresses, listeners);
    await finish?.(result);
    return result;
  } finally {
    await file.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** Audits again if the chain was reorganised meanwhile. */
async function onAStandingChain(audit: Audit): Promise<AuditResult> {
  for (let pass = 0; pass < MOST_PASSES; ++pass) {
    const head = await audit.pin();
    const stands = async (hash: string, block: number) => (await findHeader(audit.node, block))?.hash === hash;
    try {
      const result = await auditOnce(audit);
      if (await stands(result.blockHash, result.block)) return result;
    } catch (error) {
      // An answer about a block that is gone is none.
      if (await stands(head.hash, head.number)) throw error;
    }
  }
  throw new CannotCheck("the chain was reorganised again and again during the audit; try an older --block");
}
