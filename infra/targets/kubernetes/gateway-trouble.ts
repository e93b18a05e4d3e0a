import type { ApiClient } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import type { Condition } from "#infra/targets/kubernetes/troubles.ts";
import type { Trouble } from "#infra/targets/target.ts";
import { namespaceOf, objectNames } from "#lib/targets/kubernetes/settings.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { resourceKey } from "#lib/targets/plan.ts";

/** Whether the Gateway has its address; null if it has, or there is none. */
export async function gatewayTrouble(
  api: ApiClient,
  deploymentId: string,
  signal: AbortSignal,
): Promise<Trouble | null> {
  const namespace = namespaceOf(deploymentId);
  const apiVersion = "gateway.networking.k8s.io/v1";
  const path = objectPath({ apiVersion, kind: "Gateway", namespace, name: objectNames.gateway });
  const gateway = await api.find(path, signal);
  if (!gateway) return null;
  const { conditions = [] } = (gateway.status ?? {}) as { conditions?: Condition[] };
  const programmed = conditions.find(({ type }) => type === "Programmed");
  if (programmed?.status === "True") return null;
  const { gatewayClassName } = gateway.spec as { gatewayClassName: string };
  const said = programmed?.message ? `: ${programmed.message}` : ", and its controller says nothing of it";
  const message = `The Gateway of class ${gatewayClassName} isn't programmed${said}. See whether that class's controller runs, or choose another class.`;
  const of = resourceKey({ type: kubernetesTypes.gateway, name: objectNames.gateway });
  return { code: "gateway_failed", message, logLines: [], of };
}
