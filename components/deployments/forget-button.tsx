"use client";

import { useRouter } from "next/navigation";
import { Unlink } from "lucide-react";
import { ConfirmByName } from "#components/deployments/confirm-by-name.tsx";
import { useAct, type Answer } from "#components/ui/use-act.ts";
import { isLeftUndone } from "#lib/deployments/left-undone.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { routes } from "#lib/routes.ts";

export type Forget = (deploymentId: string) => Promise<Answer>;

/** Whether a deployment may be given up: its cluster couldn't be torn down just now. */
export function isForgettable({
  targetKind,
  status,
  operation,
}: Pick<DeploymentView, "targetKind" | "status" | "operation">): boolean {
  return targetKind !== "local" && status !== "destroyed" && isLeftUndone(operation);
}

/** Gives a deployment up once its name was typed. */
export function ForgetButton(props: { deployment: Pick<DeploymentView, "id" | "name">; forget: Forget }) {
  const { id, name } = props.deployment;
  const { pending, act } = useAct();
  const router = useRouter();
  const confirm = async () => {
    const done = await act(() => props.forget(id), `${name} is forgotten.`);
    if (done !== null) router.push(routes.deployment(id));
    return done !== null;
  };
  return (
    <ConfirmByName
      name={name}
      verb="Forget it"
      icon={<Unlink aria-hidden className="size-4" />}
      title={`Forget ${name}?`}
      description="What of it is in the cluster stays there and may go on running and costing; a receipt lists it. Sluice can’t delete it afterwards. If the cluster will be reached again, retry the tear-down instead."
      pending={pending}
      onConfirm={confirm}
    />
  );
}
