import { TrendingDown, TrendingUp, TriangleAlert } from "lucide-react";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Age } from "#components/ui/time.tsx";
import type { ScaleStepView } from "#lib/replicas/list-scale-steps.ts";

/** Each step of the autoscaler, with its reason; one that leads nowhere says why it can't decide. */
export function ScaleSteps({ steps }: { steps: ScaleStepView[] }) {
  return (
    <Panel title="Scaling" flush>
      {steps.length === 0 ? (
        <EmptyState title="No step by load yet">
          Each step up or down that the load asks for shows here with its reason. What you change under
          Settings shows under Activity.
        </EmptyState>
      ) : (
        <ul aria-label="Scale steps" tabIndex={0} className="max-h-72 divide-y overflow-y-auto border-t">
          {steps.map((step) => {
            const Icon = iconOf(step);
            return (
              <li key={step.id} className="flex gap-3 px-4 py-2">
                <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
                <p className="figures min-w-0 flex-1">
                  <span className="code text-faint">{step.variant}</span> {step.reason}
                </p>
                <span className="text-small text-faint">
                  <Age at={step.at} suffix=" ago" />
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}

function iconOf({ from, to }: ScaleStepView) {
  if (from === to) return TriangleAlert;
  return to > from ? TrendingUp : TrendingDown;
}
