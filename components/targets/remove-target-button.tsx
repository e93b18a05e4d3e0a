"use client";

import { useState } from "react";
import { useRouter } from "next/navigation";
import { Trash2 } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { useToast } from "#components/ui/toasts.tsx";
import type { Answer } from "#components/ui/use-act.ts";
import { routes } from "#lib/routes.ts";

export type Remove = (target: string) => Promise<Answer>;

type Props = {
  id: string;
  name: string;
  deployments: number;
  /** what it is: "cluster" */
  what: string;
  /** what becomes of it, in a few sentences */
  means: string;
  remove: Remove;
};

/** Forgets a target, and goes where the others are: its own page is no more. */
export function RemoveTargetButton({ id, name, deployments, what, means, remove }: Props) {
  const [open, setOpen] = useState(false);
  const [pending, setPending] = useState(false);
  const router = useRouter();
  const say = useToast();
  const confirm = async () => {
    setPending(true);
    const answer = await remove(id).catch(() => null);
    setPending(false);
    if (!answer?.ok) return say(answer?.message ?? "The portal didn’t answer. Try again.", "bad");
    setOpen(false);
    say(`${name} is removed.`);
    router.push(routes.targets);
  };
  return (
    <>
      <Button
        disabled={deployments > 0}
        onClick={() => setOpen(true)}
        icon={<Trash2 aria-hidden className="size-4" />}
      >
        Remove this {what}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={`Remove ${name}?`} description={means}>
        <DialogActions>
          <Button onClick={() => setOpen(false)}>Keep</Button>
          <Button look="danger" pending={pending} onClick={confirm}>
            Remove
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
