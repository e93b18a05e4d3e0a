export const labelled = (name: string) => ({ app: name });

type Options = {
  replicas?: number;
  /** requested and limited */
  cpu?: string;
  /** where the ConfigMap of the same name is mounted */
  configMap?: string;
  spread?: object[];
};

/** A Deployment whose pods answer on 8080 and are ready when /healthz says so; as a cluster wants them, not as root. */
export function deployment(name: string, image: string, options: Options = {}): object {
  const { replicas = 1, cpu = "20m", configMap, spread } = options;
  const probe = { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 };
  const container = {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    env: [{ name: "NAME", value: name }],
    ports: [{ containerPort: 8080 }],
    resources: { requests: { cpu, memory: "32Mi" } },
    readinessProbe: probe,
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    volumeMounts: configMap ? [{ name: "config", mountPath: configMap }] : [],
  };
  const pod = {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    terminationGracePeriodSeconds: 5,
    containers: [container],
    volumes: configMap ? [{ name: "config", configMap: { name } }] : [],
    topologySpreadConstraints: spread,
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labelled(name) },
      template: { metadata: { labels: labelled(name) }, spec: pod },
    },
  };
}

/** A Service on port 80 to the pods of the Deployment. */
export function service(name: string, spec: object = {}, of = name): object {
  const ports = [{ name: "http", port: 80, targetPort: 8080 }];
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector: labelled(of), ports, ...spec },
  };
}
