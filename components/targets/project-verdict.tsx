import { MissingToolNote } from "#components/targets/missing-tool-note.tsx";
import { count, projectStop } from "#components/targets/project-words.ts";
import { Todo } from "#components/targets/todo.tsx";
import { Callout } from "#components/ui/callout.tsx";
import type { ToolView } from "#lib/targets/list-tools.ts";
import type { ProjectView } from "#lib/targets/gke/project-view.ts";

type Props = {
  project: ProjectView;
  /** what of the engine isn't there, so that nothing begins in any project */
  missing: ToolView | null;
};

/** What the last check comes to, in a sentence or two, and what to do about it. */
export function ProjectVerdict({ project, missing }: Props) {
  const found = project.detail?.findings ?? null;
  if (project.state === "unchecked") {
    return (
      <Callout tone="busy" title="It is being looked at">
        Who asks, which APIs are enabled, what Sluice may do, what the quotas leave, which machines and
        clusters there are. That takes some seconds; what was found appears here by itself.
      </Callout>
    );
  }
  if (found?.trouble) {
    const { message, todo, link, code } = found.trouble;
    return (
      <Callout tone="bad" title={message}>
        <Todo text={todo} link={link} />
        <p className="code mt-2 text-faint">{code}</p>
      </Callout>
    );
  }
  if (project.state === "trouble") {
    return (
      <Callout tone="bad" title={projectStop(project) ?? ""}>
        {found && "What to do is below. Nothing can be deployed there before; then check again."}
      </Callout>
    );
  }
  if (missing) return <MissingToolNote missing={missing} />;
  const gaps = found?.gaps.length ?? 0;
  if (gaps === 0) return <Callout tone="ok" title="Everything that a deployment needs is there" />;
  return (
    <Callout tone="warn" title="Deployments can be made there, but not each">
      {count(gaps, "thing is", "things are")} missing; what that means and what to do is below.
    </Callout>
  );
}
