import type { ReactNode } from "react";
import { ExternalLink } from "lucide-react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Age } from "#components/ui/time.tsx";
import {
  certificateWords,
  clusterConsoleLink,
  dnsWords,
  nodesWords,
} from "#components/deployments/google-facts-words.ts";
import type { DomainState } from "#lib/deployments/domain-state.ts";
import type { DeploymentView, EndpointView } from "#lib/deployments/view.ts";
import type { GoogleSpec } from "#lib/deployments/google-spec.ts";
import { mainName } from "#lib/targets/gke/names.ts";

type Props = {
  deployment: Pick<DeploymentView, "id" | "target" | "endpoint" | "spec" | "domain">;
  /** null where nobody can look at the target now */
  project: string | null;
};

/** What it has at Google, and what DNS has to say of its domain. */
export function GoogleFacts({ deployment, project }: Props) {
  const { google } = deployment.spec;
  if (!google) return null;
  const items: [string, ReactNode][] = [
    ["Project", project ?? deployment.target],
    ["Cluster", <Cluster key="cluster" deployment={deployment} google={google} project={project} />],
    ["Nodes", nodesWords(google)],
    ["Address", <Address key="address" endpoint={deployment.endpoint} />],
    ...(google.domain === null ? [] : domainItems(deployment, google.domain)),
    ...(google.staticContent === null
      ? []
      : [["Static files", `at ${google.staticContent.prefix}, readable by anyone`] as [string, ReactNode]]),
  ];
  return (
    <Panel title="Google Cloud">
      <DefinitionList items={items} />
    </Panel>
  );
}

function Cluster({ deployment, google, project }: Props & { google: GoogleSpec }) {
  const { id, endpoint } = deployment;
  const { cluster, location } = google;
  // One of its own is begun with the address; before that Google's page would say that there is none.
  const isThere = cluster.mode === "existing" || endpoint !== null;
  const name = cluster.mode === "own" ? mainName(id) : cluster.name;
  const whose = cluster.mode === "own" ? "of its own" : "there already, never changed";
  return (
    <>
      {project && isThere ? (
        <a
          href={clusterConsoleLink({ project, location, name })}
          className="inline-flex max-w-full items-center gap-1 text-accent underline"
          rel="noreferrer"
          target="_blank"
        >
          <span className="code break-all">{name}</span>
          <ExternalLink aria-label="in Google’s console" className="size-3.5 shrink-0" />
        </a>
      ) : (
        <span className="code break-all">{name}</span>
      )}{" "}
      <span className="text-muted">
        in {location}, {whose}
      </span>
    </>
  );
}

function Address({ endpoint }: { endpoint: EndpointView | null }) {
  if (!endpoint) return "not reserved yet";
  return (
    <span className="inline-flex items-center gap-1">
      <span className="code">{endpoint.ip}</span>
      <Copy text={endpoint.ip} what="address" />
    </span>
  );
}

/** A button that is higher than a line doesn't move the line off its name. */
function Copy(props: { text: string; what: string }) {
  return (
    <span className="-my-2 shrink-0">
      <CopyButton {...props} />
    </span>
  );
}

function domainItems({ endpoint, domain: seen }: Props["deployment"], name: string): [string, ReactNode][] {
  return [
    [
      "Domain",
      <span key="domain" className="code break-all">
        {name}
      </span>,
    ],
    [
      "DNS record",
      endpoint ? (
        <span key="dns" className="inline-flex max-w-full items-center gap-1">
          <span className="code min-w-0 break-all">{`${name}. A ${endpoint.ip}`}</span>
          <Copy text={`${name}. 300 IN A ${endpoint.ip}`} what="DNS record" />
        </span>
      ) : (
        "to be set once the address is reserved"
      ),
    ],
    // What was seen of an earlier domain says nothing of this one.
    ...domainSeen(seen?.domain === name ? seen : null),
  ];
}

function domainSeen(seen: DomainState | null): [string, ReactNode][] {
  if (!seen) return [["Certificate", "Google makes it once the DNS record leads here"]];
  return [
    ["DNS says now", dnsWords(seen)],
    ["Certificate", certificateWords(seen)],
    [
      "Looked at",
      <span key="at" className="figures">
        <Age at={seen.checkedAt} suffix=" ago" />
      </span>,
    ],
  ];
}
