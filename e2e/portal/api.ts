import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";
import type { DeploymentView, EndpointView, OperationView } from "#lib/deployments/view.ts";
import { isTerminal } from "#lib/operations/status.ts";

/** Tests ask beside each other: more often takes from the portal what they wait for. */
const askEveryMs = 500;

const root = path.join(import.meta.dirname, "../..");

/** A new API key, made as a person makes it: by the command. */
export function newApiKey(name: string): string {
  const run = spawnSync("npm", ["run", "--silent", "key", "--", name], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, SLUICE_HOME: process.env.SLUICE_TEST_HOME },
  });
  if (run.status !== 0) throw new Error(`npm run key failed: ${run.stderr}`);
  return run.stdout.trimEnd().split("\n").at(-1) ?? "";
}

export type LiveDeployment = DeploymentView & { endpoint: EndpointView };
export type Answer<T> = { status: number; body: T; headers: Headers };

/** A client of the portal's REST API. */
export class PortalApi {
  readonly key: string;

  constructor(key: string) {
    this.key = key;
  }

  async send<T = unknown>(
    method: string,
    route: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${process.env.SLUICE_TEST_URL}/api/v1${route}`, {
      method,
      headers: {
        ...(this.key ? { authorization: `Bearer ${this.key}` } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text ? JSON.parse(text) : null) as T,
      headers: response.headers,
    };
  }

  async deploy(input: Record<string, unknown>): Promise<DeploymentView> {
    const answer = await this.send<DeploymentView>("POST", "/deployments", input, {
      "idempotency-key": randomUUID(),
    });
    if (answer.status !== 201) throw new Error(`Not created: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The live deployments that this key's owner sees. */
  async list(): Promise<DeploymentView[]> {
    return (await this.send<{ items: DeploymentView[] }>("GET", "/deployments")).body.items;
  }

  async get(idOrName: string): Promise<DeploymentView> {
    return (await this.send<DeploymentView>("GET", `/deployments/${idOrName}`)).body;
  }

  /** Reads until `done` holds; the error says what it last saw. */
  async until(
    idOrName: string,
    done: (deployment: DeploymentView) => boolean,
    seconds = 60,
  ): Promise<DeploymentView> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const deployment = await this.get(idOrName);
      if (done(deployment)) return deployment;
      if (Date.now() > end) throw new Error(`Not so in ${seconds} s: ${JSON.stringify(deployment, null, 1)}`);
      await new Promise((resolve) => setTimeout(resolve, askEveryMs));
    }
  }

  /** Deploys, and waits until its first operation has ended, well or not. */
  async ended(input: Record<string, unknown>): Promise<DeploymentView> {
    const { id } = await this.deploy(input);
    return this.until(id, (d) => ["ready", "failed"].includes(d.status), 120);
  }

  async ready(input: Record<string, unknown>): Promise<LiveDeployment> {
    const deployment = await this.ended(input);
    if (deployment.status !== "ready" || !deployment.endpoint) {
      throw new Error(`Not ready: ${deployment.statusCode} ${deployment.statusMessage}`);
    }
    return deployment as LiveDeployment;
  }

  /** Tears down, and waits until that has ended, well or not. */
  async destroy(idOrName: string): Promise<DeploymentView> {
    const answer = await this.send<OperationView>("DELETE", `/deployments/${idOrName}`);
    if (answer.status !== 202) throw new Error(`Not accepted: ${JSON.stringify(answer.body)}`);
    const { id, deploymentId } = answer.body;
    return this.until(
      deploymentId,
      ({ operation }) => operation.id === id && isTerminal(operation.status),
      120,
    );
  }

  predict(
    deployment: { endpoint: { url: string } | null },
    body: unknown,
    key = this.key,
  ): Promise<Response> {
    return fetch(`${deployment.endpoint?.url}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}) },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }
}
