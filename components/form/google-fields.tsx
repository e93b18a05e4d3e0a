"use client";

import { useFormTools } from "#components/form/form-context.tsx";
import { GoogleMoreFields } from "#components/form/google-more-fields.tsx";
import { existingKey, type GoogleState } from "#components/form/google-state.ts";
import { onlyExisting } from "#components/form/move-google.ts";
import { movedWords } from "#components/form/move-to-place.ts";
import { MovedNote } from "#components/form/moved-note.tsx";
import { OwnClusterFields } from "#components/form/own-cluster-fields.tsx";
import { useGoogle } from "#components/form/use-google.ts";
import { Callout } from "#components/ui/callout.tsx";
import { ChoiceCard } from "#components/ui/choice-card.tsx";
import { FieldProblem, SelectField } from "#components/ui/field.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { ProjectOffers } from "#lib/targets/gke/project-view.ts";

/** The form's section for a Google project; nothing elsewhere. */
export function GoogleFields() {
  const { place, form } = useFormTools();
  if (place.kind !== "gke") return null;
  const { project } = place;
  const about = project ? `Project ${project.project}, ${project.location}` : undefined;
  return (
    <Panel title="Google Cloud" about={about}>
      <div className="flex flex-col gap-4">
        {!project && (
          <Callout tone="warn" title="Nobody could look at this project yet">
            What it offers isn’t known, so what is typed here is checked as the deployment begins.
          </Callout>
        )}
        <ClusterChoice />
        {form.google.mode === "own" ? <OwnClusterFields /> : <ExistingClusterField />}
        <GoogleMoreFields />
      </div>
    </Panel>
  );
}

function ClusterChoice() {
  const { at, place, isThere } = useFormTools();
  const { google, changeGoogle } = useGoogle();
  const { error, ...mark } = at("google.cluster", "google.cluster.mode", "google");
  const stays = isThere
    ? "Another cluster is another deployment: make a new one, and tear this one down."
    : null;
  const refusalOf = (mode: GoogleState["mode"]) => {
    if (google.mode === mode && isThere) return null;
    if (stays) return stays;
    return mode === "own" ? (place.project?.ownClusterRefusal ?? null) : existingRefusal(place.project);
  };
  return (
    <fieldset className="min-w-0" {...mark} tabIndex={-1}>
      <legend className="mb-1 font-medium">Cluster</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        <ChoiceCard
          name="google-cluster"
          value="own"
          checked={google.mode === "own"}
          onChoose={() => changeGoogle({ mode: "own" })}
          title="A cluster of its own"
          about="Made for this deployment and deleted with it: about 10 to 20 minutes until it answers, and some minutes to delete."
          facts={["The cluster’s fee and all its nodes are paid for while it is there"]}
          refusal={refusalOf("own")}
        />
        <ChoiceCard
          name="google-cluster"
          value="existing"
          checked={google.mode === "existing"}
          onChoose={() =>
            changeGoogle({ mode: "existing", existing: google.existing || onlyExisting(place.project) })
          }
          title="A cluster that is there"
          about="A namespace in it; the cluster itself is never changed. Some minutes, most of them for the load balancer."
          facts={["Its fee and nodes are paid for anyway; the load balancer comes on top"]}
          refusal={refusalOf("existing")}
        />
      </div>
      <MovedNote>{movedWords(google.moved.mode, google.mode)}</MovedNote>
      {error && <FieldProblem>{error}</FieldProblem>}
    </fieldset>
  );
}

function existingRefusal(project: ProjectOffers | null): string | null {
  if (!project || project.clusters.some(({ problems }) => problems.length === 0)) return null;
  const [only] = project.clusters;
  if (!only) return "There is no cluster in this project yet.";
  return project.clusters.length === 1
    ? `${only.name} can’t be used. ${only.problems[0]?.message ?? ""}`
    : `None of the ${project.clusters.length} clusters in this project can be used: ${project.clusters
        .map(({ name, problems }) => `${name}: ${problems[0]?.message ?? ""}`)
        .join(" ")}`;
}

/** Those that can't be chosen stay in sight, with the reason. */
function ExistingClusterField() {
  const { at, place, isThere } = useFormTools();
  const { google, changeGoogle } = useGoogle();
  const clusters = place.project?.clusters ?? [];
  const isListed = clusters.some((one) => existingKey(one) === google.existing);
  const unusable = clusters.filter(({ problems }) => problems.length > 0);
  return (
    <div className="min-w-0">
      <SelectField
        label="Existing cluster"
        value={google.existing}
        disabled={isThere}
        hint={isThere ? "It can’t be changed: another cluster is another deployment." : undefined}
        onChange={(event) => changeGoogle({ existing: event.target.value })}
        {...at("google.cluster.name", "google.cluster.location")}
      >
        {!isListed && (
          <option value={google.existing}>{google.existing ? google.existing : "Choose a cluster"}</option>
        )}
        {clusters.map((one) => (
          <option key={existingKey(one)} value={existingKey(one)} disabled={one.problems.length > 0}>
            {one.name} in {one.location}
            {one.version ? `, ${one.version}` : ""}
            {one.problems.length > 0 ? " (can’t be used)" : ""}
          </option>
        ))}
      </SelectField>
      {!isThere && unusable.length > 0 && (
        <ul
          aria-label="Clusters that can’t be used"
          className="mt-1 flex flex-col gap-1 text-small text-faint"
        >
          {unusable.map((one) => (
            <li key={existingKey(one)}>
              <span className="code">{one.name}</span>:{" "}
              {one.problems.map(({ message, todo }) => `${message} ${todo}`).join(" ")}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
