"use client";

import { RefreshCw } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { useAct, type Answer } from "#components/ui/use-act.ts";

type Props = { target: string; checking: boolean; check: (target: string) => Promise<Answer> };

/** Has a cluster looked at now. */
export function CheckButton({ target, checking, check }: Props) {
  const { pending, act } = useAct();
  return (
    <Button
      pending={pending || checking}
      onClick={() => act(() => check(target))}
      icon={<RefreshCw aria-hidden className="size-4" />}
    >
      Check now
    </Button>
  );
}
