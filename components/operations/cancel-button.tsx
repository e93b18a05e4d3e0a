"use client";

import { CircleStop } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { useAct, type Answer } from "#components/ui/use-act.ts";

export type CancelOperation = (operationId: string) => Promise<Answer>;

type Props = { operationId: string; asked: boolean; cancel: CancelOperation; size?: "normal" | "small" };

/** Asks an operation to stop. */
export function CancelButton({ operationId, asked, cancel, size = "small" }: Props) {
  const { pending, act } = useAct();
  return (
    <Button
      size={size}
      pending={pending}
      disabled={asked}
      onClick={() => act(() => cancel(operationId), "Asked to stop.")}
      icon={<CircleStop aria-hidden className="size-4" />}
    >
      {asked ? "Stopping…" : "Cancel"}
    </Button>
  );
}
