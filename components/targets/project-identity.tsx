import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { AccountFound, ProjectFindings } from "#lib/targets/gke/findings.ts";
import { nodeZonesOf } from "#lib/targets/gke/node-zones.ts";
import type { ProjectSettings } from "#lib/targets/gke/project-settings.ts";

type Props = { settings: ProjectSettings; findings: ProjectFindings };

/** Who asks, for which project, and where. */
export function ProjectIdentity({ settings, findings }: Props) {
  const { project, identity, zones, nodeAccount, defaultAccount } = findings;
  return (
    <Panel title="Project and accounts">
      <DefinitionList
        items={[
          ["Project", project ? projectWords(project) : settings.project],
          ["Location", placeWords(settings.location, zones)],
          [
            "Asks as",
            <span key="identity" className="break-all">
              {identity ?? "Google doesn’t say"}
              {settings.account === "worker" && " (the worker’s own account)"}
            </span>,
          ],
          ["Nodes act as", <Account key="nodes" account={nodeAccount} none="nobody: set an account below" />],
          [
            "First node acts as",
            <Account key="first" account={defaultAccount} none="not told: it may not be read" />,
          ],
        ]}
      />
    </Panel>
  );
}

/** Most projects are named as their id is. */
function projectWords({ id, name, number }: NonNullable<ProjectFindings["project"]>): string {
  return `${id} (${name === id ? "" : `${name}, `}number ${number})`;
}

function placeWords(location: string, zones: string[] | null): string {
  if (!zones) return location;
  return zones.includes(location)
    ? `${location}, a zone: nodes of own clusters are there`
    : `${location}, a region: nodes of own clusters are in ${nodeZonesOf(location, zones).join(", ")}`;
}

function Account({ account, none }: { account: AccountFound | null; none: string }) {
  if (!account) return <span className="text-muted">{none}</span>;
  const { email, exists, mayActAs } = account;
  const problem =
    exists === false
      ? "there is no such account"
      : mayActAs === false
        ? "Sluice may not run machines as it"
        : null;
  return (
    <>
      <span className="break-all">{email}</span>
      {problem && <span className="block text-small text-bad">{problem}</span>}
      {!problem && (exists === null || mayActAs === null) && (
        <span className="block text-small text-faint">whether it may be used can’t be seen</span>
      )}
    </>
  );
}
