import type { ToolView } from "#lib/targets/list-tools.ts";

const tools: Record<string, { title: string; does: string }> = {
  pulumi: { title: "Pulumi", does: "The engine: it creates, changes and deletes what a deployment needs." },
  "pulumi-kubernetes": {
    title: "Pulumi’s Kubernetes plugin",
    does: "The engine’s hand in clusters: it makes and deletes what a deployment is there.",
  },
  "pulumi-gcp": {
    title: "Pulumi’s Google Cloud plugin",
    does: "The engine’s hand at Google: it makes and deletes networks, clusters and load balancers.",
  },
  haproxy: {
    title: "HAProxy",
    does: "The load balancer of this machine: it takes every request to an endpoint.",
  },
};

/** A tool's name for people, and what it is for. */
export function toolWords(name: string): { title: string; does: string } {
  return tools[name] ?? { title: name, does: "" };
}

/** Of why a tool can't be had: the first line, for people; and what a program said, which the other lines are. */
export function toolTrouble({ message }: Pick<ToolView, "message">): { todo: string; said: string } {
  const [todo = "", ...said] = (message ?? "").split("\n");
  return { todo, said: said.join("\n") };
}

/** What is wrong with a tool that isn't there, as a title: `Pulumi’s Kubernetes plugin is missing`. */
export function toolLack({ name, status }: Pick<ToolView, "name" | "status">): string {
  const { title } = toolWords(name);
  return status === "failed" ? `${title} is missing` : `${title} is still being obtained`;
}
