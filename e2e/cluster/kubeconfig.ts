import type { ApiServer } from "#e2e/cluster/api.ts";

/** A kubeconfig that holds all it needs: no path, nothing to run. JSON is YAML. */
export function kubeconfigOf({ url, ca = "", token }: ApiServer): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [
      {
        name: "test",
        cluster: { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") },
      },
    ],
    users: [{ name: "test", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  };
  return JSON.stringify(config, null, 2);
}
