import { createHash } from "node:crypto";
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

/** Whose declarations are read. */
export type Sdk = {
  /** such as `@pulumi/kubernetes` */
  packageName: string;
  /** The files of the classes that programs use, beside the one with what their arguments are made of. */
  files: string[];
};

const require = createRequire(import.meta.url);

const known = new Map<string, Declarations>();

/** An SDK's own declarations. Reading 45,000 lines and more of them takes seconds, so what was read is kept. */
export function readDeclarations(sdk: Sdk): Declarations {
  const found = known.get(sdk.packageName) ?? readOrParse(sdk);
  known.set(sdk.packageName, found);
  return found;
}

function readOrParse(sdk: Sdk): Declarations {
  const home = path.dirname(require.resolve(`${sdk.packageName}/package.json`));
  const { version } = require(`${sdk.packageName}/package.json`) as { version: string };
  const folder = path.join(home, "../../.cache/sluice");
  const asked = createHash("sha256").update(sdk.files.join()).digest("hex").slice(0, 8);
  const name = path.basename(sdk.packageName);
  const file = path.join(folder, `${name}-declarations-${version}-${asked}-2.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Declarations;
  const declarations = reachable(parseDeclarations(home, sdk.files));
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(declarations));
  renameSync(draft, file);
  return declarations;
}

function parseDeclarations(home: string, files: string[]): Declarations {
  const ts = require("typescript") as typeof TypeScript;
  const found: Declarations = {};
  const read = (file: string) => {
    const full = path.join(home, `${file}.d.ts`);
    return ts.createSourceFile(full, readFileSync(full, "utf8"), ts.ScriptTarget.Latest, true);
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
  for (const file of files) {
    const source = read(file);
    ts.forEachChild(source, (node) => {
      if (ts.isInterfaceDeclaration(node) && node.name.text.endsWith("Args"))
        found[`args:${file}`] = membersOf(ts, source, node);
    });
  }
  return found;
}

/** An SDK declares thousands of objects: those that the arguments, or metadata, are made of are kept. */
function reachable(all: Declarations): Declarations {
  const kept: Declarations = {};
  const keep = (name: string) => {
    const declaration = all[name];
    if (!declaration || name in kept) return;
    kept[name] = declaration;
    for (const { shape } of Object.values(declaration)) objectsIn(shape).forEach(keep);
  };
  Object.keys(all)
    .filter((name) => name.startsWith("args:"))
    .forEach(keep);
  return kept;
}

function objectsIn(shape: Shape): string[] {
  switch (shape.kind) {
    case "object":
      return [shape.name];
    case "list":
    case "map":
      return objectsIn(shape.of);
    case "either":
      return shape.of.flatMap(objectsIn);
    default:
      return [];
  }
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
    const told = shape.kind === "string" ? (valuesTold(member.getFullText(source)) ?? shape) : shape;
    return [name, { shape: told, isRequired: !member.questionToken }] as const;
  });
  return Object.fromEntries(members);
}

const anything: Shape = { kind: "any" };

/** An SDK that has no type for an enum says in words, always in these, what it may be. */
function valuesTold(text: string): Shape | null {
  const comment = text.replace(/\s*\n\s*\*\s*/g, " ");
  const [, list] = /Possible values are: ((?:`[A-Z0-9_]+`(?:, )?)+)\./.exec(comment) ?? [];
  if (!list) return null;
  const values = [...list.matchAll(/`([A-Z0-9_]+)`/g)].map(([, value]) => value!);
  return { kind: "either", of: values.map((value) => ({ kind: "literal" as const, value })) };
}

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
