import { backendName } from "#infra/haproxy/names.ts";
import { quote, safePath } from "#infra/haproxy/quote.ts";
import type { Affinity, Algorithm } from "#lib/deployments/spec.ts";

/** The replicas of one variant, whatever surrounds them. */
export type Backend = {
  deploymentId: string;
  variant: string;
  layer: 4 | 7;
  algorithm: Algorithm;
  affinity: Affinity;
  healthPath: string;
  /** whole lines, where clients stick by a cookie */
  cookie: string[];
  /** whole lines: `server …`, or `server-template …` and what chooses among them */
  servers: string[];
};

/** One backend. Its health is asked for by HTTP at either layer. */
export function backendLines(backend: Backend): string[] {
  const { deploymentId, variant, layer, algorithm, affinity, healthPath, cookie, servers } = backend;
  return [
    `backend ${backendName(deploymentId, variant)}`,
    ...balanceLines(algorithm, layer === 4 ? addressOnly(affinity) : affinity),
    ...(affinity.by === "cookie" && layer === 7 ? cookie : []),
    "  option httpchk",
    `  http-check send meth GET uri ${quote(safePath(healthPath))} hdr Host localhost`,
    ...servers,
  ];
}

/** Of a connection nothing but its address is known. */
function addressOnly(affinity: Affinity): Affinity {
  return affinity.by === "ip" ? affinity : { by: "none" };
}

/** Only algorithms that servers can join at run time. */
function balanceLines(algorithm: Algorithm, affinity: Affinity): string[] {
  switch (affinity.by) {
    case "ip":
      return ["  balance source", "  hash-type consistent"];
    case "header":
      return [`  balance ${quote(`hdr(${affinity.header})`)}`, "  hash-type consistent"];
    case "none":
    case "cookie":
      switch (algorithm) {
        case "least-connections":
          return ["  balance leastconn"];
        case "round-robin":
          return ["  balance roundrobin"];
        case "random":
          return ["  balance random"];
      }
  }
}
