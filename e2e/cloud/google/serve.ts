import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answer, CutError } from "#e2e/cloud/google/answer.ts";
import { answerCredentials } from "#e2e/cloud/google/credentials.ts";
import { readDiscovery } from "#e2e/cloud/google/discovery.ts";
import { Faults } from "#e2e/cloud/google/faults.ts";
import { GoogleError } from "#e2e/cloud/google/google-error.ts";
import { Media, type Model, type Surroundings } from "#e2e/cloud/google/model.ts";
import { realClock, type ModelClock } from "#e2e/cloud/google/model-clock.ts";
import { Operations, type Durations } from "#e2e/cloud/google/operations.ts";
import { apis } from "#e2e/cloud/google/other-apis.ts";
import { Permissions } from "#e2e/cloud/google/permissions.ts";
import { Quotas } from "#e2e/cloud/google/quotas.ts";
import { endpointsAt, type Endpoints } from "#e2e/cloud/google/service-paths.ts";
import { Store } from "#e2e/cloud/google/store.ts";
import { Tokens } from "#e2e/cloud/google/tokens.ts";

/** A request that came, and what it was answered. */
export type Seen = { method: string; path: string; body: string; status: number };

export type Google = Model & {
  endpoints: Endpoints;
  /** Everything that was asked, in order, tokens left out. */
  requests(): Seen[];
  /** Adds a project; its owner may do everything in it. */
  addProject(project: { id: string; number: string; owner: string; services?: string[] }): void;
  /** Adds an account that pools can run as. */
  addServiceAccount(project: string, email: string): void;
  close(): Promise<void>;
};

export type Options = {
  /** The folder that obtainDiscovery gave. */
  documents: string;
  clock?: ModelClock;
  durations?: Durations;
  surroundings?: Partial<Surroundings>;
  /** Where it listens on loopback, if not at a port of the system's choice. */
  port?: number;
  /** The account of the machine whose metadata server this is, or null where it is none. */
  machine?: { email: string; project: string } | null;
};

/** Serves Google's APIs on loopback. It knows no project at first. */
export async function serveGoogle(options: Options): Promise<Google> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void respond(google, options.machine ?? null, seen, request, response);
  });
  await new Promise<void>((listening) => server.listen(options.port ?? 0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const model = makeModel(url, options);
  const google: Google = {
    ...model,
    endpoints: endpointsAt(url),
    requests: () => [...seen],
    addProject({ id, number, owner, services }) {
      model.projects.set(id, { id, number, services: new Set(services ?? Object.keys(apis)) });
      model.permissions.allow(id, owner);
    },
    addServiceAccount(project, email) {
      const number = model.projects.get(project)?.number ?? "";
      const name = `projects/${project}/serviceAccounts/${email}`;
      const uniqueId = `${number}${model.store.nextId()}`.slice(0, 21);
      model.store.put(`iam/${project}/${email}`, { name, projectId: project, uniqueId, email });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return google;
}

function makeModel(url: string, options: Options): Model {
  const clock = options.clock ?? realClock;
  const store = new Store();
  let handedOut = 0;
  const nobody: Surroundings = {
    // Addresses that are reserved for documentation (RFC 5737): nobody listens there.
    openCluster: () => Promise.resolve({ endpoint: "192.0.2.1", caCertificate: "" }),
    closeCluster: () => Promise.resolve(),
    probe: () => Promise.resolve(false),
    nextAddress: () => `203.0.113.${10 + handedOut++}`,
  };
  return {
    url,
    clock,
    discovery: readDiscovery(options.documents),
    store,
    operations: new Operations(clock, options.durations ?? {}, () => store.nextId()),
    tokens: new Tokens(clock, () => url),
    permissions: new Permissions(),
    quotas: new Quotas(store),
    faults: new Faults(),
    projects: new Map(),
    surroundings: { ...nobody, ...options.surroundings },
    series: new Map(),
    entries: new Map(),
    requestIds: new Map(),
  };
}

async function respond(
  google: Google,
  machine: (Options["machine"] & {}) | null,
  seen: Seen[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const bytes = await readAll(request);
  const url = new URL(request.url ?? "/", google.url);
  const record: Seen = { method: request.method ?? "", path: url.pathname + url.search, body: "", status: 0 };
  const send = (status: number, contentType: string, body: Buffer | string, headers = {}) => {
    record.status = status;
    response.writeHead(status, { ...(contentType && { "content-type": contentType }), ...headers });
    response.end(body);
  };
  const json = "application/json; charset=UTF-8";
  const credentials = answerCredentials(google, machine, request, url, bytes.toString());
  if (credentials) {
    const { status, body, headers } = credentials;
    const isText = typeof body === "string";
    return send(status, isText ? "text/plain" : json, isText ? body : JSON.stringify(body), headers);
  }
  record.body = bytes.toString();
  seen.push(record);
  try {
    const contentType = request.headers["content-type"] ?? "";
    const { authorization } = request.headers;
    const result = await answer(google, { method: record.method, url, authorization, contentType, bytes });
    if (result instanceof Media) send(result.status, result.contentType, result.bytes);
    else send(200, json, JSON.stringify(result));
  } catch (error) {
    if (error instanceof CutError) {
      response.destroy();
      return;
    }
    const shown = error instanceof GoogleError ? error : broken(error);
    send(shown.code, json, JSON.stringify(shown));
  }
}

/** The model itself is wrong: said in the answer, so that the test that met it shows it. */
const broken = (error: unknown) =>
  new GoogleError(
    500,
    "internalError",
    `The model of Google's APIs is broken: ${error instanceof Error ? error.stack : String(error)}`,
  );

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
