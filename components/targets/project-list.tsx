import Link from "next/link";
import { projectInShort, projectStop } from "#components/targets/project-words.ts";
import { RegisteredList, RegisteredRow } from "#components/targets/registered-list.tsx";
import { routes } from "#lib/routes.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

type Props = {
  list: TargetView[];
  admin: boolean;
};

/** The registered Google projects, with how each is and what it offers. */
export function ProjectList({ list, admin }: Props) {
  return (
    <RegisteredList
      title="Google projects"
      about="A GKE cluster and Google’s load balancer for each deployment"
      empty={{
        title: "No Google project yet",
        text: admin
          ? "Add one by a service account’s key, or by the worker’s own account. It is checked at once: APIs, rights, quotas, machines."
          : "An admin can add one.",
      }}
      list={list}
      row={(target) => <Row key={target.name} target={target} />}
    />
  );
}

function Row({ target }: { target: TargetView }) {
  const { project } = target;
  if (!project) return null;
  const { offers, detail } = project;
  const stop = projectStop(project);
  return (
    <RegisteredRow target={target} registered={project}>
      {stop && (
        <p className="break-words text-bad">
          {stop}{" "}
          {detail && (
            <Link href={routes.target(project.id)} className="underline">
              What to do
            </Link>
          )}
        </p>
      )}
      <p className="figures break-words text-muted">
        {detail && <span className="code break-all">{detail.settings.project}</span>}
        {detail && offers && " · "}
        {offers && projectInShort(offers, stop !== null).join(" · ")}
      </p>
    </RegisteredRow>
  );
}
