import { renderClusterConfig } from "#infra/haproxy/render-cluster.ts";
import { proxyModel } from "#lib/targets/kubernetes/proxy-model.ts";

/** The files of HAProxy's configuration for a deployment's namespace, for `settings.proxy`. */
export function proxyFiles(...of: Parameters<typeof proxyModel>): Record<string, string> {
  return renderClusterConfig(proxyModel(...of));
}
