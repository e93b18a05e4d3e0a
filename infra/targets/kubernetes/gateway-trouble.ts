import type { ApiClient, KubernetesObject } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import type { Condition } from "#infra/targets/kubernetes/troubles.ts";
import type { Trouble } from "#infra/targets/target.ts";
import { namespaceOf, objectNames } from "#lib/targets/kubernetes/settings.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { resourceKey } from "#lib/targets/plan.ts";

/** A deployment's Gateway; null if there is none. */
export function findGateway(
  api: ApiClient,
  deploymentId: string,
  signal: AbortSignal,
): Promise<KubernetesObject | null> {
  const namespace = namespaceOf(deploymentId);
  const apiVersion = "gateway.networking.k8s.io/v1";
  return api.find(objectPath({ apiVersion, kind: "Gateway", namespace, name: objectNames.gateway }), signal);
}

/** Why a Gateway hasn't got its address; null if it has. */
export function troubleOfGateway(gateway: KubernetesObject): Trouble | null {
  const { conditions = [] } = (gateway.status ?? {}) as { conditions?: Condition[] };
  const programmed = conditions.find(({ type }) => type === "Programmed");
  if (programmed?.status === "True") return null;
  const { gatewayClassName } = gateway.spec as { gatewayClassName: string };
  const said = programmed?.message ? `: ${programmed.message}` : ", and its controller says nothing of it";
  const message = `The Gateway of class ${gatewayClassName} isn't programmed${said}. See whether that class's controller runs, or choose another class.`;
  const of = resourceKey({ type: kubernetesTypes.gateway, name: objectNames.gateway });
  return { code: "gateway_failed", message, logLines: [], of };
}
