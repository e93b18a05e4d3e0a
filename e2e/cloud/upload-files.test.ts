import { afterAll, beforeAll, expect, test } from "vitest";
import { apiForTest } from "#e2e/cloud/api-for-test.ts";
import { project } from "#e2e/cloud/google/google-for-test.ts";
import { must } from "#e2e/cloud/google/graph-for-test.ts";
import { uploadFiles } from "#infra/google/upload-files.ts";
import { zipForTest } from "#lib/archives/zip-for-test.ts";

let held: Awaited<ReturnType<typeof apiForTest>>;
beforeAll(async () => {
  held = await apiForTest();
  await must(held.ask, "POST", `/storage/v1/b?project=${project}`, { name: "files", location: "us" });
});
afterAll(() => held.google.close());

const zipOf = (files: Record<string, string>) =>
  zipForTest(Object.entries(files).map(([name, content]) => ({ name, content })));
const listed = async () =>
  ((await must(held.ask, "GET", "/storage/v1/b/files/o")).items ?? []) as Record<string, unknown>[];
const put = (files: Record<string, string>, signal?: AbortSignal) =>
  uploadFiles(held.api, { bucket: "files", zip: zipOf(files) }, signal);

test("a bucket comes to hold an archive's files, each with its type; a second run sends nothing", async () => {
  const files = { "site/index.html": "<h1>Hi</h1>", "site/img/größe #1.png": "png", "site/.git/x": "no" };
  expect(await put(files)).toEqual({ sent: 2, same: 0, removed: 0 });
  expect(await listed()).toMatchObject([
    { name: "img/größe #1.png", contentType: "image/png", size: "3" },
    { name: "index.html", contentType: "text/html; charset=utf-8", cacheControl: "public, max-age=60" },
  ]);
  expect(await put(files)).toEqual({ sent: 0, same: 2, removed: 0 });
});

test("another archive's files take the place of the earlier one's, and no other is left", async () => {
  const next = { "index.html": "<h1>New</h1>", "a.css": "a{}", "b.css": "", "c.js": "1", "d.json": "{}" };
  expect(await put(next)).toEqual({ sent: 5, same: 0, removed: 1 });
  expect((await listed()).map(({ name }) => name)).toEqual(Object.keys(next).toSorted());
});

test("a run that was broken off is taken up by the next", async () => {
  const all = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`${n}.txt`, `${n}`]));
  const stop = new AbortController();
  let done = 0;
  const api: typeof held.api = {
    ...held.api,
    async upload(given) {
      const answer = await held.api.upload(given);
      if (++done === 3) stop.abort(new Error("stopped"));
      return answer;
    },
  };
  await expect(uploadFiles(api, { bucket: "files", zip: zipOf(all) }, stop.signal)).rejects.toThrow(
    "stopped",
  );
  const rest = await put(all);
  expect(rest.same).toBeGreaterThanOrEqual(3);
  expect(rest.sent).toBeGreaterThan(0);
  expect(rest.sent + rest.same).toBe(12);
  expect((await listed()).map(({ name }) => name)).toEqual(Object.keys(all).toSorted());
});

test("what Google refuses ends all of it in Google's words", async () => {
  await expect(
    uploadFiles(held.api, { bucket: "nowhere", zip: zipOf({ "a.html": "a" }) }),
  ).rejects.toMatchObject({
    name: "GoogleError",
    status: 404,
    message: "The specified bucket does not exist.",
  });
});
