import { Circle, CircleAlert, CircleCheck, CircleDot, CircleMinus, LoaderCircle } from "lucide-react";
import { grouped } from "#lib/targets/resource-groups.ts";
import { resourceWord } from "#lib/targets/resource-words.ts";
import type { ResourceLine, ResourceState } from "#components/operations/timeline.ts";
import { cx } from "#components/ui/class-names.ts";
import { formatDuration } from "#components/ui/format.ts";
import type { Change } from "#lib/operations/events.ts";

const icons: Record<ResourceState, { Icon: typeof Circle; tone: string }> = {
  waiting: { Icon: Circle, tone: "text-edge" },
  running: { Icon: LoaderCircle, tone: "text-busy animate-spin" },
  done: { Icon: CircleCheck, tone: "text-ok" },
  failed: { Icon: CircleAlert, tone: "text-bad" },
  same: { Icon: CircleDot, tone: "text-faint" },
  untouched: { Icon: CircleMinus, tone: "text-faint" },
};

const doing: Record<Change, [waiting: string, running: string, done: string]> = {
  create: ["to create", "creating", "created"],
  update: ["to change", "changing", "changed"],
  replace: ["to replace", "replacing", "replaced"],
  delete: ["to delete", "deleting", "deleted"],
  same: ["stays", "checking", "stays"],
};

/** What the program declared, and how far each is. */
export function ResourceList({ resources, ended }: { resources: readonly ResourceLine[]; ended: boolean }) {
  if (resources.length === 0) {
    return (
      <p className="text-faint">
        {ended ? "No plan was made." : "What it changes is listed as soon as the plan is made."}
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      {grouped(resources).map(({ title, resources: lines }) => (
        <section key={title ?? ""}>
          {title && <h3 className="mb-2 text-small text-faint">{title}</h3>}
          <ul aria-label={title ? `Resources: ${title}` : "Resources"} className="flex flex-col gap-3">
            {lines.map((resource) => (
              <Resource key={resource.key} resource={resource} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Resource({ resource }: { resource: ResourceLine }) {
  const { Icon, tone } = icons[resource.state];
  return (
    <li className="flex h-5 items-baseline gap-2">
      <Icon aria-hidden className={cx("size-4 shrink-0 self-center", tone)} />
      <span className="whitespace-nowrap">{resourceWord(resource.type)}</span>
      <span className="code min-w-0 truncate text-faint">{resource.name}</span>
      <span className="figures ml-auto text-small whitespace-nowrap text-muted">
        {stateWords(resource)}
        {resource.durationMs !== null && resource.state !== "same" && (
          <span className="ml-3 inline-block min-w-14 text-right">{formatDuration(resource.durationMs)}</span>
        )}
      </span>
    </li>
  );
}

function stateWords({ state, change }: ResourceLine): string {
  const [waiting, running, done] = doing[change];
  switch (state) {
    case "waiting":
      return waiting;
    case "running":
      return running;
    case "done":
    case "same":
      return done;
    case "failed":
      return "failed";
    case "untouched":
      return "not reached";
  }
}
