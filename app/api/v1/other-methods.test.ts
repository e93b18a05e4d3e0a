import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import * as rest from "#app/api/[...rest]/route.ts";
import { problem } from "#lib/web/answer-schemas.ts";

const root = import.meta.dirname;
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith("route.ts"),
);

type Handler = ((request: Request) => Promise<Response>) & { definition?: object };

test("addresses beside the API's own aren't there either, as a problem", async () => {
  for (const method of methods) {
    const answer = (rest as Record<string, () => Response>)[method]?.();
    expect([answer?.status, answer?.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
  }
});

test.each(files)("%s answers every method, and says as a problem which it doesn't take", async (file) => {
  const module = (await import(path.join(root, file))) as Record<string, Handler>;
  const ofTheDocument = file.startsWith("openapi.json") ? ["GET"] : [];
  const taken = methods.filter((m) => module[m]?.definition !== undefined || ofTheDocument.includes(m));
  for (const method of methods.filter((m) => !taken.includes(m))) {
    const answer = await module[method]?.(new Request("http://localhost/api/v1/x", { method }));
    expect(answer?.headers.get("content-type")).toBe("application/problem+json");
    const said = problem.parse(await answer?.json());
    expect([answer?.status, said.code]).toEqual(
      taken.length === 0 ? [404, "not_found"] : [405, "method_not_allowed"],
    );
    expect(answer?.headers.get("allow")).toBe(taken.length === 0 ? null : taken.join(", "));
  }
});
