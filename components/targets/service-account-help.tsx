import { CodeBlock } from "#components/ui/code-block.tsx";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { kubeconfigCommand, serviceAccountManifest } from "#lib/targets/kubernetes/service-account.ts";

/** How an admin of a cluster makes an account for Sluice, and a kubeconfig of it. */
export function ServiceAccountHelp() {
  return (
    <Panel>
      <Disclosure
        title="An account of Sluice’s own in the cluster"
        summary="for a kubeconfig that runs no program"
      >
        <div className="flex flex-col gap-4">
          <p className="max-w-prose text-muted">
            Apply this as an admin of the cluster, with <span className="code">kubectl apply -f -</span>. It
            gives exactly the rights that are checked.
          </p>
          <CodeBlock text={serviceAccountManifest()} label="Service account and rights" copy="manifest" />
          <p className="max-w-prose text-muted">Then this prints the kubeconfig to paste above.</p>
          <CodeBlock text={kubeconfigCommand} label="Commands for the kubeconfig" copy="commands" />
        </div>
      </Disclosure>
    </Panel>
  );
}
