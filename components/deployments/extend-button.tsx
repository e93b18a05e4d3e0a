"use client";

import { TimerReset } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { useAct, type Answer } from "#components/ui/use-act.ts";

export type Extend = (deploymentId: string, patch: { ttlMinutes: number }) => Promise<Answer>;

/** Begins the time to live anew. */
export function ExtendButton(props: { deploymentId: string; ttlMinutes: number; extend: Extend }) {
  const { deploymentId, ttlMinutes, extend } = props;
  const { pending, act } = useAct();
  return (
    <Button
      size="small"
      pending={pending}
      onClick={() => act(() => extend(deploymentId, { ttlMinutes }), "Its time begins anew.")}
      icon={<TimerReset aria-hidden className="size-4" />}
    >
      Extend
    </Button>
  );
}
