import { sortQuotas } from "#components/targets/project-words.ts";
import { cx } from "#components/ui/class-names.ts";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { QuotaFound } from "#lib/targets/gke/findings.ts";
import { quotaAmount, quotaWords } from "#lib/targets/gke/quota-words.ts";

type Props = { quotas: QuotaFound[] | null };

/** What the project may have, has, and what one deployment takes as the form has it at first. */
export function ProjectQuotas({ quotas }: Props) {
  if (!quotas)
    return (
      <Panel title="Quotas">
        <p className="text-muted">They may not be read.</p>
      </Panel>
    );
  const { needed, others } = sortQuotas(quotas);
  return (
    <Panel
      title="Quotas"
      about={
        <span className="flex flex-wrap gap-x-4">
          <Legend look="bg-muted">used</Legend>
          <Legend look="bg-accent">taken by a deployment as the form has it at first</Legend>
        </span>
      }
    >
      <Bars list={needed} />
      {others.length > 0 && (
        <Disclosure title="Others" summary={`${others.length} that it takes nothing of`} className="mt-4">
          <Bars list={others} />
        </Disclosure>
      )}
    </Panel>
  );
}

function Legend({ look, children }: { look: string; children: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className={cx("size-2 rounded-sm", look)} />
      {children}
    </span>
  );
}

function Bars({ list }: { list: QuotaFound[] }) {
  return (
    <ul className="grid gap-x-8 gap-y-3 lg:grid-cols-2">
      {list.map((quota) => (
        <Bar key={`${quota.region}/${quota.metric}`} quota={quota} />
      ))}
    </ul>
  );
}

function Bar({ quota }: { quota: QuotaFound }) {
  const { metric, limit, used, asked } = quota;
  const amount = (of: number) => quotaAmount(of, metric);
  const left = Math.max(0, limit - used);
  const isShort = asked > left;
  const percent = (amount: number) => (limit === 0 ? 0 : Math.min(100, (amount / limit) * 100));
  return (
    <li className="min-w-0">
      <p className="figures flex flex-wrap justify-between gap-x-3 text-small">
        <span className="min-w-0 break-words">{quotaWords(quota)}</span>
        <span className={isShort ? "text-bad" : "text-muted"}>
          {asked > 0 && `${amount(asked)} asked, `}
          {amount(left)} left of {amount(limit)}
          {isShort && ": too few"}
        </span>
      </p>
      <div aria-hidden className="mt-1 flex h-1.5 overflow-hidden rounded-sm bg-line">
        <div className="h-full bg-muted" style={{ width: `${percent(used)}%` }} />
        <div
          className={cx("h-full", isShort ? "bg-bad" : "bg-accent")}
          style={{ width: `${isShort ? 100 - percent(used) : percent(asked)}%` }}
        />
      </div>
    </li>
  );
}
