"use client";

import { useState } from "react";
import { useRouter } from "next/navigation";
import { Trash2 } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { Panel } from "#components/ui/panel.tsx";
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
  /** what removing it does, in a sentence or two */
  about: string;
  /** what becomes of it, in a few sentences: said before it is confirmed */
  means: string;
  remove: Remove;
};

/** Where an admin removes a target; not while something is deployed there. */
export function DangerZone(props: Props) {
  const { about, ...removal } = props;
  const { deployments } = removal;
  const deployed = deployments === 1 ? "One deployment is" : `${deployments} deployments are`;
  return (
    <Panel title="Danger zone" className="border-bad/40">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <p className="max-w-prose text-muted">
          {deployments > 0 ? `${deployed} there. Tear down what is there first.` : about}
        </p>
        <RemoveButton {...removal} />
      </div>
    </Panel>
  );
}

/** Forgets a target, and goes where the others are: its own page is no more. */
function RemoveButton({ id, name, deployments, what, means, remove }: Omit<Props, "about">) {
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
