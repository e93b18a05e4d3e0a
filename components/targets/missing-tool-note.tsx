import Link from "next/link";
import { toolLack, toolTrouble } from "#components/targets/tool-words.ts";
import { Callout } from "#components/ui/callout.tsx";
import { routes } from "#lib/routes.ts";
import type { ToolView } from "#lib/targets/list-tools.ts";

/** That nothing begins on a cluster yet, for what the engine lacks; what to do about it, and where that is seen. */
export function MissingToolNote({ missing }: { missing: ToolView }) {
  const failed = missing.status === "failed";
  return (
    <Callout
      tone={failed ? "warn" : "busy"}
      title={`Nothing can be deployed there yet: ${toolLack(missing)}`}
    >
      {failed && `${toolTrouble(missing).todo} `}
      Deployments wait in the queue until it is there.{" "}
      <Link href={routes.targets} className="text-accent underline">
        See Tools under Targets
      </Link>
    </Callout>
  );
}
