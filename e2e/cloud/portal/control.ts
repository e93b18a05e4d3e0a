import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cloud } from "#e2e/cloud/controller/open-cloud.ts";
import type { Lateness } from "#e2e/cloud/controller/world.ts";
import { setCertificate, type CertificateState } from "#e2e/cloud/google/compute/ssl-certificate.ts";
import type { Delays } from "#e2e/cloud/google/forwarding/forwarding.ts";
import type { FaultMatch } from "#e2e/cloud/google/faults.ts";
import { asker } from "#e2e/cloud/google/google-for-test.ts";
import type { JsonObject } from "#e2e/cloud/google/json.ts";
import type { Seen } from "#e2e/cloud/google/serve.ts";
import type { ServiceAccountKey } from "#e2e/cloud/google/tokens.ts";

type Match = Omit<FaultMatch, "path"> & { path: string };

const matchOf = ({ path, ...match }: Match): FaultMatch => ({ ...match, path: new RegExp(path) });

/** A project as a check has it: with an owner, and an account for nodes. */
export type TestProject = { id: string; owner: string; nodes: string; key: ServiceAccountKey };

let projects = 0;

/** What checks do to the cloud, and see of it, from other processes. All of it is JSON. */
const verbsOf = ({ google, lateness, edgesOf, controller }: Cloud) => ({
  addProject(id: string): TestProject {
    const owner = `owner@${id}.iam.gserviceaccount.com`;
    const nodes = `nodes@${id}.iam.gserviceaccount.com`;
    const number = String(1_000 + projects++);
    google.addProject({ id, number, owner });
    google.addServiceAccount(id, nodes);
    // Each project has it, and the first node of a new cluster acts as it.
    google.addServiceAccount(id, `${number}-compute@developer.gserviceaccount.com`);
    return { id, owner, nodes, key: google.tokens.addServiceAccountKey(owner, id) };
  },
  /** Keys of all that is kept of a project, but for accounts. */
  kept(project: string): string[] {
    return google.store
      .all()
      .filter(({ key, body }) => key.includes(`/projects/${project}/`) || body["x-project"] === project)
      .map(({ key }) => key);
  },
  /** What is kept under a key; null: nothing. */
  bodyOf: (key: string): JsonObject | null => google.store.get(key)?.body ?? null,
  /** Takes a thing away behind everybody's back. */
  remove: (key: string): void => google.store.remove(key),
  /** Every request about a project that changed something, or tried to. */
  writes(project: string): Seen[] {
    return google.requests().filter(({ method, path }) => method !== "GET" && path.includes(project));
  },
  /** Asks as a project's owner. @param path such as `/compute/beta/projects/…` */
  ask: (owner: string, method: string, path: string, body?: object) =>
    asker(google, google.tokens.issue(owner))(method, path, body),
  /** The request is refused; nothing happens. */
  refuse: (match: Match, error: { code: number; reason: string; message: string }): void =>
    google.faults.answer(matchOf(match), error),
  /** The request does its work, but its answer is an error: the client can't know. */
  refuseAfter: (match: Match, error: { code: number; reason: string; message: string }): void =>
    google.faults.answerAfter(matchOf(match), error),
  /** The request's operation ends in an error. */
  fail: (match: Match, error: { code: string; message: string; httpCode?: number }): void =>
    google.faults.operation(matchOf(match), error),
  failPool: (name: string, message: string): void => google.faults.pool(name, message),
  mendPool: (name: string): void => google.faults.mendPool(name),
  setQuota: (project: string, region: string | null, metric: string, limit: number): void =>
    google.quotas.set(project, region, metric, limit),
  deny: (email: string, ...permissions: string[]): void => google.permissions.deny(email, ...permissions),
  restore: (email: string): void => google.permissions.restore(email),
  /** How long tokens of an account live that are given out from now on. */
  setTokenLife: (email: string, seconds: number): void => google.tokens.setLife(email, seconds),
  setCertificate: (project: string, name: string, state: CertificateState): void =>
    setCertificate(google, project, name, state),
  setLateness: (late: Partial<Lateness>): void => void Object.assign(lateness, late),
  setEdges: (project: string, late: Delays): void => void Object.assign(edgesOf(project), late),
  troubleOfControllers: (): string | null => controller.lastTrouble(),
});

export type Verbs = ReturnType<typeof verbsOf>;

/** Hands the cloud to the processes of the checks. */
export async function serveControl(cloud: Cloud): Promise<{ url: string; close(): Promise<void> }> {
  const verbs = verbsOf(cloud) as unknown as Record<string, (...args: unknown[]) => unknown>;
  const server = createServer((request, response) => {
    void (async () => {
      try {
        const { verb, args } = JSON.parse(await textOf(request)) as { verb: string; args: unknown[] };
        response.end(JSON.stringify({ result: (await verbs[verb]!(...args)) ?? null }));
      } catch (error) {
        response.end(JSON.stringify({ error: String(error) }));
      }
    })();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** The cloud from a check's process. */
export type Control = {
  [Verb in keyof Verbs]: (...args: Parameters<Verbs[Verb]>) => Promise<Awaited<ReturnType<Verbs[Verb]>>>;
};

export function controlAt(url: string): Control {
  const call = async (verb: string, args: unknown[]) => {
    const response = await fetch(url, { method: "POST", body: JSON.stringify({ verb, args }) });
    const { result, error } = (await response.json()) as { result?: unknown; error?: string };
    if (error !== undefined) throw new Error(`${verb}: ${error}`);
    return result;
  };
  return new Proxy({} as Control, {
    get:
      (_, verb) =>
      (...args: unknown[]) =>
        call(String(verb), args),
  });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
