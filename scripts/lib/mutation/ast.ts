// The compiler's syntax tree, as its standard JSON output gives it, as far as mutation reads it.

/** A node: `src` is "start:length:file", in bytes. */
export interface Node {
  nodeType: string;
  src: string;
  [field: string]: unknown;
}

/** A source as the mutators read it. */
export interface Source {
  /** As the compiler names it. */
  file: string;
  /** Each character stands for one byte, so that the tree's offsets count characters. */
  text: string;
  tree: Node;
}

/** A node with those that hold it, the nearest first. */
export interface Place {
  node: Node;
  parents: readonly Node[];
}

/** Every node of a tree, each after those that hold it. */
export function* placesIn(node: Node, parents: readonly Node[] = []): Generator<Place> {
  yield { node, parents };
  const inner = [node, ...parents];
  for (const child of childrenOf(node)) yield* placesIn(child, inner);
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flatMap((value): unknown[] => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "nodeType" in value && "src" in value;
}

export function nodesOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function nodeOf(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined;
}

/** Where a node begins and ends in its source. */
export function rangeOf({ src }: Node): [start: number, end: number] {
  const [start = 0, length = 0] = src.split(":").map(Number);
  return [start, start + length];
}

export function textOf(source: Pick<Source, "text">, node: Node): string {
  return source.text.slice(...rangeOf(node));
}

/** The type that the compiler gives an expression, in its words: "uint256", "int_const 30". */
export function typeOf(node: Node): string {
  const { typeDescriptions } = node as { typeDescriptions?: { typeString?: string | null } };
  return typeDescriptions?.typeString ?? "";
}

/** The contract and function, or constant, in which a node stands: "ProRata.add". */
export function functionOf(parents: readonly Node[]): string {
  const named = (...types: string[]) => parents.find(({ nodeType }) => types.includes(nodeType));
  const holder = named("FunctionDefinition", "ModifierDefinition", "VariableDeclaration");
  const contract = named("ContractDefinition");
  const name = holder?.["name"] === "" ? holder["kind"] : holder?.["name"];
  return [contract?.["name"], name].filter((part) => typeof part === "string").join(".");
}
