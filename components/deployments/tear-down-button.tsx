"use client";

import { useRouter } from "next/navigation";
import { Trash2 } from "lucide-react";
import { ConfirmByName } from "#components/deployments/confirm-by-name.tsx";
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
  const { pending, act } = useAct();
  const router = useRouter();
  const { id, name, status, operation } = deployment;
  const leaving = status === "destroying" && !isTerminal(operation.status);
  const confirm = async () => {
    const done = await act(() => tearDown(id), `${name} is being torn down.`);
    if (done !== null) router.push(routes.activity(id));
    return done !== null;
  };
  return (
    <ConfirmByName
      name={name}
      verb="Tear down"
      icon={<Trash2 aria-hidden className="size-4" />}
      disabled={leaving}
      title={`Tear down ${name}?`}
      description={<WhatGoes deployment={deployment} />}
      pending={pending}
      onConfirm={confirm}
    />
  );
}

function WhatGoes({ deployment: { operation, replicas, endpoint } }: Pick<Props, "deployment">) {
  const deploying = !isTerminal(operation.status) && operation.kind !== "destroy";
  return (
    <>
      {deploying && "It stops what it is doing first. "}
      Its {replicas.desired} {replicas.desired === 1 ? "replica" : "replicas"}, its place in the load balancer
      and its endpoint
      {endpoint && (
        <>
          {" "}
          <span className="code inline-block max-w-full break-all">{endpoint.url}</span>
        </>
      )}{" "}
      go away. This can’t be undone; a receipt will say what was deleted.
    </>
  );
}
