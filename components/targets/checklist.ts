import { formatCores, formatMemory, missingInWords } from "#components/targets/cluster-words.ts";
import { openNodes, usableGatewayClasses, type Findings } from "#lib/targets/kubernetes/findings.ts";
import { oldestVersion, refuseOldVersion } from "#lib/targets/kubernetes/refuse-old-version.ts";
import type { ClusterDetail } from "#lib/targets/target-view.ts";

export type ChecklistItem = {
  title: string;
  tone: "ok" | "warn" | "bad" | "neutral";
  /** what was found */
  found: string;
  /** what it means or what to do; where all is well, nothing */
  todo?: string;
};

const weekMs = 7 * 86_400_000;

/** What is fine about a cluster, what is missing, and what to do about it; the most important first. */
export function checklist(detail: ClusterDetail, found: Findings, now: number): ChecklistItem[] {
  return [
    { title: "Reachable", tone: "ok", found: "It answers." },
    versionItem(found),
    rightsItem(found),
    nodesItem(found),
    loadBalancerItem(found),
    addressItem(found, detail),
    metricsItem(found),
    imagesItem(detail),
    credentialsItem(detail, now),
  ];
}

function versionItem(found: Findings): ChecklistItem {
  const title = "Version";
  const old = refuseOldVersion(found);
  if (old) return { title, tone: "bad", found: old.message, todo: old.todo };
  if (found.version) return { title, tone: "ok", found: `Kubernetes ${found.version}` };
  return {
    title,
    tone: "neutral",
    found: "It may not be read.",
    todo: `Pods of deployments need Kubernetes ${oldestVersion} or newer.`,
  };
}

function rightsItem(found: Findings): ChecklistItem {
  const missing = missingInWords(found, "always");
  const all = found.rights.reduce((sum, { allowed, denied }) => sum + allowed.length + denied.length, 0);
  if (missing.length === 0)
    return { title: "Rights", tone: "ok", found: `All that are needed, of ${all} asked for` };
  return {
    title: "Rights",
    tone: "bad",
    found: `Missing: ${missing.slice(0, 4).join("; ")}${missing.length > 4 ? " …" : ""}`,
    todo: "Nothing can be deployed until they are given. The table below names each.",
  };
}

function nodesItem(found: Findings): ChecklistItem {
  const title = "Room";
  if (!found.nodes) {
    return {
      title,
      tone: "warn",
      found: "The nodes may not be read.",
      todo: "Deployments work; whether one fits shows only when it is made.",
    };
  }
  const open = openNodes(found);
  if (open.length === 0) {
    return {
      title,
      tone: "bad",
      found: `None of ${found.nodes.length} nodes takes pods.`,
      todo: "Add a node, or uncordon one: kubectl uncordon NODE.",
    };
  }
  const free = (kind: "cpuMillis" | "memoryBytes" | "gpus") =>
    open.reduce((sum, node) => sum + (node[kind].free ?? node[kind].total), 0);
  const gpus = free("gpus") > 0 ? `, ${free("gpus")} GPU` : "";
  return {
    title,
    tone: "ok",
    found: `${formatCores(free("cpuMillis"))}, ${formatMemory(free("memoryBytes"))}${gpus} free on ${open.length} of ${found.nodes.length} nodes`,
  };
}

function loadBalancerItem(found: Findings): ChecklistItem {
  const title = "Gateway classes";
  const usable = usableGatewayClasses(found);
  const own = "Without one, HAProxy in the deployment’s namespace is the load balancer.";
  if (usable.length > 0) return { title, tone: "ok", found: usable.join(", ") };
  if (found.gatewayApi === "absent")
    return { title, tone: "neutral", found: "The Gateway API isn’t installed.", todo: own };
  if (found.gatewayApi === "unknown")
    return { title, tone: "neutral", found: "They may not be read.", todo: own };
  const missing = missingInWords(found, "gateway");
  if (missing.length > 0) {
    const todo = `${own} To choose one, these rights are missing: ${missing.join("; ")}.`;
    return { title, tone: "warn", found: `${found.gatewayClasses.length} there, but not to be used`, todo };
  }
  const refused = found.gatewayClasses.map(({ name, message }) => (message ? `${name} (${message})` : name));
  if (refused.length === 0) return { title, tone: "neutral", found: "None is installed.", todo: own };
  return { title, tone: "warn", found: `No controller has accepted ${refused.join(", ")}.`, todo: own };
}

function addressItem(found: Findings, { settings }: ClusterDetail): ChecklistItem {
  const title = "Addresses";
  if (found.loadBalancers === "seen") {
    return { title, tone: "ok", found: "Services of type LoadBalancer get one." };
  }
  if (settings.publicHost) return { title, tone: "ok", found: `Node ports at ${settings.publicHost}` };
  return {
    title,
    tone: "neutral",
    found: "No Service of type LoadBalancer has one yet, so nobody knows whether they get any.",
    todo: "Where they don’t, node ports serve: then set the public host below.",
  };
}

function metricsItem({ metricsApi }: Findings): ChecklistItem {
  const title = "Scaling";
  switch (metricsApi) {
    case "there":
      return { title, tone: "ok", found: "The metrics API answers: replicas can follow processor use." };
    case "silent":
      return {
        title,
        tone: "warn",
        found: "The metrics API is installed, but doesn’t answer.",
        todo: "Look at metrics-server: kubectl get apiservice v1beta1.metrics.k8s.io. Until then the number of replicas stays as it is.",
      };
    case "absent":
      return {
        title,
        tone: "warn",
        found: "There is no metrics API.",
        todo: "Install metrics-server for replicas to follow processor use; a fixed number works without.",
      };
    case "unknown":
      return { title, tone: "neutral", found: "Whether there is a metrics API may not be asked." };
  }
}

function imagesItem({ settings }: ClusterDetail): ChecklistItem {
  const title = "Built-in models";
  if (settings.imagePrefix) return { title, tone: "ok", found: `From ${settings.imagePrefix}` };
  return {
    title,
    tone: "neutral",
    found: "Only images of your own.",
    todo: "Where the built-in ones are in a registry, set their prefix below.",
  };
}

function credentialsItem({ credentialsExpireAt }: ClusterDetail, now: number): ChecklistItem {
  const title = "Credentials";
  if (!credentialsExpireAt) return { title, tone: "ok", found: "No expiry date" };
  const day = credentialsExpireAt.slice(0, 10);
  const left = Date.parse(credentialsExpireAt) - now;
  if (left <= 0)
    return { title, tone: "bad", found: `They ended on ${day}.`, todo: "Replace the kubeconfig below." };
  if (left > weekMs) return { title, tone: "ok", found: `Good until ${day}` };
  return {
    title,
    tone: "warn",
    found: `They end on ${day}.`,
    todo: "Replace the kubeconfig before: afterwards nothing there can be changed from here.",
  };
}
