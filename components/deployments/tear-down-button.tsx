"use client";

import { useState, type FormEvent } from "react";
import { useRouter } from "next/navigation";
import { Trash2 } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { useAct, type Answer } from "#components/ui/use-act.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { isTerminal } from "#lib/operations/status.ts";
import { routes } from "#lib/routes.ts";

export type TearDown = (deploymentId: string) => Promise<Answer>;

type Props = {
  deployment: Pick<DeploymentView, "id" | "name" | "status" | "replicas" | "endpoint" | "operation">;
  tearDown: TearDown;
};

/** Tears a deployment down once its name was typed. */
export function TearDownButton({ deployment, tearDown }: Props) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const { pending, act } = useAct();
  const router = useRouter();
  const { id, name, status, operation } = deployment;
  const leaving = status === "destroying" && !isTerminal(operation.status);
  const deploying = !isTerminal(operation.status) && operation.kind !== "destroy";

  const change = (opened: boolean) => {
    setOpen(opened);
    setTyped("");
  };
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() !== name) return;
    const done = await act(() => tearDown(id), `${name} is being torn down.`);
    if (done === null) return;
    change(false);
    router.push(routes.activity(id));
  };

  return (
    <>
      <Button
        disabled={leaving}
        onClick={() => change(true)}
        icon={<Trash2 aria-hidden className="size-4" />}
      >
        Tear down
      </Button>
      <Dialog
        open={open}
        onOpenChange={change}
        title={`Tear down ${name}?`}
        description={
          <>
            {deploying && "It stops what it is doing first. "}
            Its {deployment.replicas.desired} {deployment.replicas.desired === 1 ? "replica" : "replicas"},
            its place in the load balancer and its endpoint
            {deployment.endpoint && (
              <>
                {" "}
                <span className="code inline-block max-w-full break-all">{deployment.endpoint.url}</span>
              </>
            )}{" "}
            go away. This can’t be undone; a receipt will say what was deleted.
          </>
        }
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
              Tear down
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </>
  );
}
