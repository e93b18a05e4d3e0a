"use client";

import { RotateCw } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { useAct, type Answer } from "#components/ui/use-act.ts";

export type Retry = (deploymentId: string) => Promise<Answer>;

type Props = {
  deploymentId: string;
  /** whether it is what to do first */
  first: boolean;
  retry: Retry;
  label?: string;
};

/** Does the last operation again. */
export function RetryButton({ deploymentId, first, retry, label = "Retry" }: Props) {
  const { pending, act } = useAct();
  return (
    <Button
      look={first ? "primary" : "secondary"}
      pending={pending}
      onClick={() => act(() => retry(deploymentId), "Trying again.")}
      icon={<RotateCw aria-hidden className="size-4" />}
    >
      {label}
    </Button>
  );
}
