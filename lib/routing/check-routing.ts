import type { Exchange, RoutingSet } from "#lib/routing/routing-cases.ts";

export type RoutedAnswer = {
  status: number;
  /** names in lower case */
  headers: Record<string, string | string[] | undefined>;
  text: string;
};

/** A load balancer that routes as a set says. */
export type RoutingPlace = {
  /** a Gateway alone: some things its API leaves open */
  isGateway?: true;
  /** 308, unless a Gateway's controller knows no other than 301 */
  redirectStatus?: 301;
  /** the host and port of the HTTPS address, where there is one */
  secureHost?: string;
  /** one request on a connection of its own */
  call(request: {
    method: string;
    target: string;
    headers: Record<string, string>;
    /** to the port for HTTP of an HTTPS endpoint */
    overHttp: boolean;
  }): Promise<RoutedAnswer>;
  /** a key that opens it */
  key: string;
  /** who answered */
  variantOf(answer: RoutedAnswer): string;
  replicaOf(answer: RoutedAnswer): string;
};

/**
 * Sends a set's requests to a load balancer that has its routing.
 *
 * @returns what came otherwise than the set says, a sentence each
 */
export async function checkRouting(set: RoutingSet, place: RoutingPlace): Promise<string[]> {
  const wrong: string[] = [];
  for (const exchange of set.exchanges) {
    if (place.isGateway && exchange.openToGateways) continue;
    const got = await outcome(exchange, place);
    const wanted = wordsOf(exchange.expected, place);
    if (got !== wanted) wrong.push(`${set.name}, ${exchange.name}: wanted ${wanted}, got ${got}`);
  }
  wrong.push(...(await wrongShares(set, place)), ...(await wrongHomes(set, place)));
  return wrong;
}

async function outcome(exchange: Exchange, place: RoutingPlace): Promise<string> {
  const { method = "GET", target, headers = {}, key, overHttp = false, expected } = exchange;
  const bearer = { right: `Bearer ${place.key}`, wrong: "Bearer another" };
  const answer = await place.call({
    method,
    target,
    headers: key ? { ...headers, authorization: bearer[key] } : headers,
    overHttp,
  });
  if ("variant" in expected)
    return answer.status === 200 ? place.variantOf(answer) : `status ${answer.status}`;
  if ("redirectedTo" in expected) return `${answer.status} to ${String(answer.headers.location)}`;
  const { code } = JSON.parse(answer.text) as { code?: string };
  return `${answer.status} ${code}`;
}

function wordsOf(expected: Exchange["expected"], place: RoutingPlace): string {
  if ("variant" in expected) return expected.variant;
  if ("redirectedTo" in expected)
    return `${place.redirectStatus ?? 308} to https://${place.secureHost}${expected.redirectedTo}`;
  return `${expected.status} ${expected.code}`;
}

/** 4 standard deviations: one run in 5,000 would be wrong by chance. */
async function wrongShares(
  { name, shared = 0, weights }: RoutingSet,
  place: RoutingPlace,
): Promise<string[]> {
  if (shared === 0) return [];
  const seen = new Map<string, number>();
  const one = () => place.call({ method: "GET", target: "/", headers: {}, overHttp: false });
  for (let done = 0; done < shared; done += 25) {
    for (const answer of await Promise.all(Array.from({ length: 25 }, one))) {
      const variant = place.variantOf(answer);
      seen.set(variant, (seen.get(variant) ?? 0) + 1);
    }
  }
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return Object.entries(weights).flatMap(([variant, weight]) => {
    const share = weight / total;
    const [got, wanted] = [seen.get(variant) ?? 0, shared * share];
    const isNear = Math.abs(got - wanted) < 4 * Math.sqrt(shared * share * (1 - share));
    return isNear ? [] : [`${name}: ${variant} got ${got} of ${shared} requests instead of about ${wanted}`];
  });
}

/** Each client comes several times, and is answered by one replica; with many of them no replica is left out. */
async function wrongHomes(set: RoutingSet, place: RoutingPlace): Promise<string[]> {
  const { name, clients = 0, affinity, weights, replicas } = set;
  const homes = new Set<string>();
  for (let client = 0; client < clients; client++) {
    const shown: Record<string, string> =
      affinity.by === "header" ? { [affinity.header]: `client-${client}` } : {};
    const first = await place.call({ method: "GET", target: "/", headers: shown, overHttp: false });
    const headers = affinity.by === "cookie" ? { cookie: cookiesOf(first) } : shown;
    const home = place.replicaOf(first);
    homes.add(home);
    for (let visit = 0; visit < 4; visit++) {
      const again = await place.call({ method: "GET", target: "/", headers, overHttp: false });
      if (place.replicaOf(again) === home) continue;
      return [`${name}: client ${client} was at ${home}, then at ${place.replicaOf(again)}`];
    }
  }
  const all = Object.keys(weights).length * replicas;
  if (clients > 4 * all && homes.size < all)
    return [`${name}: ${clients} clients were at ${homes.size} of ${all}`];
  return [];
}

function cookiesOf(answer: RoutedAnswer): string {
  const set = answer.headers["set-cookie"] ?? [];
  return [set]
    .flat()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}
