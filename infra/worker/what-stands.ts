import type { Db } from "#lib/db.ts";
import type { EndpointView, Receipt } from "#lib/deployments/view.ts";

type Standing = NonNullable<Receipt["ended"]>;

/** What of a deployment is at work before its tear-down, in the words in which what is left of it would be told. */
export async function whatStands(
  db: Db,
  { id, target, endpoint }: { id: string; target: string; endpoint: unknown },
): Promise<Standing> {
  const [replicas, keys] = await Promise.all([
    db.replica.findMany({ where: { deploymentId: id }, orderBy: [{ variant: "asc" }, { ordinal: "asc" }] }),
    db.endpointKey.findMany({
      where: { deploymentId: id, purpose: "person", revokedAt: null },
      orderBy: { createdAt: "asc" },
    }),
  ]);
  const port = target === "local" ? (endpoint as EndpointView | null)?.port : undefined;
  const running = replicas.flatMap(({ pid, pod, variant, ordinal }): Standing => {
    if (pod !== null) return [{ kind: "object", what: `Pod ${pod}` }];
    return pid === null ? [] : [{ kind: "process", what: `${pid} (replica ${variant}/${ordinal})` }];
  });
  const open: Standing = port === undefined ? [] : [{ kind: "port", what: `${port} (endpoint)` }];
  return [...running, ...open, ...keys.map(({ name, prefix }) => keyWords(name, prefix))];
}

function keyWords(name: string, prefix: string): Standing[number] {
  return { kind: "key", what: `${name} (${prefix}…)` };
}
