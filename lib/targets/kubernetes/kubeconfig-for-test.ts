import { stringify } from "yaml";

/** A kubeconfig as kubectl writes it. `ca` and what is in `user` are PEM and plain. */
export function kubeconfigText(given: {
  server: string;
  ca: string;
  user: object;
  cluster?: object;
}): string {
  return stringify(kubeconfigOf(given));
}

/** The same before it is text, for a test that changes something in it. */
export function kubeconfigOf(given: { server: string; ca: string; user: object; cluster?: object }) {
  const cluster: Record<string, unknown> = {
    server: given.server,
    "certificate-authority-data": base64(given.ca),
    ...given.cluster,
  };
  return {
    apiVersion: "v1",
    kind: "Config",
    preferences: {},
    "current-context": "admin@fake",
    contexts: [{ name: "admin@fake", context: { cluster: "fake", user: "admin" } }],
    clusters: [{ name: "fake", cluster }],
    users: [{ name: "admin", user: given.user }],
  };
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
