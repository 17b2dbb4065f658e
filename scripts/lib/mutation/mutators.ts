// What is changed in a contract, one change at a time.
import { functionOf, isNode, nodeOf, nodesOf, placesIn, rangeOf, textOf, typeOf } from "./ast.ts";
import type { Node, Place, Source } from "./ast.ts";

export type Kind = "operator" | "bound" | "condition" | "deletion" | "arguments" | "rounding";

/** A piece of source and what stands there instead. */
export interface Edit {
  start: number;
  end: number;
  text: string;
  /** A statement stands alone; an expression has a value. */
  form: "expression" | "statement";
}

export interface Mutation {
  kind: Kind;
  file: string;
  line: number;
  /** Contract and function, as in "ProRata.add". */
  place: string;
  /** What stood there, and what does now, each on one line. */
  before: string;
  after: string;
  edits: Edit[];
}

type Draft = Pick<Mutation, "kind" | "edits"> & { shown: Node; parents: readonly Node[] };

const OPERATORS: Record<string, readonly string[]> = {
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "&": ["|"],
  "|": ["&"],
  "^": ["&"],
  "<<": [">>"],
  ">>": ["<<"],
  "&&": ["||"],
  "||": ["&&"],
};
/** First the bound moved by one, then the opposite. */
const COMPARISONS: Record<string, readonly [bound: string | undefined, opposite: string]> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "==": [undefined, "!="],
  "!=": [undefined, "=="],
};
const ASSIGNMENTS: Record<string, string> = {
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
  "|=": "&=",
  "&=": "|=",
  "<<=": ">>=",
  ">>=": "<<=",
};
const OPPOSITES: Record<string, string> = { max: "min", min: "max", Floor: "Ceil", Ceil: "Floor" };
/** What they return does not depend on the order of their first two arguments. */
const COMMUTATIVE = ["max", "min", "mulDiv", "mulmod", "addmod"];
const STATEMENTS = ["ExpressionStatement", "EmitStatement", "RevertStatement"];
const BODIES = ["FunctionDefinition", "ModifierDefinition"];

/**
 * Every mutation of a source, in its order. Left out is what another says already: a law dropped as a statement (its
 * condition becomes true), a whole condition turned round (it becomes true, and false), arguments whose order does not
 * matter.
 */
export function mutationsOf(source: Source): Mutation[] {
  const drafts = [...placesIn(source.tree)]
    .filter(isCode)
    .flatMap((place) => [
      ...operators(source, place),
      ...bounds(source, place),
      ...conditions(place),
      ...deletions(source, place),
      ...swaps(source, place),
      ...roundings(source, place),
    ]);
  return drafts
    .map((draft) => finished(source, draft))
    .filter(({ before, after }) => before !== after)
    .sort((a, b) => startOf(a) - startOf(b));
}

function startOf({ edits }: Mutation): number {
  return edits[0]?.start ?? 0;
}

/** Code runs: the bodies of functions, and the values of constants. */
function isCode({ node, parents }: Place): boolean {
  if (parents.some(({ nodeType }) => BODIES.includes(nodeType))) {
    return parents.some(({ nodeType }) => nodeType === "Block") && node.nodeType !== "Block";
  }
  return parents.some((parent, i) => {
    const inner = i === 0 ? node : parents[i - 1];
    return parent.nodeType === "VariableDeclaration" && parent["value"] === inner;
  });
}

function finished(source: Source, { kind, edits, shown, parents }: Draft): Mutation {
  const [start, end] = rangeOf(shown);
  const changed = [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (text, edit) => text.slice(0, edit.start - start) + edit.text + text.slice(edit.end - start),
      source.text.slice(start, end),
    );
  return {
    kind,
    file: source.file,
    line: source.text.slice(0, edits[0]?.start ?? start).split("\n").length,
    place: functionOf([shown, ...parents]),
    before: onOneLine(source.text.slice(start, end)),
    after: onOneLine(changed),
    edits,
  };
}

function onOneLine(text: string): string {
  return Buffer.from(text, "latin1").toString().replaceAll(/\s+/g, " ").trim();
}

/** The node as a whole becomes `text`. */
function whole(kind: Kind, { node, parents }: Place, text: string, form: Edit["form"] = "expression"): Draft {
  const [start, end] = rangeOf(node);
  return { kind, shown: node, parents, edits: [{ start, end, text, form }] };
}

/** Whether a value is known when the contract is compiled; such a one changes as a whole. */
function isConstant(node: Node): boolean {
  return /^(int_const|rational_const)/.test(typeOf(node));
}

function operators(source: Source, place: Place): Draft[] {
  const { node, parents } = place;
  const operator = String(node["operator"]);
  if (node.nodeType === "BinaryOperation" && !isConstant(node)) {
    const [left, right] = [nodeOf(node["leftExpression"]), nodeOf(node["rightExpression"])];
    if (left === undefined || right === undefined) return [];
    const joined = (by: string) => `${textOf(source, left)} ${by} ${textOf(source, right)}`;
    const [bound, opposite] = COMPARISONS[operator] ?? [];
    const others = [
      ...(OPERATORS[operator] ?? []),
      ...(opposite === undefined || isCondition(place) ? [] : [opposite]),
    ];
    return [
      ...(bound === undefined ? [] : [whole("bound", place, joined(bound))]),
      ...others.map((other) => whole("operator", place, joined(other))),
    ];
  }
  if (node.nodeType === "UnaryOperation" && operator === "!" && !isCondition(place)) {
    const operand = nodeOf(node["subExpression"]);
    return operand === undefined ? [] : [whole("operator", place, textOf(source, operand))];
  }
  if (node.nodeType === "UnaryOperation" && (operator === "++" || operator === "--")) {
    return [whole("operator", place, textOf(source, node).replace(operator, operator === "++" ? "--" : "++"))];
  }
  const [statement] = parents;
  const other = ASSIGNMENTS[operator];
  if (node.nodeType === "Assignment" && statement !== undefined && STATEMENTS.includes(statement.nodeType)) {
    const [left, right] = [nodeOf(node["leftHandSide"]), nodeOf(node["rightHandSide"])];
    if (other === undefined || left === undefined || right === undefined || isLoopStep(parents)) return [];
    return [whole("operator", place, `${textOf(source, left)} ${other} ${textOf(source, right)}`, "statement")];
  }
  if (node.nodeType === "Literal" && node["kind"] === "bool") {
    return [whole("operator", place, node["value"] === "true" ? "false" : "true")];
  }
  return [];
}

/**
 * One more and one less. A number beside others takes its type from them, so there the expression that holds both
 * changes.
 */
function bounds(source: Source, place: Place): Draft[] {
  const { node, parents } = place;
  const [parent, ...outer] = parents;
  if (!isConstant(node) || parent === undefined || isConstant(parent) || isTypeName(parents)) return [];
  const text = typeOf(node).replace(/^(int_const|rational_const) /, "");
  const value = /^-?\d+$/.test(text) ? BigInt(text) : valueOf(textOf(source, node));
  if (value === undefined) return [];
  const typedByParent = parent.nodeType === "BinaryOperation" || parent["kind"] === "typeConversion";
  const [start, end] = rangeOf(node);
  return [value + 1n, ...(value > 0n ? [value - 1n] : [])].map((other) => {
    if (!typedByParent) {
      const { edits } = whole("bound", place, String(other));
      return { kind: "bound", edits, shown: isStatementLike(parent) ? node : parent, parents: outer };
    }
    const [from, to] = rangeOf(parent);
    const changed = source.text.slice(from, start) + String(other) + source.text.slice(end, to);
    return whole("bound", { node: parent, parents: outer }, changed);
  });
}

/** The compiler abbreviates long numbers in its types: such a one is read from the source. */
function valueOf(text: string): bigint | undefined {
  const [, digits, zeros = "0"] = /^(\d+)e(\d+)$/.exec(text.replaceAll("_", "")) ?? [];
  return digits === undefined ? undefined : BigInt(digits) * 10n ** BigInt(zeros);
}

function isTypeName(parents: readonly Node[]): boolean {
  return parents.some(({ nodeType }) => nodeType.endsWith("TypeName"));
}

/** What would be too much to show with a number in it. */
function isStatementLike({ nodeType }: Node): boolean {
  return nodeType.endsWith("Statement") || nodeType === "Block" || nodeType === "Return";
}

function isLoopStep([statement, loop]: readonly Node[]): boolean {
  return loop?.nodeType === "ForStatement" && loop["loopExpression"] === statement;
}

/** Whether it decides a branch, a law or a loop. */
function isCondition({ node, parents: [parent] }: Place): boolean {
  return parent !== undefined && (parent["condition"] === node || isLaw(parent, node));
}

function isLaw(call: Node, condition: Node): boolean {
  return nameOf(call) === "require" && nodesOf(call["arguments"])[0] === condition;
}

function conditions(place: Place): Draft[] {
  const [parent] = place.parents;
  if (parent === undefined || !isCondition(place) || place.node["kind"] === "bool") return [];
  const loops = ["ForStatement", "WhileStatement"].includes(parent.nodeType);
  const values = loops ? ["false"] : isLaw(parent, place.node) ? ["true"] : ["true", "false"];
  return values.map((value) => whole("condition", place, value));
}

function deletions(source: Source, place: Place): Draft[] {
  const { node, parents } = place;
  const isStep = parents[0]?.["loopExpression"] === node;
  const call = nodeOf(node["expression"]);
  if (!STATEMENTS.includes(node.nodeType) || isStep || (call !== undefined && nameOf(call) === "require")) return [];
  // The statement's own node may end before its semicolon.
  const draft = whole("deletion", place, "", "statement");
  return source.text.slice(...rangeOf(node)) === "" ? [] : [draft];
}

/** Neighbours of one type change places. */
function swaps(source: Source, place: Place): Draft[] {
  const { node, parents } = place;
  if (node.nodeType !== "FunctionCall" || node["kind"] === "typeConversion") return [];
  const given = nodesOf(node["arguments"]);
  const fixed = COMMUTATIVE.includes(nameOf(node)) && !isMethodOn(node) ? 1 : 0;
  return given.slice(0, -1).flatMap((first, i): Draft[] => {
    const second = given[i + 1];
    if (second === undefined || i < fixed || typeOf(first) !== typeOf(second)) return [];
    const [one, other] = [textOf(source, first), textOf(source, second)];
    if (one === other) return [];
    const edit = (at: Node, text: string): Edit => {
      const [start, end] = rangeOf(at);
      return { start, end, text, form: "expression" };
    };
    return [{ kind: "arguments", shown: node, parents, edits: [edit(first, other), edit(second, one)] }];
  });
}

/** The name of what is called: "mulDiv" of `Math.mulDiv(a, b, c)`. */
function nameOf(call: Node): string {
  const called = nodeOf(call["expression"]);
  const name = called?.["memberName"] ?? called?.["name"];
  return typeof name === "string" ? name : "";
}

/** Whether a library's function is called on its first argument: `a.mulDiv(b, c)`. */
function isMethodOn(call: Node): boolean {
  const called = nodeOf(call["expression"]);
  const on = nodeOf(called?.["expression"]);
  return on !== undefined && !typeOf(on).startsWith("type(");
}

function roundings(source: Source, place: Place): Draft[] {
  const { node } = place;
  const isRounding = node.nodeType === "MemberAccess" && typeOf(node) === "enum Math.Rounding";
  const isExtreme =
    node.nodeType === "FunctionCall" && isNode(node["expression"]) && ["max", "min"].includes(nameOf(node));
  if (!isRounding && !isExtreme) return [];
  const name = isRounding ? String(node["memberName"]) : nameOf(node);
  const opposite = OPPOSITES[name];
  if (opposite === undefined) return [];
  const { shown, parents } = { shown: isRounding ? (place.parents[0] ?? node) : node, parents: place.parents };
  const draft = whole("rounding", place, textOf(source, node).replace(new RegExp(`\\b${name}\\b`), opposite));
  return [{ ...draft, shown, parents }];
}
