import { parse, stringify } from "yaml";
import { beforeAll, expect, test } from "vitest";
import { testAuthority, type Authority, type Issued } from "#lib/targets/kubernetes/authority-for-test.ts";
import { buildKubeconfig, clusterIdentifierOf } from "#lib/targets/kubernetes/build-kubeconfig.ts";
import { base64, kubeconfigOf } from "#lib/targets/kubernetes/kubeconfig-for-test.ts";
import { KubeconfigError } from "#lib/targets/kubernetes/kubeconfig-error.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

const now = new Date();
const secret = "canary-7f3a9c51";
const server = "https://203.0.113.7:6443";
let authority: Authority;
let client: Issued;

beforeAll(async () => {
  authority = await testAuthority();
  client = await authority.issue({ commonName: "admin" });
});

type Change = { user?: object; cluster?: object; file?: object };
const write = ({ user = { token: secret }, cluster, file }: Change = {}) =>
  stringify({ ...kubeconfigOf({ server, ca: authority.certificate, user, cluster }), ...file });
const read = (text: string, context?: string) => parseKubeconfig(text, { context, now });
const certificateUser = (issued: Issued, more: object = {}) => ({
  "client-certificate-data": base64(issued.certificate),
  "client-key-data": base64(issued.key),
  ...more,
});
const jwt = (payload: object) =>
  [{ alg: "none" }, payload, "signature"]
    .map((p) => Buffer.from(JSON.stringify(p)).toString("base64url"))
    .join(".");

/** What reading it fails with; the sentence never holds what is secret. */
function problem(text: string, context?: string): KubeconfigError {
  try {
    read(text, context);
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    expect(error.message).not.toContain(secret);
    expect(error.message).toMatch(/\.$|: .+$/);
    return error;
  }
  throw new Error("It was taken.");
}

test("a token's kubeconfig, as YAML and as JSON", () => {
  const access = read(write());
  expect(access).toMatchObject({
    contextName: "admin@fake",
    server,
    tlsServerName: null,
    credentials: { kind: "token", token: secret },
    expiresAt: null,
  });
  expect(read(JSON.stringify(parse(write())))).toEqual(access);
});

test("a client certificate's, with the day it is over", () => {
  const access = read(write({ user: certificateUser(client) }));
  expect(access.credentials.kind).toBe("certificate");
  expect(access.expiresAt!.getTime()).toBeGreaterThan(now.getTime());
});

test("a token that says when it is over", () => {
  const exp = Math.floor(now.getTime() / 1000) + 3600;
  expect(read(write({ user: { token: jwt({ exp }) } })).expiresAt).toEqual(new Date(exp * 1000));
  expect(problem(write({ user: { token: jwt({ exp: exp - 7200 }) } })).code).toBe("expired");
});

test("what is kept is a kubeconfig of what was understood, and reads as the same", () => {
  const text = write({
    user: certificateUser(client, { "x-note": secret }),
    cluster: { "tls-server-name": "kubernetes", extensions: [{ name: secret }] },
    file: { extensions: [{ name: secret }] },
  });
  const access = read(text);
  const kept = buildKubeconfig(access);
  expect(kept).not.toContain(secret);
  expect(read(kept)).toEqual({ ...access, contextName: "sluice" });
  expect(buildKubeconfig(read(kept))).toBe(kept);
});

test("a cluster is known by its address and its authority, whoever asks", async () => {
  const one = clusterIdentifierOf(read(write()));
  expect(clusterIdentifierOf(read(write({ user: certificateUser(client) })))).toBe(one);
  expect(clusterIdentifierOf(read(write({ cluster: { server: `${server}/` } })))).toBe(one);
  expect(clusterIdentifierOf(read(write({ cluster: { server: "https://203.0.113.8:6443" } })))).not.toBe(one);
  const other = await testAuthority();
  const anew = { "certificate-authority-data": base64(other.certificate) };
  expect(clusterIdentifierOf(read(write({ cluster: anew })))).not.toBe(one);
});

test("of several contexts, the one that was named, else the current one", () => {
  const file = {
    contexts: [
      { name: "a", context: { cluster: "fake", user: "admin" } },
      { name: "b", context: { cluster: "fake", user: "runs-a-program" } },
      { name: "c", context: { cluster: "gone", user: "admin" } },
      { name: "d", context: { cluster: "fake", user: "gone" } },
    ],
    users: [
      { name: "admin", user: { token: secret } },
      { name: "runs-a-program", user: { exec: { command: "aws" } } },
    ],
  };
  const text = write({ file: { ...file, "current-context": "a" } });
  expect(read(text).contextName).toBe("a");
  expect(problem(text, "b").code).toBe("exec");
  expect(problem(text, "c").code).toBe("missing_cluster");
  expect(problem(text, "d").code).toBe("missing_user");
  expect(problem(text, "e")).toMatchObject({ code: "missing_context", field: "context" });
  const unclear = problem(write({ file: { ...file, "current-context": "" } }));
  expect(unclear).toMatchObject({ code: "missing_context", field: "context" });
  expect(unclear.message).toContain('"a", "b", "c", "d"');
  expect(problem(write({ file: { ...file, "current-context": "z" } })).code).toBe("missing_context");
});

test.each<[string, Change, string]>([
  ["a program", { user: { exec: { command: "sh", args: ["-c", secret] } } }, "exec"],
  ["a program beside a token", { user: { token: secret, exec: { command: "sh" } } }, "exec"],
  ["a plug-in of kubectl", { user: { "auth-provider": { name: "gcp" } } }, "auth_provider"],
  [
    "a file of a certificate",
    { user: { "client-certificate": "/a", "client-key-data": "aa" } },
    "file_reference",
  ],
  ["a file of a key", { user: { "client-key": "/a" } }, "file_reference"],
  ["a file of a token", { user: { tokenFile: "/var/run/secrets/token" } }, "file_reference"],
  ["a file of an authority", { cluster: { "certificate-authority": "/etc/ca.pem" } }, "file_reference"],
  ["somebody else", { user: { token: secret, as: "system:admin" } }, "impersonation"],
  ["somebody else's groups", { user: { token: secret, "as-groups": ["system:masters"] } }, "impersonation"],
  ["a password", { user: { username: "admin", password: secret } }, "basic_auth"],
  ["nobody", { user: {} }, "no_credentials"],
  ["what kubectl hid", { user: { token: "REDACTED" } }, "no_credentials"],
  ["a token of two lines", { user: { token: `${secret}\r\nx: y` } }, "bad_token"],
  ["half a pair", { user: { "client-key-data": base64(secret) } }, "no_credentials"],
  ["anybody", { cluster: { "insecure-skip-tls-verify": true } }, "insecure"],
  ["a proxy", { cluster: { "proxy-url": "http://proxy:3128" } }, "proxy"],
  ["plain HTTP", { cluster: { server: "http://203.0.113.7:8080" } }, "insecure"],
  ["another protocol", { cluster: { server: "ftp://203.0.113.7" } }, "bad_server"],
  ["a file as server", { cluster: { server: "file:///etc/passwd" } }, "bad_server"],
  ["no server", { cluster: { server: null } }, "bad_server"],
  ["a password in the server", { cluster: { server: `https://u:${secret}@203.0.113.7` } }, "bad_server"],
  ["a name with a space", { cluster: { "tls-server-name": "a b" } }, "bad_server"],
  ["no base64", { cluster: { "certificate-authority-data": "-----BEGIN" } }, "bad_certificate"],
  ["no certificate", { cluster: { "certificate-authority-data": base64("hello") } }, "bad_certificate"],
  ["no contexts", { file: { contexts: [], "current-context": null } }, "missing_context"],
  ["lists as texts", { file: { clusters: secret } }, "malformed"],
  ["another kind", { file: { kind: "Secret" } }, "malformed"],
])("%s is refused", (_, change, code) => {
  expect(problem(write(change)).code).toBe(code);
});

test("http is taken on this machine alone", () => {
  for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
    const local = `http://${host}:8001`;
    expect(read(write({ cluster: { server: local } })).server).toBe(local);
  }
  for (const host of ["127.evil.example.org", "localhost.example.org", "[::2]"]) {
    expect(problem(write({ cluster: { server: `http://${host}` } })).code).toBe("insecure");
  }
});

test("a client certificate that is over, not yet valid, or another's", async () => {
  const day = 86_400_000;
  const over = await authority.issue({
    commonName: "a",
    from: new Date(now.getTime() - 10 * day),
    until: new Date(now.getTime() - day),
  });
  const expired = problem(write({ user: certificateUser(over) }));
  expect(expired.code).toBe("expired");
  expect(expired.message).toContain(new Date(now.getTime() - day).toISOString().slice(0, 10));
  const early = await authority.issue({ commonName: "a", from: new Date(now.getTime() + day) });
  expect(problem(write({ user: certificateUser(early) })).code).toBe("expired");
  const other = await authority.issue({ commonName: "b" });
  const mixed = certificateUser({ certificate: client.certificate, key: other.key });
  expect(problem(write({ user: mixed })).code).toBe("bad_certificate");
  const noKey = { ...certificateUser(client), "client-key-data": base64(secret) };
  expect(problem(write({ user: noKey })).code).toBe("bad_certificate");
});

test("what isn't YAML, or is more than a kubeconfig", () => {
  expect(problem("").code).toBe("malformed");
  expect(problem("   \n# nothing").code).toBe("malformed");
  expect(problem("just a text").code).toBe("malformed");
  expect(problem("[1, 2").code).toBe("malformed");
  expect(problem(`${write()}---\n${write()}`).message).toContain("several documents");
  const broken = problem(`apiVersion: v1\nusers:\n  - name: x\n   token: ${secret}\n`);
  expect(broken).toMatchObject({ code: "malformed" });
  expect(broken.message).toMatch(/line \d/);
  expect(problem(`${write()}users: []\n`).code).toBe("malformed");
  expect(problem(`a: ${"x".repeat(200_000)}`).code).toBe("too_large");
  expect(problem("[".repeat(100_000)).code).toBe("malformed");
  const levels = Array.from({ length: 9 }, (_, i) =>
    i === 0 ? "a0: &a0 [x,x]" : `a${i}: &a${i} [${`*a${i - 1},`.repeat(9)}]`,
  );
  expect(problem(levels.join("\n")).code).toBe("aliases");
});

test("keys that mean something to JavaScript mean nothing here", () => {
  expect(problem("__proto__: {contexts: []}\nconstructor: 1\n").code).toBe("missing_context");
});
