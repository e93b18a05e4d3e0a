import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { bodyAt } from "#e2e/cloud/google/forwarding/at-edge.ts";
import {
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from "#e2e/cloud/google/json.ts";
import { relativeOf } from "#e2e/cloud/google/compute/references.ts";
import type { Model } from "#e2e/cloud/google/model.ts";

type Endpoint = { ipAddress: string; port: number };

/** An endpoint, and the cookie that brings the client back to it. */
export type Choice = { endpoint: Endpoint; cookie: string | null };

/** Picks endpoints of backend services, those that are healthy, in turn. */
export class Endpoints {
  #model: Model;
  #turn = 0;
  #health = new Map<string, { until: number; healthy: Promise<boolean> }>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** @param moment what of the endpoint lists is known here; null where no endpoint is healthy */
  async choose(service: JsonObject, request: IncomingMessage, moment: Date): Promise<Choice | null> {
    const all = this.#endpointsOf(service, moment);
    const healthy = await Promise.all(all.map((each) => this.#isHealthy(service, each)));
    const usable = all.filter((_, index) => healthy[index]);
    if (usable.length === 0) return null;
    return chosenBefore(service, usable, request) ?? this.#next(service, usable, request);
  }

  #next(service: JsonObject, usable: Endpoint[], request: IncomingMessage): Choice {
    const hashed = hashKey(service, request);
    const at = hashed === null ? this.#turn++ : createHash("md5").update(hashed).digest().readUInt32BE();
    const endpoint = usable[at % usable.length]!;
    const [name, life] = cookieOf(service);
    return { endpoint, cookie: name === "" ? null : `${name}=${idOf(endpoint)}; path=/; HttpOnly${life}` };
  }

  #endpointsOf(service: JsonObject, moment: Date): Endpoint[] {
    return objectsAt(service, "backends").flatMap((backend) => {
      const path = relativeOf(this.#model, "", stringAt(backend, "group"));
      const group = path && bodyAt(this.#model.store.get(`compute/${path}`), moment);
      return group ? (objectsAt(group, "x-endpoints") as unknown as Endpoint[]) : [];
    });
  }

  /** As often as the health check says. */
  #isHealthy(service: JsonObject, endpoint: Endpoint): Promise<boolean> {
    const [url = ""] = stringsAt(service, "healthChecks");
    const path = relativeOf(this.#model, "", url);
    const check = path ? this.#model.store.get(`compute/${path}`)?.body : undefined;
    if (!check) return Promise.resolve(false);
    const key = `${path} ${idOf(endpoint)}`;
    const now = this.#model.clock.now().getTime();
    const known = this.#health.get(key);
    if (known && known.until > now) return known.healthy;
    const healthy = this.#model.surroundings.probe(endpoint, check);
    const interval = (numberAt(check, "checkIntervalSec") ?? 5) * 1000;
    this.#health.set(key, { until: now + interval, healthy });
    return healthy;
  }
}

const idOf = ({ ipAddress, port }: Endpoint) => Buffer.from(`${ipAddress}:${port}`).toString("base64url");

/** Name and life of the cookie that a service's affinity goes by; an empty name where it goes by none. */
function cookieOf(service: JsonObject): [name: string, life: string] {
  const affinity = stringAt(service, "sessionAffinity");
  if (affinity === "GENERATED_COOKIE") {
    const seconds = numberAt(service, "affinityCookieTtlSec") ?? 0;
    return ["GCLB", seconds > 0 ? `; Max-Age=${seconds}` : ""];
  }
  if (affinity !== "HTTP_COOKIE") return ["", ""];
  const cookie = objectAt(objectAt(service, "consistentHash"), "httpCookie");
  const seconds = numberAt(objectAt(cookie, "ttl"), "seconds") ?? 0;
  return [stringAt(cookie, "name"), seconds > 0 ? `; Max-Age=${seconds}` : ""];
}

function chosenBefore(service: JsonObject, usable: Endpoint[], request: IncomingMessage): Choice | null {
  const [name] = cookieOf(service);
  if (name === "") return null;
  const cookies = (request.headers.cookie ?? "").split(/;\s*/).map((each) => each.split("="));
  const wanted = cookies.find(([key]) => key === name)?.[1];
  const endpoint = usable.find((each) => idOf(each) === wanted);
  return endpoint ? { endpoint, cookie: null } : null;
}

/** What two requests have in common that go to one endpoint, or null where they go in turn. */
function hashKey(service: JsonObject, request: IncomingMessage): string | null {
  switch (service.sessionAffinity) {
    case "CLIENT_IP":
      return request.socket.remoteAddress ?? "";
    case "HEADER_FIELD":
      return String(
        request.headers[stringAt(objectAt(service, "consistentHash"), "httpHeaderName").toLowerCase()],
      );
    default:
      return null;
  }
}
