import { inject, test } from "vitest";
import { expectPreview } from "#e2e/cluster/portal/expect-preview.ts";
import { kubernetesProgram } from "#infra/targets/kubernetes/program.ts";
import { newId } from "#lib/ids.ts";
import { forms, secretsForTest } from "#lib/targets/kubernetes/forms-for-test.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";

// The engine's plugin checks every input of every kind against the cluster; with the vendor's own plugin nothing is
// stricter.

test.each(Object.entries(forms))(
  "the engine previews the form's variant: %s",
  async (_, { spec, settings }) => {
    const deploymentId = newId("dep");
    const program = kubernetesProgram({
      kubeconfig: inject("place").kubeconfig,
      clusterIdentifier: "cluster-test",
      secrets: secretsForTest,
    });
    await expectPreview(deploymentId, planKubernetes(deploymentId, spec, settings), program);
  },
);
