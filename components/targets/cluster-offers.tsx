import { formatCores, formatMemory } from "#components/targets/cluster-words.ts";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { ClusterOffers } from "#lib/targets/target-view.ts";

/** What a deployment can have there, for those who deploy. */
export function ClusterOffersPanel({ offers }: { offers: ClusterOffers }) {
  const { largestPod, gatewayClasses } = offers;
  return (
    <Panel title="What it offers">
      <DefinitionList
        items={[
          ["Kubernetes", offers.version ?? "not told"],
          ["Nodes", offers.nodes === null ? "not told" : String(offers.nodes)],
          [
            "Largest replica now",
            largestPod
              ? `${formatCores(largestPod.cpuMillis)}, ${formatMemory(largestPod.memoryBytes)}${largestPod.gpus > 0 ? `, ${largestPod.gpus} GPU` : ""}`
              : "not known",
          ],
          [
            "Load balancer",
            gatewayClasses.length > 0
              ? `HAProxy, or a Gateway of class ${gatewayClasses.join(", ")}`
              : "HAProxy in the deployment’s namespace",
          ],
          ["Scaling", offers.autoscaling ? "by processor use" : "a fixed number of replicas"],
          [
            "Models",
            offers.imagePrefix !== null ? "the catalogue’s, and container images" : "container images",
          ],
        ]}
      />
    </Panel>
  );
}
