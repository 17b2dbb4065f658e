import { isError } from "ethers";

import type { Speakers } from "../events/events.ts";
import { isRevert, whyUnasked } from "../node/node.ts";
import { agrees, shown } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Rulebook } from "./rulebook.ts";
import { attackQuestions } from "./views/attacks.ts";
import { councilQuestions } from "./views/council.ts";
import { fundQuestions } from "./views/fund.ts";
import { ledgerQuestions } from "./views/ledger.ts";
import { membershipQuestions } from "./views/members.ts";
import { subjectKey } from "./views/question.ts";
import type { Question, Scope, Subject } from "./views/question.ts";
import { solidarityQuestions } from "./views/solidarity.ts";

/** So many questions are on their way at once: public nodes refuse more. */
const AT_ONCE = 100;
const LINES = 2;

const TOPICS = [
  membershipQuestions,
  ledgerQuestions,
  fundQuestions,
  councilQuestions,
  attackQuestions,
  solidarityQuestions,
];

/**
 * Asks every view of the chain at a block, and compares each answer with the rulebook, which must have been told all up to
 * it. `about` leaves out all members, attacks and so on that are not in it, as `subjectsOf` names them.
 */
export async function compare(
  rulebook: Rulebook,
  contracts: Speakers,
  blockTag: number,
  about?: ReadonlySet<string>,
): Promise<{ checked: number; findings: Finding[] }> {
  const block = await contracts.fund.runner?.provider?.getBlock(blockTag);
  if (!block) throw new Error(`block ${blockTag} does not exist`);
  const concerns = (subject: Subject, which: string | bigint) => about?.has(subjectKey(subject, which)) ?? true;
  const scope: Scope = { rulebook, contracts, at: { blockTag }, now: BigInt(block.timestamp), concerns };
  const questions = TOPICS.flatMap((topic) => topic(scope));
  const answers = await answersTo(questions);
  const findings = questions.flatMap((question, i) => {
    return holds(question, answers[i]) ? [] : [difference(question, answers[i], blockTag)];
  });
  return { checked: questions.length, findings };
}

/** Asks them in two lines, so that the node has work while the answers that came last are read. */
async function answersTo(questions: readonly Question[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  let next = 0;
  const line = async (): Promise<void> => {
    while (next < questions.length) {
      const first = next;
      next += AT_ONCE / LINES;
      const asked = questions.slice(first, next).map(({ ask }) => ask().catch(refusal));
      try {
        (await Promise.all(asked)).forEach((answer, i) => (answers[first + i] = answer));
      } catch (error) {
        // Then neither line asks on.
        next = questions.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: LINES }, line));
  return answers;
}

/** A call that reverts answers with its error; that the node cannot be asked is another matter. */
export function refusal(error: unknown): string {
  if (isRevert(error)) return `an error: ${whyUnasked(error)}`;
  if (isError(error, "CALL_EXCEPTION")) throw error;
  // The chain in this process throws its own errors; only a revert has data.
  const { data, message } = error as { data?: unknown; message?: string };
  if (typeof data === "string") return `an error: ${message ?? data}`;
  throw error;
}

function holds({ expected, atLeast }: Question, answer: unknown): boolean {
  if (atLeast === true) return typeof answer === "bigint" && answer >= (expected as bigint);
  return agrees(expected, answer);
}

function difference({ view, of, expected, atLeast }: Question, answer: unknown, block: number): Finding {
  return {
    rule: view,
    sentence: `at block ${block} the chain answers otherwise than the rules: ${view}${of === "" ? "" : ` of ${of}`}`,
    expected: `${atLeast === true ? "at least " : ""}${shown(expected)}`,
    found: shown(answer),
  };
}
