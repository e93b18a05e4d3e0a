import { CircleAlert, CircleCheck, CircleHelp, ExternalLink } from "lucide-react";
import { Panel } from "#components/ui/panel.tsx";
import type { ProjectFindings } from "#lib/targets/gke/findings.ts";

const looks = {
  on: { Icon: CircleCheck, tone: "text-ok", word: "enabled" },
  off: { Icon: CircleAlert, tone: "text-bad", word: "not enabled" },
  unknown: { Icon: CircleHelp, tone: "text-faint", word: "can’t be seen" },
} as const;

/** The APIs that are needed, those that aren't enabled first, each with the page where that is done. */
export function ProjectApis({ apis }: Pick<ProjectFindings, "apis">) {
  if (apis.length === 0) return null;
  const enabled = apis.filter((api) => api.enabled).length;
  const missingFirst = apis.toSorted((one, other) => rank(one.enabled) - rank(other.enabled));
  return (
    <Panel title="APIs" about={`${enabled} of ${apis.length} enabled`} flush>
      <ul className="divide-y border-t">
        {missingFirst.map(({ name, title, enabled: isOn, link }) => {
          const { Icon, tone, word } = looks[isOn === null ? "unknown" : isOn ? "on" : "off"];
          return (
            <li key={name} className="flex flex-wrap items-center gap-x-2 gap-y-1 px-4 py-2">
              <Icon aria-hidden className={`size-4 shrink-0 ${tone}`} />
              <span className="min-w-0 break-words">{title}</span>
              <span className={isOn ? "sr-only" : "text-small text-muted"}>{word}</span>
              {!isOn && (
                <a
                  href={link}
                  target="_blank"
                  rel="noreferrer"
                  className="ml-auto inline-flex items-center gap-1 text-accent underline"
                >
                  Enable it
                  <ExternalLink aria-hidden className="size-3.5" />
                  <span className="sr-only">: {title} (in a new tab)</span>
                </a>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function rank(enabled: boolean | null): number {
  return enabled === false ? 0 : enabled === null ? 1 : 2;
}
