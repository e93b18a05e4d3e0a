import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { fileProblem, readUploaded, uploadArchive } from "#components/form/upload-archive.ts";

afterEach(() => vi.unstubAllGlobals());

test.each([
  [{ name: "site.zip", size: 10 }, null],
  [{ name: "SITE.ZIP", size: 20 * 1024 * 1024 }, null],
  [{ name: "site.tar.gz", size: 10 }, "site.tar.gz isn’t a zip archive. Pack the files into one first."],
  [{ name: "a.zip", size: 22_000_000 }, "a.zip has 22.0 MB, and an archive has at most 20 MiB."],
])("what can be told of %o before it is sent", (file, words) => {
  expect(fileProblem(file)).toBe(words);
});

/** The browser's request, as far as it is used: what is sent, and how it ends when a test says so. */
class FakeRequest {
  static last: FakeRequest;
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = "";
  sent: unknown[] = [];
  constructor() {
    FakeRequest.last = this;
  }
  open(...args: unknown[]) {
    this.sent.push(...args);
  }
  setRequestHeader(...args: unknown[]) {
    this.sent.push(...args);
  }
  send(body: unknown) {
    this.sent.push(body);
  }
  abort() {
    this.onabort?.();
  }
  answer(status: number, text: string) {
    this.status = status;
    this.responseText = text;
    this.onload?.();
  }
}

function begin(name = "my site.zip") {
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
  const stop = new AbortController();
  const shares: number[] = [];
  const file = new File(["zip"], name);
  const work = uploadArchive(file, { signal: stop.signal, onProgress: (share) => shares.push(share) });
  return { work, stop, shares, file, request: FakeRequest.last };
}

test("a file is sent as it is, and how far it is gets told", async () => {
  const { work, shares, file, request } = begin();
  expect(request.sent).toEqual([
    "POST",
    "/api/v1/archives?name=my%20site.zip",
    "content-type",
    "application/zip",
    file,
  ]);
  request.upload.onprogress?.({ loaded: 1, total: 4 });
  request.answer(201, '{"id":"arc-1"}');
  expect(await work).toEqual({ id: "arc-1" });
  expect(shares).toEqual([0.25]);
});

test.each([
  [422, '{"detail":"The archive has no files."}', "The archive has no files."],
  [401, '{"detail":"Send an API key."}', /signed out/],
  [502, "<html>", /answered 502/],
  [200, "<html>", /answered 200/],
])("an answer of %i is a sentence", async (status, text, words) => {
  const { work, request } = begin();
  request.answer(status, text);
  await expect(work).rejects.toThrow(words);
});

test("a portal that is away is a sentence, and what is given up says nothing", async () => {
  const away = begin();
  away.request.onerror?.();
  await expect(away.work).rejects.toThrow(/can’t be reached/);
  const left = begin();
  left.stop.abort(new Error("left"));
  await expect(left.work).rejects.toThrow("left");
});

test("what was uploaded earlier is read again, or is gone", async () => {
  const server = createServer(((request, response) => {
    response.statusCode = request.url === "/api/v1/archives/arc-1" ? 200 : 404;
    response.end('{"id":"arc-1"}');
  }) satisfies RequestListener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const real = fetch;
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => real(base + path, init));
  const { signal } = new AbortController();
  try {
    expect(await readUploaded("arc-1", signal)).toEqual({ id: "arc-1" });
    expect(await readUploaded("arc-2", signal)).toBeNull();
  } finally {
    server.close();
  }
  await expect(readUploaded("arc-1", signal)).rejects.toThrow(/can’t be reached/);
});
