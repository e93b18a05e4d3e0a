import type { Spec } from "#lib/deployments/spec.ts";

/** What one variant's pods are made of, beside what the spec says of it. */
export type VariantSettings = {
  /** with its tag or digest, and with the target's prefix where it is one of ours */
  image: string;
  port: number;
  /** Kubernetes quantities, such as `500m` and `256Mi` */
  requests: { cpu: string; memory: string };
  limits: { cpu: string; memory: string };
  gpus: number;
  /** the image can't run as another user than root */
  runAsRoot: boolean;
  /** wanted use of the requested processor, in percent, where the variant scales */
  targetCpuPercent: number;
  /** how long the load must be low before replicas are taken away */
  scaleDownSeconds: number;
};

/** HAProxy in the namespace. Its configuration is written elsewhere: here it is text. */
export type ProxySettings = {
  image: string;
  /** the files of its configuration by name, `haproxy.cfg` among them; nothing secret in them */
  files: Record<string, string>;
};

/** All that the program of the `kubernetes` target needs beside the spec. Holds nothing secret. */
export type KubernetesSettings = {
  gatewayClass: string | null;
  serviceType: "LoadBalancer" | "NodePort";
  /** names of the variants are the spec's */
  variants: Record<string, VariantSettings>;
  /** null: there is no HAProxy in this deployment's namespace (`loadBalancerOf`) */
  proxy: ProxySettings | null;
  /** tells one pull secret from another; null: the images need none */
  pullSecretFingerprint: string | null;
  /** the longest a request may take, in seconds: a pod that ends waits so long for those it works on */
  streamLimitSeconds: number;
};

/** What the program makes secrets of, by the names that `secretInput` gives them in a plan. */
export type KubernetesSecrets = {
  /** each variable with its value, plain ones among them */
  env: Record<string, string>;
  /** `.dockerconfigjson` */
  pull?: Record<string, string>;
  /** `tls.crt` and `tls.key` */
  tls?: Record<string, string>;
};

/** Names of the objects in a deployment's namespace that others look for. */
export const objectNames = {
  env: "env",
  pull: "pull",
  tls: "tls",
  /** the Service that traffic comes to, unless a Gateway is */
  endpoint: "endpoint",
  proxy: "proxy",
  /** the worker's own Secret with the map of keys: it has to be there for a private endpoint's HAProxy to start */
  proxyKeys: "proxy-keys",
  gateway: "gateway",
  routes: "routes",
  redirect: "redirect",
} as const;

/** Where HAProxy's pods listen, and where they find their files: for whoever writes its configuration. */
export const proxyPlaces = {
  http: 8080,
  https: 8443,
  /** answers 200 while HAProxy takes requests, and has the exporter under /metrics */
  status: 8404,
  healthPath: "/healthz",
  metricsPath: "/metrics",
  /** the container's variable with the pod's addresses, with commas between them */
  addressesIn: "POD_IPS",
  /** the runtime API, on the pod's loopback alone */
  admin: 9999,
  config: "/etc/sluice/config",
  keys: "/etc/sluice/keys",
  /** in that folder, and the field of the worker's Secret: SHA-256 of a key → its label, one a line */
  keyFile: "keys.map",
  tls: "/etc/sluice/tls",
  /** the only folder that can be written to */
  run: "/var/run/sluice",
} as const;

/** How long a pod that is to end goes on serving, until every load balancer has heard of it, in seconds. */
export const drainSeconds = 15;

/** The namespace of a deployment: found again by its name alone. */
export function namespaceOf(deploymentId: string): string {
  return `sluice-${deploymentId}`;
}

/** The Deployment, Service, HPA and PDB of a variant. */
export function modelServerName(variant: string): string {
  return `model-${variant}`;
}

/** @throws Error for a variant that has none */
export function variantSettings(
  settings: Pick<KubernetesSettings, "variants">,
  variant: Spec["variants"][number],
): VariantSettings {
  const found = settings.variants[variant.name];
  if (!found) throw new Error(`There are no settings for variant ${variant.name}.`);
  return found;
}
