import { drainSeconds } from "#lib/targets/kubernetes/settings.ts";

// What every pod of ours has in common.

/** Nothing in these pods speaks to the API server, and no other Service's address belongs in their environment. */
export const podDefaults = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
} as const;

/** A new replica serves before an old one goes. */
export const rollout = {
  revisionHistoryLimit: 3,
  progressDeadlineSeconds: 600,
  strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
} as const;

/** Kubernetes's own sleep, since an image need not have one: clusters without it are refused (refuse-old-version.ts). */
export const preStop = { sleep: { seconds: drainSeconds } } as const;

/** Longer than the drain and the longest stream together, so that no request is cut off. */
export function gracePeriodSeconds(streamLimitSeconds: number): number {
  return drainSeconds + streamLimitSeconds + 10;
}

/** As even over the nodes as can be; a full cluster is no reason not to run. */
export function spread(selector: Record<string, string>) {
  return [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: selector },
    },
  ];
}

/** Those that an image which begins as root commonly needs to become another user and to open low ports. */
const rootCapabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "NET_BIND_SERVICE", "SETGID", "SETUID"];

export function containerSecurity(runAsRoot: boolean) {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"], ...(runAsRoot && { add: rootCapabilities }) },
  };
}
