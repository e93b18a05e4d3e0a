import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import https from "node:https";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  call,
  deploy,
  failureOf,
  harness,
  makeCertificate,
  makeDeployment,
  until,
  type Harness,
} from "#infra/local-runtime/fixtures/harness.ts";
import type { EndpointState, Inventory } from "#infra/local-runtime/protocol.ts";
import { freePort } from "#infra/postgres/free-port.ts";
import { connectPinned } from "#lib/tls/connect-pinned.ts";

let h: Harness;
beforeAll(async () => (h = await harness()));
afterAll(() => h.close());

/** Files under the data folder that hold the text, the sockets left out. */
function filesWith(text: string): string[] {
  return readdirSync(h.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file, "utf8").includes(text));
}

const secretLine = (key: string) => key.split("\n")[1] ?? "";

/** Reads a stream of events to its end. */
function stream(url: string, certificate: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = https.get(url, connectPinned(certificate), (response) => {
      let events = 0;
      response.on("data", (chunk: Buffer) => (events += chunk.toString().split("data:").length - 1));
      response.on("end", () => resolve(events));
      response.on("error", reject);
    });
    request.on("error", reject);
  });
}

describe("an HTTPS endpoint", () => {
  it("shows the certificate it was given, and its key lies in one file that is its owner's alone", async () => {
    const { id } = await makeDeployment(h.database);
    const { tls, key } = await makeCertificate(h, id);
    const { url, certificate } = await deploy(h.client(), id, { access: "open", tls });
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(certificate).toBe(tls.certificate);
    expect((await call(`${url}/x`, { certificate })).status).toBe(200);
    const { tls: another } = await makeCertificate(h, id);
    await expect(call(url, { certificate: another.certificate })).rejects.toThrow();
    await expect(call(url.replace("https", "http"))).rejects.toThrow();

    const [file = "", ...others] = filesWith(secretLine(key));
    expect(others).toEqual([]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(h.runtime.desired.get(id))).not.toContain("PRIVATE KEY");
  });

  it("takes another certificate without breaking a stream, and forgets the one before", async () => {
    const { id } = await makeDeployment(h.database);
    const first = await makeCertificate(h, id);
    const { url, port } = await deploy(h.client(), id, { access: "open", tls: first.tls });
    const streamed = stream(`${url}/stream?events=30&every=50`, first.tls.certificate);
    const second = await makeCertificate(h, id);
    const command = { port, access: "open", tls: second.tls };
    const state = (await h.client().send("PUT", `/deployments/${id}/endpoint`, command)) as EndpointState;
    expect(state.url).toBe(url);
    expect((await call(url, { certificate: second.tls.certificate })).status).toBe(200);
    await expect(call(url, { certificate: first.tls.certificate })).rejects.toThrow();
    expect(await streamed).toBe(30);
    expect(filesWith(secretLine(first.key))).toEqual([]);
    expect(filesWith(secretLine(second.key))).toHaveLength(1);
  });

  it("goes back to HTTP, and leaves nothing of the key when it is torn down", async () => {
    const { id } = await makeDeployment(h.database);
    const { tls, key } = await makeCertificate(h, id);
    const redirectFrom = await freePort();
    const { port } = await deploy(h.client(), id, { access: "open", tls, redirectFrom });
    const inventory = async () => (await h.client().send("GET", `/deployments/${id}`)) as Inventory;
    expect((await inventory()).ports).toEqual([
      { port, what: "endpoint" },
      { port: redirectFrom, what: "redirect to the endpoint" },
    ]);
    const plain = { port, access: "open" };
    const { url } = (await h.client().send("PUT", `/deployments/${id}/endpoint`, plain)) as EndpointState;
    expect((await call(url)).status).toBe(200);
    await expect(call(`http://127.0.0.1:${redirectFrom}`)).rejects.toThrow("ECONNREFUSED");
    expect(filesWith(secretLine(key))).toEqual([]);

    await h.client().send("PUT", `/deployments/${id}/endpoint`, { ...plain, tls });
    await h.client().send("DELETE", `/deployments/${id}`);
    expect(filesWith(secretLine(key))).toEqual([]);
    expect(await inventory()).toEqual({ processes: [], ports: [], files: [] });
  });

  it("lets the port that it leaves redirect, and takes the one that redirected", async () => {
    const { id } = await makeDeployment(h.database);
    const { tls } = await makeCertificate(h, id);
    const { port: first } = await deploy(h.client(), id, { access: "open" });
    const second = await freePort();
    const put = (ports: object) =>
      h.client().send("PUT", `/deployments/${id}/endpoint`, { access: "open", tls, ...ports });
    const works = async ({ port, redirectFrom }: { port: number; redirectFrom: number }) => {
      const { certificate } = tls;
      expect((await call(`https://127.0.0.1:${port}/x`, { certificate })).status).toBe(200);
      const { status, headers } = await call(`http://127.0.0.1:${redirectFrom}/x`);
      expect([status, headers.location]).toEqual([308, `https://127.0.0.1:${port}/x`]);
    };
    for (const ports of [
      { port: second, redirectFrom: first },
      { port: first, redirectFrom: second },
    ]) {
      await put(ports);
      await works(ports);
    }
    expect(await failureOf(put({ port: null, redirectFrom: first }))).toMatchObject({ code: "port_taken" });
    await works({ port: first, redirectFrom: second });
  });

  it("comes back by itself when the certificate's file was lost, and hurts no other endpoint meanwhile", async () => {
    const { id } = await makeDeployment(h.database);
    const { tls, key } = await makeCertificate(h, id);
    const { url, certificate } = await deploy(h.client(), id, { access: "open", tls });
    const { id: otherId } = await makeDeployment(h.database);
    const { url: other } = await deploy(h.client(), otherId, { access: "open" });
    for (const file of filesWith(secretLine(key))) rmSync(file);
    expect((await call(other)).status).toBe(200);
    await until(() => filesWith(secretLine(key)).length === 1);
    await until(async () => (await call(url, { certificate }).catch(() => null))?.status === 200);
  });

  it("says which port can't be had for the redirect, and which secret can't be read", async () => {
    const { id } = await makeDeployment(h.database);
    const { url, port } = await deploy(h.client(), id, { access: "open" });
    const { id: secondId } = await makeDeployment(h.database);
    const { tls } = await makeCertificate(h, secondId);
    const put = (command: object) =>
      failureOf(h.client().send("PUT", `/deployments/${secondId}/endpoint`, { access: "open", ...command }));
    const taken = await put({ port: null, tls, redirectFrom: port });
    expect(taken).toMatchObject({ code: "port_taken" });
    expect(taken.message).toContain(`Port ${port}, which would redirect`);
    const unread = await put({ port: null, tls: { ...tls, keyId: "sec-gone" } });
    expect(unread).toMatchObject({ code: "secret_unreadable" });
    expect((await call(url)).status).toBe(200);
  });
});
