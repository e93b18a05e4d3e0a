import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type * as TypeScript from "typescript";

/** What a declaration lets a value be. */
export type Shape =
  | { kind: "any" | "string" | "number" | "boolean" }
  | { kind: "literal"; value: string }
  | { kind: "list"; of: Shape }
  | { kind: "map"; of: Shape }
  | { kind: "either"; of: Shape[] }
  | { kind: "object"; name: string };

export type Declaration = Record<string, { shape: Shape; isRequired: boolean }>;

/** Objects by their name in the SDK, such as `core.v1.PodSpec`; arguments by `args:apps/v1/deployment`. */
export type Declarations = Record<string, Declaration>;

const require = createRequire(import.meta.url);
const sdk = path.dirname(require.resolve("@pulumi/kubernetes/package.json"));

/** The files of the kinds that tests make, beside the one with what they are made of. */
const argumentFiles = [
  "provider",
  "core/v1/namespace",
  "core/v1/secret",
  "core/v1/configMap",
  "core/v1/service",
  "apps/v1/deployment",
  "autoscaling/v2/horizontalPodAutoscaler",
  "policy/v1/podDisruptionBudget",
];

let known: Declarations | null = null;

/** The SDK's own declarations. Reading 45,000 lines of them takes seconds, so what was read is kept. */
export function readDeclarations(): Declarations {
  known ??= readOrParse();
  return known;
}

function readOrParse(): Declarations {
  const { version } = require("@pulumi/kubernetes/package.json") as { version: string };
  const folder = path.join(sdk, "../../.cache/sluice");
  const file = path.join(folder, `kubernetes-declarations-${version}-1.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Declarations;
  const declarations = parseDeclarations();
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(declarations));
  renameSync(draft, file);
  return declarations;
}

function parseDeclarations(): Declarations {
  const ts = require("typescript") as typeof TypeScript;
  const found: Declarations = {};
  const read = (file: string) => {
    const full = path.join(sdk, `${file}.d.ts`);
    return ts.createSourceFile(full, readFileSync(full, "utf8"), ts.ScriptTarget.Latest);
  };
  const visit = (source: TypeScript.SourceFile, node: TypeScript.Node, prefix: string): void => {
    if (ts.isModuleDeclaration(node) && node.body) {
      const name = `${prefix}${node.name.text}.`;
      ts.forEachChild(node.body, (child) => visit(source, child, name));
    } else if (ts.isInterfaceDeclaration(node)) {
      found[`${prefix}${node.name.text}`] = membersOf(ts, source, node);
    }
  };
  const types = read("types/input");
  ts.forEachChild(types, (node) => visit(types, node, ""));
  for (const file of argumentFiles) {
    const source = read(file);
    ts.forEachChild(source, (node) => {
      if (ts.isInterfaceDeclaration(node) && node.name.text.endsWith("Args"))
        found[`args:${file}`] = membersOf(ts, source, node);
    });
  }
  return found;
}

function membersOf(
  ts: typeof TypeScript,
  source: TypeScript.SourceFile,
  node: TypeScript.InterfaceDeclaration,
): Declaration {
  const members = node.members.filter(ts.isPropertySignature).map((member) => {
    const name =
      ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)
        ? member.name.text
        : member.name.getText(source);
    const shape = member.type ? shapeOf(ts, source, member.type) : anything;
    return [name, { shape, isRequired: !member.questionToken }] as const;
  });
  return Object.fromEntries(members);
}

const anything: Shape = { kind: "any" };

function shapeOf(ts: typeof TypeScript, source: TypeScript.SourceFile, node: TypeScript.TypeNode): Shape {
  const again = (inner: TypeScript.TypeNode) => shapeOf(ts, source, inner);
  if (ts.isParenthesizedTypeNode(node)) return again(node.type);
  if (ts.isArrayTypeNode(node)) return { kind: "list", of: again(node.elementType) };
  if (ts.isUnionTypeNode(node)) {
    const some = node.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword).map(again);
    return some.length === 1 ? some[0]! : { kind: "either", of: some };
  }
  if (ts.isTypeLiteralNode(node)) {
    const [index] = node.members;
    return index && ts.isIndexSignatureDeclaration(index) ? { kind: "map", of: again(index.type) } : anything;
  }
  if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) {
    return { kind: "literal", value: node.literal.text };
  }
  if (ts.isTypeReferenceNode(node)) {
    const name = node.typeName.getText(source);
    const [argument] = node.typeArguments ?? [];
    if (name === "pulumi.Input" && argument) return again(argument);
    if (name.startsWith("inputs.")) return { kind: "object", name: name.slice("inputs.".length) };
    return name.startsWith("enums.") ? { kind: "string" } : anything;
  }
  if (node.kind === ts.SyntaxKind.StringKeyword) return { kind: "string" };
  if (node.kind === ts.SyntaxKind.NumberKeyword) return { kind: "number" };
  return node.kind === ts.SyntaxKind.BooleanKeyword ? { kind: "boolean" } : anything;
}
