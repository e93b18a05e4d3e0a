import type { DeploymentView } from "#lib/deployments/view.ts";

type Torn = Pick<DeploymentView, "targetKind" | "replicas"> & {
  spec: Pick<DeploymentView["spec"], "google">;
};

/**
 * What a tear-down deletes, as the beginning or middle of a sentence that the endpoint's address may follow, and the
 * sentences on what stays and on how long it takes.
 */
export function whatGoes({ targetKind, replicas: { desired }, spec: { google } }: Torn): {
  goes: string;
  also: string;
} {
  const pods = desired === 0 ? [] : [desired === 1 ? "its 1 replica" : `its ${desired} replicas`];
  if (google) {
    return {
      goes: list([...pods, ...goesAtGoogle(google), "its load balancer", "its address"]),
      also: `${staysAtGoogle(google)}It takes some minutes.`,
    };
  }
  if (targetKind === "local")
    return { goes: list([...pods, "its place in the load balancer", "its endpoint"]), also: "" };
  return {
    goes: list([...pods, "its namespace with all that is in it", "its endpoint"]),
    also: "The cluster stays.",
  };
}

type Google = NonNullable<Torn["spec"]["google"]>;

function goesAtGoogle({ cluster, staticContent }: Google): string[] {
  return [
    ...(cluster.mode === "existing"
      ? ["its namespace with all that is in it"]
      : ["its GKE cluster with all nodes", ...(cluster.network ? [] : ["its network"])]),
    ...(staticContent ? ["its static files"] : []),
  ];
}

function staysAtGoogle({ cluster }: Google): string {
  if (cluster.mode === "existing") return `The cluster ${cluster.name} stays. `;
  return cluster.network ? `The network ${cluster.network.network} stays. ` : "";
}

function list(things: string[]): string {
  return `${things.slice(0, -1).join(", ")} and ${things.at(-1)}`;
}
