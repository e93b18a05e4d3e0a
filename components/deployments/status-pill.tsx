import { Archive, Ban, CircleAlert, CircleCheck, Clock, LoaderCircle, TriangleAlert } from "lucide-react";
import { cx } from "#components/ui/class-names.ts";
import type { DeploymentStatus, FailureCode } from "#lib/deployments/status.ts";
import type { OperationStatus } from "#lib/operations/status.ts";

type Look = { word: string; tone: string; Icon: typeof Clock; moving?: boolean };

const busy = "bg-busy-soft text-busy";
const neutral = "bg-sunken text-muted";
const ok = "bg-ok-soft text-ok";
const bad = "bg-bad-soft text-bad";
const warn = "bg-warn-soft text-warn";

const deploymentLooks: Record<DeploymentStatus, Look> = {
  queued: { word: "Queued", tone: neutral, Icon: Clock },
  provisioning: { word: "Provisioning", tone: busy, Icon: LoaderCircle, moving: true },
  ready: { word: "Ready", tone: ok, Icon: CircleCheck },
  degraded: { word: "Degraded", tone: warn, Icon: TriangleAlert },
  failed: { word: "Failed", tone: bad, Icon: CircleAlert },
  destroying: { word: "Tearing down", tone: busy, Icon: LoaderCircle, moving: true },
  destroyed: { word: "Destroyed", tone: neutral, Icon: Archive },
};

const operationLooks: Record<OperationStatus, Look> = {
  queued: { word: "Queued", tone: neutral, Icon: Clock },
  running: { word: "Running", tone: busy, Icon: LoaderCircle, moving: true },
  succeeded: { word: "Succeeded", tone: ok, Icon: CircleCheck },
  failed: { word: "Failed", tone: bad, Icon: CircleAlert },
  cancelled: { word: "Cancelled", tone: neutral, Icon: Ban },
  interrupted: { word: "Interrupted", tone: warn, Icon: TriangleAlert },
};

/** A deployment's status in a word. */
export function statusWord(status: DeploymentStatus): string {
  return deploymentLooks[status].word;
}

/** @param code why it is so, as `statusCode` says: what somebody cancelled didn't fail by itself */
export function StatusPill({ status, code }: { status: DeploymentStatus; code: FailureCode | null }) {
  const isCancelled = status === "failed" && code === "cancelled";
  return <Pill {...(isCancelled ? operationLooks.cancelled : deploymentLooks[status])} />;
}

export function OperationPill({ status }: { status: OperationStatus }) {
  return <Pill {...operationLooks[status]} />;
}

/** Icon and word; the colour is never the only sign. */
function Pill({ word, tone, Icon, moving }: Look) {
  return (
    <span
      className={cx(
        "inline-flex h-6 items-center gap-1.5 rounded-md px-2 text-small font-medium whitespace-nowrap",
        tone,
      )}
    >
      <Icon aria-hidden className={cx("size-3.5", moving && "animate-spin")} />
      {word}
    </span>
  );
}
