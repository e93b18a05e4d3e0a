import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import { must, refusal } from "#e2e/cloud/google/graph-for-test.ts";
import { isPublic } from "#e2e/cloud/google/storage/buckets.ts";
import { crc32c } from "#e2e/cloud/google/storage/crc32c.ts";

let held: Awaited<ReturnType<typeof googleForTest>>;
beforeAll(async () => {
  held = await googleForTest();
  await must(held.ask, "POST", `/storage/v1/b?project=${project}`, { name: "static-files", location: "us" });
});
afterAll(() => held.google.close());

const bucket = "/storage/v1/b/static-files";

async function upload(query: string, contentType: string, body: string) {
  const headers = { authorization: `Bearer ${held.google.tokens.issue(owner)}`, "content-type": contentType };
  const url = `${held.google.url}/upload${bucket}/o?${query}`;
  const response = await fetch(url, { method: "POST", headers, body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test("files are kept as they were sent, whole or with what is said of them", async () => {
  const { ask, google } = held;
  const md5Hash = createHash("md5").update("<h1>Hello</h1>").digest("base64");
  const whole = await upload("uploadType=media&name=index.html", "text/html", "<h1>Hello</h1>");
  expect(whole).toMatchObject({
    status: 200,
    body: { name: "index.html", size: "14", contentType: "text/html", md5Hash },
  });
  const parts = [
    "--edge\r\nContent-Type: application/json\r\n\r\n",
    JSON.stringify({ name: "css/site.css", cacheControl: "no-store" }),
    "\r\n--edge\r\nContent-Type: text/css\r\n\r\nbody { margin: 0 }\r\n--edge--\r\n",
  ];
  const two = await upload("uploadType=multipart", "multipart/related; boundary=edge", parts.join(""));
  expect(two).toMatchObject({
    status: 200,
    body: { name: "css/site.css", cacheControl: "no-store", size: "18" },
  });
  const headers = { authorization: `Bearer ${google.tokens.issue(owner)}` };
  const media = await fetch(`${google.url}${bucket}/o/css%2Fsite.css?alt=media`, { headers });
  expect([media.headers.get("content-type"), await media.text()]).toEqual(["text/css", "body { margin: 0 }"]);
  const names = async (query: string) => (await must(ask, "GET", `${bucket}/o${query}`)).items;
  expect(await names("")).toMatchObject([{ name: "css/site.css" }, { name: "index.html" }]);
  expect(await names("?prefix=css/")).toMatchObject([{ name: "css/site.css" }]);
  expect(await ask("DELETE", bucket)).toMatchObject(refusal(409, "conflict", /not empty/));
  for (const name of ["index.html", "css%2Fsite.css"]) await must(ask, "DELETE", `${bucket}/o/${name}`);
  expect(await names("")).toBeUndefined();
  expect(await upload("uploadType=resumable&name=a", "text/plain", "a")).toMatchObject({ status: 501 });
});

test("a bucket is public once everybody is given its objects", async () => {
  const { ask, google } = held;
  expect(isPublic(google, "static-files")).toBe(false);
  const policy = await must(ask, "GET", `${bucket}/iam`);
  const bindings = [{ role: "roles/storage.objectViewer", members: ["allUsers"] }];
  expect(await ask("PUT", `${bucket}/iam`, { bindings, etag: "stale" })).toMatchObject(
    refusal(412, "conditionNotMet", /pre-conditions/),
  );
  await must(ask, "PUT", `${bucket}/iam`, { ...policy, bindings });
  expect(isPublic(google, "static-files")).toBe(true);
  await must(ask, "PATCH", bucket, { iamConfiguration: { publicAccessPrevention: "enforced" } });
  expect(await ask("PUT", `${bucket}/iam`, { bindings })).toMatchObject(
    refusal(412, "conditionNotMet", /public access prevention/),
  );
});

test("a name is taken for everybody", async () => {
  const { ask, google } = held;
  google.addProject({ id: "other-proj", number: "2", owner });
  const again = (id: string) => ask("POST", `/storage/v1/b?project=${id}`, { name: "static-files" });
  expect(await again(project)).toMatchObject(refusal(409, "conflict", /you already own it/));
  expect(await again("other-proj")).toMatchObject(refusal(409, "conflict", /namespace is shared/));
  expect(await ask("POST", `/storage/v1/b?project=${project}`, { name: "My Bucket" })).toMatchObject(
    refusal(400, "invalid", /Invalid bucket name/),
  );
  expect(await ask("GET", "/storage/v1/b/nowhere")).toMatchObject(refusal(404, "notFound", /does not exist/));
});

test("checksums are Castagnoli's", () => {
  // The check value of CRC-32C for the nine digits.
  expect(Buffer.from(crc32c(Buffer.from("123456789")), "base64").toString("hex")).toBe("e3069283");
});
