import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { GET } from "#app/api/v1/openapi.json/route.ts";

const root = import.meta.dirname;

type Operation = {
  operationId: string;
  summary: string;
  parameters: { name: string; in: string }[];
  responses: object;
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: object };
};

const document = (await GET().json()) as Document;

test("every route of the folder is in the document, with its methods, and no other", async () => {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter(
      (file) =>
        file.endsWith("route.ts") && !file.startsWith("[[...rest]]") && !file.startsWith("openapi.json"),
    )
    .map((file) => path.dirname(file));
  const expected: Record<string, string[]> = {};
  for (const folder of files) {
    const module = (await import(path.join(root, folder, "route.ts"))) as Record<string, object>;
    const methods = Object.keys(module).filter((name) => "definition" in (module[name] ?? {}));
    expected[`/${folder.replace(/\[(\w+)\]/g, "{$1}")}`] = methods.map((m) => m.toLowerCase()).sort();
  }
  const actual = Object.fromEntries(
    Object.entries(document.paths).map(([p, item]) => [p, Object.keys(item).sort()]),
  );
  expect(actual).toEqual(expected);
});

test("it is whole: parameters named, operations told apart, references that lead somewhere", () => {
  expect(document.openapi).toBe("3.1.0");
  const operations = Object.entries(document.paths).flatMap(([p, item]) =>
    Object.values(item).map((operation) => ({ p, operation })),
  );
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { p, operation } of operations) {
    const named = operation.parameters
      .filter((parameter) => parameter.in === "path")
      .map((parameter) => parameter.name);
    expect(named).toEqual([...p.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    expect(operation.summary.length).toBeGreaterThan(5);
    expect(operation.responses).toHaveProperty("default");
  }
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    expect(document.components.schemas).toHaveProperty(name ?? "");
  }
});

test("the fixed words that scripts outside depend on are there", () => {
  const post = document.paths["/deployments"]?.post as unknown as {
    requestBody: { content: { "application/json": { schema: { required: string[]; properties: object } } } };
  };
  const { schema } = post.requestBody.content["application/json"];
  expect(schema.required.toSorted()).toEqual(["name", "target"]);
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(["model", "scaling", "variants", "routing", "endpoint", "env", "ttlMinutes"]),
  );
  expect(JSON.stringify(schema)).toMatch(/minReplicas.*maxReplicas.*metric/);
  expect(existsSync(path.join(root, "../health/route.ts"))).toBe(true);
});

test("a body that isn't JSON is said as what it is", () => {
  expect(document.paths["/archives"]?.post).toMatchObject({
    requestBody: { required: true, content: { "application/zip": {} } },
  });
});
