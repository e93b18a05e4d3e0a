"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import Link from "next/link";
import { ScanSearch } from "lucide-react";
import { splitReason } from "#components/deployments/failure-reason.ts";
import { ChangedResource } from "#components/form/changed-resource.tsx";
import { stepWords } from "#components/form/step-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { ProgramOutput } from "#components/ui/program-output.tsx";
import type { Answer } from "#components/ui/use-act.ts";
import type { PreviewJobResult } from "#lib/deployments/preview-job.ts";
import type { JobView } from "#lib/jobs/read-job.ts";
import { routes } from "#lib/routes.ts";
import type { Place } from "#lib/targets/place.ts";
import { resourceKey } from "#lib/targets/plan.ts";

/** Asks for the engine's preview; `null` where the portal itself knows it all. */
export type AskEngine<Input> = (input: Input) => Promise<Answer<{ jobId: string | null }>>;
export type ReadPreview = (jobId: string) => Promise<Answer<JobView>>;

type State =
  | { is: "idle" }
  | { is: "asking" }
  | { is: "said"; changes: PreviewJobResult["changes"] }
  | { is: "failed"; message: string };

const everyMs = 1_000;
/** Longer than a worker works on one. */
const mostTries = 150;

/**
 * What the engine says that will happen on a cluster, with the cluster's own answers. Give it the input as its key:
 * what was said of another input counts no more.
 */
export function EnginePreview<Input>(props: {
  input: Input;
  place: Pick<Place, "name" | "targetId">;
  ask: AskEngine<Input>;
  read: ReadPreview;
  /** asks by itself, once */
  auto?: boolean;
}) {
  const { input, place, ask, read, auto = false } = props;
  const { name: cluster, targetId } = place;
  const [state, setState] = useState<State>({ is: "idle" });
  const isHere = useRef(true);
  const begun = useRef(false);
  useEffect(() => {
    isHere.current = true;
    return () => void (isHere.current = false);
  }, []);

  const start = useCallback(async () => {
    setState({ is: "asking" });
    const said = await outcome(ask(input), read, () => isHere.current).catch(() => unreachable);
    if (isHere.current) setState(said);
  }, [ask, read, input]);
  useEffect(() => {
    if (!auto || begun.current) return;
    begun.current = true;
    void start();
  }, [auto, start]);

  return (
    <section aria-label="The engine’s preview" aria-live="polite" className="flex flex-col gap-2">
      {state.is === "said" && <Said changes={state.changes} cluster={cluster} />}
      {state.is === "failed" && <Failed message={state.message} targetId={targetId} />}
      {state.is !== "said" && (
        <Button
          size="small"
          className="self-start"
          pending={state.is === "asking"}
          onClick={() => void start()}
          icon={<ScanSearch aria-hidden className="size-4" />}
        >
          {state.is === "asking"
            ? `Asking ${cluster}…`
            : state.is === "failed"
              ? "Ask again"
              : `Preview on ${cluster}`}
        </Button>
      )}
    </section>
  );
}

/** Why the engine has no answer, and what it printed by itself. Exported so that it is tested alone. */
export function Failed({ message, targetId }: { message: string } & Pick<Place, "targetId">) {
  const { first, rest, output } = splitReason(message);
  return (
    <Callout tone="warn" title="The engine couldn’t work it out">
      <p>
        {first} {rest}{" "}
        <Link
          href={targetId === null ? routes.targets : routes.target(targetId)}
          className="text-accent underline"
        >
          Open the target’s page
        </Link>
      </p>
      {output && <ProgramOutput label="What the engine printed" text={output} />}
    </Callout>
  );
}

function Said({ changes, cluster }: { changes: PreviewJobResult["changes"]; cluster: string }) {
  const touched = changes.filter(({ change }) => change !== "same");
  const counts = (["create", "update", "replace", "delete"] as const)
    .map((change) => ({ change, count: touched.filter((one) => one.change === change).length }))
    .filter(({ count }) => count > 0)
    .map(({ change, count }) => `${count} to ${change}`);
  const same = changes.length - touched.length;
  const summary = [...counts, ...(same > 0 ? [`${same} as they are`] : [])].join(", ");
  return (
    <Disclosure title={`The engine says of ${cluster}: ${summary}`}>
      <ol aria-label="Steps of the engine" className="flex flex-col gap-2">
        {touched.map(({ fields, ...one }) => (
          <ChangedResource key={resourceKey(one)} {...one} words={stepWords({ fields, ...one })} />
        ))}
      </ol>
    </Disclosure>
  );
}

const unreachable: State = { is: "failed", message: "The portal didn’t answer. Ask again." };

async function outcome(
  asking: ReturnType<AskEngine<unknown>>,
  read: ReadPreview,
  isHere: () => boolean,
): Promise<State> {
  const asked = await asking;
  if (!asked.ok) return { is: "failed", message: asked.message };
  if (asked.value.jobId === null) return { is: "idle" };
  for (let tries = 0; tries < mostTries && isHere(); tries++) {
    const job = await read(asked.value.jobId);
    if (!job.ok) return { is: "failed", message: job.message };
    const { status, result, message } = job.value;
    if (status === "done") return { is: "said", changes: (result as PreviewJobResult).changes };
    if (status === "failed") return { is: "failed", message: message ?? "It failed. Ask again." };
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return { is: "failed", message: "The worker took too long. Ask again." };
}
