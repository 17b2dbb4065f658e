// Forge's coverage is exact for code that is neither optimised nor built by viaIR. What is too deep for the stack that way, and
// only that, is built by viaIR.

interface Input {
  sources: Record<string, unknown>;
  settings: { outputSelection: Record<string, unknown>; [name: string]: unknown };
}

interface Output {
  errors?: { severity: string; message: string }[];
  contracts?: Record<string, unknown>;
  sources?: Record<string, unknown>;
}

/** The least of optimising with which viaIR finds room: forge's own for `--ir-minimum`. */
const LEAST_OPTIMIZER = {
  enabled: false,
  details: {
    peephole: false,
    inliner: false,
    jumpdestRemover: false,
    orderLiterals: false,
    deduplicate: false,
    cse: false,
    constantOptimizer: false,
    yul: true,
    yulDetails: { stackAllocation: true, optimizerSteps: "u" },
  },
};

const isTooDeep = ({ errors = [] }: Output) => errors.some(({ message }) => /stack too deep/i.test(message));

/** Compiles standard JSON. What is too deep for the stack is halved until the files are found that need viaIR. */
export function compileWithin(text: string, compile: (input: string) => string): string {
  const input = JSON.parse(text) as Input;
  const { outputSelection, ...settings } = input.settings;
  const build = (files: readonly string[], changed: object): Output => {
    const selection = Object.fromEntries(files.map((file) => [file, outputSelection[file] ?? outputSelection["*"]]));
    const narrowed = { ...settings, ...changed, outputSelection: selection };
    return JSON.parse(compile(JSON.stringify({ ...input, settings: narrowed }))) as Output;
  };
  const buildWithin = (files: readonly string[]): Output[] => {
    const output = build(files, {});
    if (!isTooDeep(output)) return [output];
    if (files.length === 1) return [build(files, { viaIR: true, optimizer: LEAST_OPTIMIZER })];
    const half = Math.ceil(files.length / 2);
    return [...buildWithin(files.slice(0, half)), ...buildWithin(files.slice(half))];
  };
  return JSON.stringify(merged(buildWithin(Object.keys(input.sources))));
}

/** What each output tells of the files it was asked for; the errors are those of any. */
function merged(outputs: readonly Output[]): Output {
  return {
    errors: outputs.flatMap(({ errors = [] }) => errors),
    contracts: Object.assign({}, ...outputs.map(({ contracts }) => contracts)) as Record<string, unknown>,
    sources: Object.assign(
      {},
      ...outputs.map(({ sources }) => sources),
      ...outputs.map(({ sources }) => withTree(sources)),
    ) as Record<string, unknown>,
  };
}

/** Every output numbers all sources, and holds a syntax tree only of those it was asked for, if at all. */
function withTree(sources: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(sources).filter(([, source]) => "ast" in (source as object)));
}
