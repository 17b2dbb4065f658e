// Reads what solc's model checker says.

/** What became of one thing that could go wrong: an assertion, or arithmetic that would panic. */
export interface Finding {
  /** File and function in which it stands, and what is claimed: the same however lines move. */
  claim: string;
  engine: string;
  verdict: "proved" | "refuted" | "undecided";
  /** Values for which the claim is wrong, as the checker prints them. */
  counterexample?: string;
}

/** A message of the compiler, as its standard JSON output gives it. */
export interface Message {
  severity: string;
  message: string;
  sourceLocation?: { file: string; start: number; end: number };
  secondarySourceLocations?: { message: string }[];
}

const VERDICT = /^(CHC|BMC): (.+?) (check is safe!|happens here|might happen here)/;
const COUNTEREXAMPLE = "Counterexample:";
const VERDICTS: Record<string, Finding["verdict"]> = {
  "check is safe!": "proved",
  "happens here": "refuted",
  "might happen here": "undecided",
};

/** What no target of the checker is: its advice, and what it says of assembly and of types it does not know. */
export function findingsOf(messages: readonly Message[], sourceOf: (file: string) => string): Finding[] {
  return messages.flatMap(({ message, sourceLocation, secondarySourceLocations = [] }) => {
    const [, engine, target, outcome] = VERDICT.exec(message) ?? [];
    const verdict = VERDICTS[outcome ?? ""];
    if (engine === undefined || target === undefined || verdict === undefined || sourceLocation === undefined)
      return [];
    const { file, start, end } = sourceLocation;
    const claim = `${file}: ${placeOf(sourceOf(file), start, end)}: ${propertyOf(target)}`;
    const values = secondarySourceLocations.find((note) => note.message.startsWith(COUNTEREXAMPLE))?.message;
    const counterexample = values?.slice(COUNTEREXAMPLE.length).trim().replaceAll(/\n\s*/g, ", ");
    return [{ claim, engine, verdict, ...(counterexample ? { counterexample } : {}) }];
  });
}

/** Errors that keep the checker from its work. */
export function errorsOf(messages: readonly Message[]): string[] {
  return messages.filter(({ severity }) => severity === "error").map(({ message }) => message);
}

function propertyOf(target: string): string {
  const name = target.replace(/ \(.*/, "").toLowerCase();
  return name === "assertion violation" ? "holds" : `no ${name}`;
}

/** The function and the expression, on one line. Offsets count bytes. */
function placeOf(source: string, start: number, end: number): string {
  const bytes = Buffer.from(source);
  const before = bytes.subarray(0, start).toString();
  const names = [...before.matchAll(/\bfunction (\w+)/g)].map(([, name]) => name);
  const expression = bytes.subarray(start, end).toString().replaceAll(/\s+/g, " ");
  return `${names.at(-1) ?? "constructor"}: ${expression}`;
}
