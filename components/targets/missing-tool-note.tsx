"use client";

import { useState } from "react";
import Link from "next/link";
import { toolLack, toolTrouble } from "#components/targets/tool-words.ts";
import { Callout } from "#components/ui/callout.tsx";
import { routes } from "#lib/routes.ts";
import type { ToolView } from "#lib/targets/list-tools.ts";

/** That nothing begins on a cluster yet, for what the engine lacks; what to do about it, and where that is seen. */
export function MissingToolNote({ missing }: { missing: ToolView }) {
  const failed = useFailure(missing);
  return (
    <Callout
      tone={failed ? "warn" : "busy"}
      title={`Nothing can be deployed there yet: ${toolLack(failed ?? missing)}`}
    >
      {failed &&
        `${toolTrouble(failed).todo} ${failed === missing ? "It is tried again every minute." : "Trying again…"} `}
      Deployments wait in the queue until it is there.{" "}
      <Link href={routes.targets} className="text-accent underline">
        See Tools under Targets
      </Link>
    </Callout>
  );
}

/** The tool as it last failed: each new try would else take the words away, and what is beneath them would jump. */
function useFailure(tool: ToolView): ToolView | null {
  const [last, setLast] = useState<ToolView | null>(null);
  if (tool.status === "failed") {
    if (last !== tool) setLast(tool);
    return tool;
  }
  return last?.name === tool.name ? last : null;
}
