"use client";

import { useRouter } from "next/navigation";
import { Trash2 } from "lucide-react";
import { ConfirmByName } from "#components/deployments/confirm-by-name.tsx";
import { whatGoes } from "#components/deployments/what-goes.ts";
import { useAct, type Answer } from "#components/ui/use-act.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { isTerminal } from "#lib/operations/status.ts";
import { routes } from "#lib/routes.ts";

export type TearDown = (deploymentId: string) => Promise<Answer>;

type Props = {
  deployment: Pick<
    DeploymentView,
    "id" | "name" | "status" | "targetKind" | "spec" | "replicas" | "endpoint" | "operation"
  >;
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

function WhatGoes({ deployment }: Pick<Props, "deployment">) {
  const { operation, endpoint } = deployment;
  const deploying = !isTerminal(operation.status) && operation.kind !== "destroy";
  const { goes, also } = whatGoes(deployment);
  return (
    <>
      {deploying && "It stops what it is doing first. "}
      {`${goes.charAt(0).toUpperCase()}${goes.slice(1)} `}
      {endpoint && (
        <>
          <span className="code inline-block max-w-full wrap-anywhere">{endpoint.url}</span>{" "}
        </>
      )}
      go away. {also} This can’t be undone; a receipt will say what was deleted.
    </>
  );
}
