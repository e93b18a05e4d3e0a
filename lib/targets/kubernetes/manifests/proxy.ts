import {
  configAnnotation,
  labelsOf,
  metadataOf,
  selectorOf,
  type Owner,
} from "#lib/targets/kubernetes/manifests/metadata.ts";
import {
  containerSecurity,
  gracePeriodSeconds,
  podDefaults,
  preStop,
  rollout,
  spread,
} from "#lib/targets/kubernetes/manifests/pods.ts";
import { objectNames, proxyPlaces, type ProxySettings } from "#lib/targets/kubernetes/settings.ts";

export type ProxyOptions = {
  owner: Owner;
  proxy: ProxySettings;
  /** of its configuration and certificate, never of the keys: those change without new pods */
  configHash: string;
  isPrivate: boolean;
  hasHttp: boolean;
  hasTls: boolean;
  streamLimitSeconds: number;
};

/** HAProxy's configuration, as it was rendered. */
export function proxyConfig(owner: Owner, proxy: ProxySettings) {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(objectNames.proxy, owner),
    data: proxy.files,
  };
}

/** The user that HAProxy's official image runs as: the number, since Kubernetes can't tell a name from root. */
const haproxyUser = 99;

/** Two of it, on two nodes where there are two. */
export function proxyDeployment(options: ProxyOptions) {
  const { owner, configHash, isPrivate, hasTls, streamLimitSeconds } = options;
  const selector = selectorOf(owner);
  const secrets = [
    ...(isPrivate ? [{ name: "keys", secretName: objectNames.proxyKeys, path: proxyPlaces.keys }] : []),
    ...(hasTls ? [{ name: "tls", secretName: objectNames.tls, path: proxyPlaces.tls }] : []),
  ];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(objectNames.proxy, owner),
    spec: {
      replicas: 2,
      ...rollout,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: labelsOf(owner), annotations: { [configAnnotation]: configHash } },
        spec: {
          ...podDefaults,
          terminationGracePeriodSeconds: gracePeriodSeconds(streamLimitSeconds),
          securityContext: {
            runAsNonRoot: true,
            runAsUser: haproxyUser,
            runAsGroup: haproxyUser,
            fsGroup: haproxyUser,
            seccompProfile: { type: "RuntimeDefault" },
          },
          topologySpreadConstraints: spread(selector),
          containers: [proxyContainer(options, secrets)],
          volumes: [
            { name: "config", configMap: { name: objectNames.proxy } },
            { name: "run", emptyDir: {} },
            ...secrets.map(({ name, secretName }) => ({ name, secret: { secretName, defaultMode: 0o440 } })),
          ],
        },
      },
    },
  };
}

function proxyContainer(
  { proxy: { image }, hasHttp, hasTls }: ProxyOptions,
  secrets: { name: string; path: string }[],
) {
  const httpGet = { path: proxyPlaces.healthPath, port: "status", scheme: "HTTP" };
  const port = (name: string, containerPort: number) => ({ name, containerPort, protocol: "TCP" });
  return {
    name: "haproxy",
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["haproxy", "-W", "-db", "-f", `${proxyPlaces.config}/haproxy.cfg`],
    env: [{ name: proxyPlaces.addressesIn, valueFrom: { fieldRef: { fieldPath: "status.podIPs" } } }],
    ports: [
      ...(hasHttp ? [port("http", proxyPlaces.http)] : []),
      ...(hasTls ? [port("https", proxyPlaces.https)] : []),
      port("status", proxyPlaces.status),
    ],
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "1", memory: "256Mi" } },
    startupProbe: { httpGet, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 60 },
    readinessProbe: { httpGet, periodSeconds: 3, timeoutSeconds: 2, failureThreshold: 2 },
    livenessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 },
    lifecycle: { preStop },
    securityContext: { ...containerSecurity(false), readOnlyRootFilesystem: true },
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      { name: "config", mountPath: proxyPlaces.config, readOnly: true },
      { name: "run", mountPath: proxyPlaces.run },
      ...secrets.map(({ name, path }) => ({ name, mountPath: path, readOnly: true })),
    ],
  };
}
