// One pass of an audit over the chain as it stands.
import { CannotCheck } from "../deployment/chain.ts";
import type { Speakers } from "../events/events.ts";
import { plural } from "../format.ts";
import { compare } from "../rules/compare.ts";
import type { Finding } from "../rules/finding.ts";
import type { Replacement } from "../rules/clerks/modules.ts";
import { readSetting } from "../rules/setting.ts";
import type { AuditOptions, AuditResult, Checked } from "./audit.ts";
import type { Header } from "../node/blocks.ts";
import { answering, booksOf, compareBooks } from "./books.ts";
import { Checks } from "./checks.ts";
import { gather } from "./gather.ts";
import type { LogFile } from "./log-file.ts";
import { LogReader } from "../node/log-reader.ts";
import type { Query } from "../node/logs.ts";
import { whyUnasked } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { prove, proveContracts, proveNothing } from "./proof.ts";
import { proveComplete } from "./receipts.ts";
import { retell } from "./retell.ts";
import { compareNodes } from "./second.ts";
import { askedThrough } from "./target.ts";
import type { Subjects } from "./target.ts";

/** What an audit works with. */
export interface Audit extends Subjects {
  node: Node;
  /** Another, which is asked the same. */
  second: Node | undefined;
  chainId: bigint;
  queries: readonly Query[];
  file: LogFile;
  options: AuditOptions;
  /** The block to audit. */
  pin: () => Promise<Header>;
}

/** Collects what is checked and found. */
class Protocol {
  readonly checked: Checked[] = [];
  readonly findings: Finding[] = [];

  add(what: string, count: number, findings: readonly Finding[] = []): void {
    this.checked.push({ what, count });
    this.findings.push(...findings);
  }
}

export async function auditOnce(audit: Audit): Promise<AuditResult> {
  const { node, chainId, addresses, firstBlock, options } = audit;
  const contracts = askedThrough(node, chainId, addresses);
  const protocol = new Protocol();
  const { head, notes, faults } = await gather({
    ...audit,
    reader: new LogReader(node, audit.queries),
    fund: addresses.fund.toLowerCase(),
    head: audit.pin,
    sequenceAt: async ({ number }) => Number(await answering(contracts.fund.sequence({ blockTag: number }))),
    reached: (block, last) => options.progress?.("reading blocks", block - firstBlock + 1, last - firstBlock + 1),
  });
  const faulty = faults.map((sentence) => ({ rule: "log answers", sentence }));
  protocol.add("blocks read", head.number - firstBlock + 1, faulty);

  const checks = await checkEvents(audit, contracts, head, protocol);
  const told = await booksOf(contracts, addresses.fund, head);
  const proved = options.proof === true ? await prove(node, addresses.fund, audit.codes.fund, head) : undefined;
  const worked = checks.finish({ ...told, ...proved?.state });
  protocol.add("transfers of the token", checks.transfers.matched, worked);
  await compareAnswers(audit, contracts, head, checks, protocol);
  if (proved !== undefined) {
    const differing = proved.state === undefined ? [] : compareBooks(proved.state, told);
    protocol.add("facts proved of the fund", proved.checked, [...proved.findings, ...differing]);
    const contracts = await proveContracts(node, addresses, audit.codes, head);
    protocol.add("facts proved of the other contracts", contracts.checked, contracts.findings);
  }
  const left = await checkAnswers(audit, head, protocol);

  const { number: block, hash: blockHash, time } = head;
  const { count: entries, head: journalHead } = checks.journal;
  const { checked, findings } = protocol;
  const subject = { chainId, block, blockHash, time, firstBlock, contracts: addresses };
  const { replaced } = checks.rulebook.modules;
  const unchecked = [...audit.unchecked, ...left];
  if (replaced !== undefined) unchecked.push(replacedText(replaced));
  const followed = replaced === undefined;
  return { ...subject, head: journalHead, entries, checked, findings, notes, unchecked, followed };
}

/** What follows from a replacement nobody here has worked out; an older block has none. */
function replacedText({ sentence, place }: Replacement): string {
  return (
    `what the rules say: ${sentence} in block ${place.block} by transaction ${place.transaction}, and from there on they are ` +
    "not followed; journal, transfers, roles, appointments and proofs are checked to the end; " +
    `--block ${place.block - 1} with the council of then checks all before`
  );
}

/** Works everything out from the events. */
async function checkEvents(audit: Audit, contracts: Speakers, head: Header, protocol: Protocol): Promise<Checks> {
  const { file, addresses, options, fixed } = audit;
  const checks = new Checks({ ...(await answering(readSetting(contracts, head.number))), ...fixed });
  const ranges = file.ranges.filter(({ from }) => from <= head.number);
  const total = ranges.reduce((sum, { count }) => sum + count, 0);
  const follow = checks.follow.bind(checks);
  const { events, unread } = await retell(file, head.number, addresses, [follow], (done) => {
    options.progress?.("checking events", done, total);
  });
  options.progress?.("checking events", total, total);
  protocol.add("events", events, unread);
  protocol.add("journal entries", checks.journal.count);
  return checks;
}

/** Asks the contracts. Events that were tampered with may lead to questions that have no answer. */
async function compareAnswers(
  { node }: Audit,
  contracts: Speakers,
  { number }: Header,
  checks: Checks,
  protocol: Protocol,
): Promise<void> {
  try {
    if (checks.rulebook.modules.replaced === undefined) {
      const rules = await compare(checks.rulebook, contracts, number);
      protocol.add("answers of the contracts", rules.checked, rules.findings);
    }
    const powers = await checks.powers.compare(contracts, number);
    protocol.add("answers on roles and appointments", powers.checked, powers.findings);
  } catch (error) {
    await node.need("eth_chainId");
    const reason = `the contracts could not be asked all that follows from the events: ${whyUnasked(error)}`;
    if (protocol.findings.length === 0) throw new CannotCheck(reason);
    protocol.findings.push({ rule: "answers", sentence: reason });
  }
}

/** Holds the node's answers against receipts and another node, as far as that is asked for; gives what cannot be known. */
async function checkAnswers(audit: Audit, head: Header, protocol: Protocol): Promise<string[]> {
  const { node, second, addresses, firstBlock, queries, file, options } = audit;
  /** The hash of the block before the first, where it is proved. */
  let before: string | undefined;
  const left: string[] = [];
  if (options.receipts === true) {
    const complete = await proveComplete(node, queries, file, head, (block) =>
      options.progress?.("proving receipts", head.number - block + 1, head.number - firstBlock + 1),
    );
    protocol.add("headers linked", complete.headers);
    protocol.add("blocks whose receipts are proved", complete.receipts, complete.findings);
    protocol.add("of them with their transactions proved", complete.transactions);
    before = complete.before;
    const [first] = complete.unproved;
    if (first !== undefined) {
      left.push(
        `how the transactions of ${plural(complete.unproved.length, "block")} are called, block ${first.block} the first: ` +
          `type ${first.type} is none of Ethereum's, and ${node.name} does not give their bytes`,
      );
    }
  }
  if (options.proof === true && firstBlock > 0) {
    const nothing = await proveNothing(node, addresses, firstBlock - 1, before);
    protocol.add("contracts proved not to be there before", nothing.checked, nothing.findings);
  }
  if (second !== undefined) {
    const subject = { fund: addresses.fund, queries };
    const { compared, findings } = await compareNodes(node, second, subject, file, head);
    protocol.add("answers compared with the second node", compared, findings);
  }
  return left;
}
