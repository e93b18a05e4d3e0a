import type { ReactNode } from "react";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { cx } from "#components/ui/class-names.ts";

export type Tone = "ok" | "busy" | "warn" | "bad" | "neutral";

const tones: Record<Tone, { box: string; ink: string; Icon: typeof Info }> = {
  ok: { box: "border-ok/35 bg-ok-soft", ink: "text-ok", Icon: CircleCheck },
  busy: { box: "border-busy/35 bg-busy-soft", ink: "text-busy", Icon: Info },
  warn: { box: "border-warn/35 bg-warn-soft", ink: "text-warn", Icon: TriangleAlert },
  bad: { box: "border-bad/35 bg-bad-soft", ink: "text-bad", Icon: CircleAlert },
  neutral: { box: "bg-sunken", ink: "text-muted", Icon: Info },
};

type Props = {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  /** announced at once to those who hear the page */
  alert?: boolean;
  className?: string;
};

/** A few sentences that should not be overlooked: what happened, what it means, what to do. */
export function Callout({ tone = "neutral", title, children, actions, alert, className }: Props) {
  const { box, ink, Icon } = tones[tone];
  return (
    <div
      role={alert ? "alert" : undefined}
      className={cx("flex gap-3 rounded-lg border p-4", box, className)}
    >
      <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", ink)} />
      <div className="min-w-0 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div className={cx("break-words", title ? "mt-1 text-muted" : "")}>{children}</div>}
        {actions && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
