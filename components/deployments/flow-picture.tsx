import { Boxes, Network, UserRound } from "lucide-react";
import type { ReactNode } from "react";

const steps = [
  { Icon: UserRound, title: "Your program", text: "calls one address" },
  { Icon: Network, title: "Load balancer", text: "checks keys, routes, queues" },
  { Icon: Boxes, title: "Replicas", text: "as many as the load needs" },
] as const;

/** What a deployment is, for someone who has none yet. */
export function FlowPicture() {
  return (
    <ol className="flex flex-wrap items-stretch justify-center gap-2">
      {steps.map(({ Icon, title, text }, index) => (
        <li key={title} className="flex items-center gap-2 max-sm:flex-col">
          {index > 0 && <Arrow />}
          <div className="flex w-44 flex-1 flex-col items-center gap-1 self-stretch rounded-lg border bg-ground p-4 text-center">
            <Icon aria-hidden className="size-5 text-accent" />
            <span className="font-medium">{title}</span>
            <span className="text-small text-faint">{text}</span>
          </div>
        </li>
      ))}
    </ol>
  );
}

function Arrow(): ReactNode {
  return (
    <svg width={28} height={10} viewBox="0 0 28 10" aria-hidden className="text-edge max-sm:rotate-90">
      <path d="M0 5h24M20 1l5 4-5 4" fill="none" stroke="currentColor" strokeWidth={1.5} />
    </svg>
  );
}
