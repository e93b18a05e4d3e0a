import https from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { KubernetesObject } from "#infra/kubernetes/api-client.ts";
import type { Authority } from "#lib/targets/kubernetes/authority-for-test.ts";
import { kubeconfigText } from "#lib/targets/kubernetes/kubeconfig-for-test.ts";
import { labelKeys } from "#lib/targets/kubernetes/manifests/metadata.ts";

/** An API server of a test's own, on loopback and with TLS: enough of one to apply, read and delete objects. */
export type FakeApiServer = {
  /** by path */
  objects: Map<string, KubernetesObject>;
  /** who asked what, such as `token-a PATCH /api/v1/namespaces/x` */
  asked: string[];
  /** tokens that it takes */
  tokens: Set<string>;
  /** Deployments by name that don't get their pods while they are in here */
  stuck: Set<string>;
  /** conditions of namespaces that are being deleted */
  terminating: { type: string; status: string; message: string }[];
  nodePort: number;
  kubeconfig(token: string): string;
  /** From now on it says nothing, until it is let go. */
  hold(): void;
  letGo(): void;
  close(): Promise<void>;
};

/** @param nodePort what Services of type NodePort get */
export async function fakeApiServer(
  authority: Authority,
  tokens: string[],
  nodePort = 30_080,
): Promise<FakeApiServer> {
  const { certificate, key } = await authority.issue({ commonName: "kube-apiserver", ips: ["127.0.0.1"] });
  const fake = {
    objects: new Map<string, KubernetesObject>(),
    asked: [] as string[],
    tokens: new Set(tokens),
    stuck: new Set<string>(),
    terminating: [] as FakeApiServer["terminating"],
    nodePort,
  };
  let held = Promise.withResolvers<void>();
  held.resolve();
  const server = https.createServer({ cert: certificate, key }, (request, response) => {
    void readJson(request).then(async (body) => {
      fake.asked.push(lineOf(request));
      await held.promise;
      answer(fake, request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...fake,
    kubeconfig: (token) =>
      kubeconfigText({
        server: `https://127.0.0.1:${port}`,
        ca: authority.certificate,
        user: { token },
      }),
    hold: () => void (held = Promise.withResolvers()),
    letGo: () => held.resolve(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Fake = Pick<FakeApiServer, "objects" | "asked" | "tokens" | "stuck" | "terminating" | "nodePort">;

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const text = Buffer.concat(parts).toString("utf8");
  return text === "" ? null : JSON.parse(text);
}

function tokenOf({ headers }: IncomingMessage): string {
  return (headers.authorization ?? "").replace("Bearer ", "");
}

function lineOf(request: IncomingMessage): string {
  const { pathname } = new URL(request.url ?? "/", "https://fake");
  return `${tokenOf(request)} ${request.method} ${pathname}`;
}

function answer(fake: Fake, request: IncomingMessage, response: ServerResponse, body: unknown): void {
  const url = new URL(request.url ?? "/", "https://fake");
  const token = tokenOf(request);
  const say = (status: number, content: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
  const refuse = (status: number, reason: string) =>
    say(status, { kind: "Status", status: "Failure", reason, message: `${reason}: ${url.pathname}` });
  if (!fake.tokens.has(token)) return void refuse(401, "Unauthorized");
  const found = fake.objects.get(url.pathname);
  switch (request.method) {
    case "PATCH":
      return void say(200, applied(fake, url.pathname, body as KubernetesObject));
    case "DELETE":
      if (!found) return void refuse(404, "NotFound");
      return void say(200, deleted(fake, url.pathname));
    default:
      if (found) return void say(200, { ...found, status: statusOf(fake, found) });
      return void (isList(url.pathname) ? say(200, list(fake, url)) : refuse(404, "NotFound"));
  }
}

/** The last applied wins. */
function applied(fake: Fake, path: string, object: KubernetesObject): KubernetesObject {
  const before = fake.objects.get(path);
  const { stringData, ...rest } = object as KubernetesObject & { stringData?: Record<string, string> };
  const encoded = Object.entries(stringData ?? {}).map(([name, value]) => [
    name,
    Buffer.from(value).toString("base64"),
  ]);
  const kept: KubernetesObject = {
    ...rest,
    ...(stringData && { data: Object.fromEntries(encoded) }),
    metadata: {
      ...object.metadata,
      uid: before?.metadata.uid ?? `uid-of-${object.metadata.name}`,
      generation: (before?.metadata.generation ?? 0) + 1,
    },
  };
  if (kept.kind === "Service") kept.spec = withNodePorts(fake.nodePort, kept.spec as ServiceSpec);
  fake.objects.set(path, kept);
  return kept;
}

type ServiceSpec = { type?: string; ports: { port: number }[] };

function withNodePorts(nodePort: number, spec: ServiceSpec): ServiceSpec {
  if (spec.type !== "NodePort") return spec;
  return { ...spec, ports: spec.ports.map((port) => ({ ...port, nodePort })) };
}

/** What a cluster's controllers say of an object. */
function statusOf({ stuck, terminating }: Fake, { kind, metadata, spec }: KubernetesObject): unknown {
  switch (kind) {
    case "Namespace":
      return metadata.deletionTimestamp
        ? { phase: "Terminating", conditions: terminating }
        : { phase: "Active" };
    case "Deployment": {
      const { replicas = 1 } = spec as { replicas?: number };
      const ready = stuck.has(metadata.name) ? 0 : replicas;
      return {
        observedGeneration: metadata.generation,
        replicas,
        updatedReplicas: replicas,
        availableReplicas: ready,
      };
    }
    case "Gateway":
      return {
        addresses: [{ type: "IPAddress", value: "192.0.2.7" }],
        conditions: [{ type: "Programmed", status: "True" }],
      };
    case "Service":
      return { loadBalancer: { ingress: [{ ip: "192.0.2.8" }] } };
    default:
      return undefined;
  }
}

/** With a namespace goes all that is in it. */
function deleted({ objects }: Fake, path: string): unknown {
  for (const other of objects.keys()) if (other.startsWith(`${path}/`)) objects.delete(other);
  const name = path.split("/").at(-1) ?? "";
  const isNamespace = path === `/api/v1/namespaces/${name}`;
  for (const other of objects.keys())
    if (isNamespace && other.includes(`/namespaces/${name}/`)) objects.delete(other);
  objects.delete(path);
  return { kind: "Status", status: "Success" };
}

function isList(path: string): boolean {
  return /\/(namespaces|pods|deployments|horizontalpodautoscalers|replicasets|events|endpointslices|nodes)$/.test(
    path,
  );
}

function list({ objects }: Fake, url: URL): unknown {
  if (url.pathname.endsWith("/endpointslices")) {
    return { items: [{ endpoints: [{ conditions: { ready: true } }] }] };
  }
  if (url.pathname.endsWith("/pods")) return { items: [pendingPod] };
  if (url.pathname.endsWith("/nodes")) {
    return { items: [{ status: { addresses: [{ type: "InternalIP", address: "192.0.2.9" }] } }] };
  }
  const wanted = (url.searchParams.get("labelSelector") ?? "").split(",").map((pair) => pair.split("="));
  const items = [...objects.entries()]
    .filter(
      ([path]) => path.startsWith(`${url.pathname}/`) && !path.slice(url.pathname.length + 1).includes("/"),
    )
    .map(([, object]) => object)
    .filter(({ metadata }) => wanted.every(([key, value]) => metadata.labels?.[key ?? ""] === value));
  return { items };
}

const pendingPod = {
  metadata: { name: "model-main-x", labels: { [labelKeys.role]: "model", [labelKeys.variant]: "main" } },
  status: {
    containerStatuses: [
      { state: { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "nowhere"' } } },
    ],
  },
};
