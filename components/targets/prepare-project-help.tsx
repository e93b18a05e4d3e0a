import { CodeBlock } from "#components/ui/code-block.tsx";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { prepareScript } from "#lib/targets/gke/prepare-script.ts";

/** How an owner of a Google project prepares it for Sluice. */
export function PrepareProjectHelp() {
  return (
    <Panel>
      <Disclosure title="A script that prepares a project" summary="APIs, roles and the nodes’ account">
        <div className="flex flex-col gap-4">
          <p className="max-w-prose text-muted">
            Paste it where <span className="code">gcloud</span> is signed in as an owner of the project, such
            as Cloud Shell, with the project’s id in its first line. It gives exactly the roles that are
            checked. It can be pasted again at any time; what is there stays.
          </p>
          <CodeBlock text={prepareScript} label="Script that prepares a project" copy="script" />
          <p className="max-w-prose text-muted">
            The node service account to enter below is then{" "}
            <span className="code break-all">sluice-nodes@MY-PROJECT.iam.gserviceaccount.com</span>. For a key
            of Sluice’s account, this writes <span className="code">key.json</span>:
          </p>
          <CodeBlock
            text='gcloud iam service-accounts keys create key.json --iam-account="$SLUICE"'
            label="Command for a key"
            copy="command"
            wrap
          />
        </div>
      </Disclosure>
    </Panel>
  );
}
