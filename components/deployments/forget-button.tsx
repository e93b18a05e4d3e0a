"use client";

import { useState, type FormEvent } from "react";
import { useRouter } from "next/navigation";
import { Unlink } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { useAct, type Answer } from "#components/ui/use-act.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { routes } from "#lib/routes.ts";

export type Forget = (deploymentId: string) => Promise<Answer>;

/** Whether a deployment may be given up: its cluster couldn't be torn down just now. */
export function isForgettable({
  targetKind,
  status,
  operation,
}: Pick<DeploymentView, "targetKind" | "status" | "operation">): boolean {
  return (
    targetKind !== "local" &&
    status !== "destroyed" &&
    operation.kind === "destroy" &&
    operation.status === "failed"
  );
}

/** Gives a deployment up once its name was typed. */
export function ForgetButton(props: { deployment: Pick<DeploymentView, "id" | "name">; forget: Forget }) {
  const { id, name } = props.deployment;
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const { pending, act } = useAct();
  const router = useRouter();

  const change = (opened: boolean) => {
    setOpen(opened);
    setTyped("");
  };
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== name) return;
    const done = await act(() => props.forget(id), `${name} is forgotten.`);
    if (done === null) return;
    change(false);
    router.push(routes.deployment(id));
  };

  return (
    <>
      <Button onClick={() => change(true)} icon={<Unlink aria-hidden className="size-4" />}>
        Forget it
      </Button>
      <Dialog
        open={open}
        onOpenChange={change}
        title={`Forget ${name}?`}
        description="What of it is in the cluster stays there and may go on running and costing; a receipt lists it. Sluice can’t delete it afterwards. If the cluster will be reached again, retry the tear-down instead."
      >
        <form onSubmit={confirm}>
          <TextField
            label={`Type ${name} to confirm`}
            mono
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <DialogActions>
            <Button onClick={() => change(false)}>Keep it</Button>
            <Button type="submit" look="danger" pending={pending} disabled={typed.trim() !== name}>
              Forget it
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </>
  );
}
