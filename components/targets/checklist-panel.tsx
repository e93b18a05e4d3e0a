import { CircleAlert, CircleCheck, CircleMinus, TriangleAlert } from "lucide-react";
import type { ChecklistItem } from "#components/targets/checklist.ts";
import { cx } from "#components/ui/class-names.ts";
import { Panel } from "#components/ui/panel.tsx";

const looks = {
  ok: { Icon: CircleCheck, tone: "text-ok", word: "fine" },
  warn: { Icon: TriangleAlert, tone: "text-warn", word: "missing" },
  bad: { Icon: CircleAlert, tone: "text-bad", word: "in the way" },
  neutral: { Icon: CircleMinus, tone: "text-faint", word: "can do without" },
} satisfies Record<ChecklistItem["tone"], unknown>;

/** What was found, or what can be done, point by point. */
export function ChecklistPanel({ title: heading, items }: { title: string; items: ChecklistItem[] }) {
  return (
    <Panel title={heading} flush>
      <ul className="divide-y border-t">
        {items.map(({ title, tone, found, todo }) => {
          const { Icon, tone: ink, word } = looks[tone];
          return (
            <li key={title} className="grid gap-x-4 gap-y-1 px-4 py-3 sm:grid-cols-[11rem_minmax(0,1fr)]">
              <p className="flex items-center gap-2 self-start font-medium">
                <Icon aria-hidden className={cx("size-4 shrink-0", ink)} />
                {title}
                <span className="sr-only">: {word}</span>
              </p>
              <div className="min-w-0 max-sm:pl-6">
                <p className="break-words">{found}</p>
                {todo && <p className="mt-0.5 max-w-prose break-words text-muted">{todo}</p>}
              </div>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
