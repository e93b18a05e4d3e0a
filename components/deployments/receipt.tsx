"use client";

import { CircleCheck, Printer, TriangleAlert } from "lucide-react";
import { RetryButton, type Retry } from "#components/deployments/retry-button.tsx";
import { resourceWord } from "#lib/targets/resource-words.ts";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import type { DeploymentView, Receipt as ReceiptData } from "#lib/deployments/view.ts";

type Props = {
  deployment: DeploymentView;
  receipt: ReceiptData;
  /** tears down what is left; without it nothing is to be done from here */
  retry?: Retry;
};

/** What was created, what was deleted, and what is still there: a document to keep. */
export function Receipt({ deployment, receipt, retry }: Props) {
  const clean = receipt.remaining.length === 0;
  // Only what was given up counts as destroyed with something left.
  const isForgotten = !clean && deployment.status === "destroyed";
  const namespaces = receipt.remaining.flatMap(({ what }) => /^Namespace (\S+)$/.exec(what)?.[1] ?? []);
  return (
    <article
      id="receipt"
      aria-label="Receipt"
      className="mx-auto max-w-3xl rounded-lg border bg-surface p-6 md:p-8 print:border-0"
    >
      <header className="flex flex-wrap items-start justify-between gap-4 border-b pb-4">
        <div>
          <h2 className="text-title font-semibold">
            {isForgotten ? "Receipt of what was forgotten" : "Tear-down receipt"}
          </h2>
          <p className="mt-1 text-muted">{deployment.name}</p>
        </div>
        <Button
          data-print="no"
          onClick={() => window.print()}
          icon={<Printer aria-hidden className="size-4" />}
        >
          Print
        </Button>
      </header>
      <div className="border-b py-4">
        <DefinitionList
          items={[
            ["Deployment", <span className="code">{deployment.id}</span>],
            ["Owner", deployment.owner.name],
            ["Created", time(deployment.createdAt)],
            ...(deployment.destroyedAt
              ? [[isForgotten ? "Forgotten" : "Destroyed", time(deployment.destroyedAt)] as [string, string]]
              : []),
            // What was forgotten couldn't be looked at.
            ...(isForgotten ? [] : [["Checked", time(receipt.checkedAt)] as [string, string]]),
          ]}
        />
      </div>
      <div className={clean ? "flex gap-3 border-b py-4 text-ok" : "flex gap-3 border-b py-4 text-bad"}>
        {clean ? (
          <CircleCheck aria-hidden className="size-5 shrink-0" />
        ) : (
          <TriangleAlert aria-hidden className="size-5 shrink-0" />
        )}
        <div>
          <h3 className="font-semibold">
            {clean ? "Still there: nothing" : `Still there: ${receipt.remaining.length}`}
          </h3>
          <p className="text-muted">
            {clean
              ? nothingLeft[deployment.targetKind]
              : isForgotten
                ? forgottenThere[deployment.targetKind]
                : leftThere[deployment.targetKind]}
          </p>
          {isForgotten &&
            namespaces.map((name) => (
              <CodeBlock
                key={name}
                className="mt-2 text-ink"
                label="A command that deletes it"
                copy="the command"
                text={`kubectl delete namespace ${name}`}
              />
            ))}
          {!clean && (
            <ul className="mt-2 list-disc pl-4 text-ink">
              {receipt.remaining.map((thing) => (
                <li key={`${thing.kind} ${thing.what}`}>
                  {thing.kind !== "object" && `${thing.kind}: `}
                  <span className="code wrap-anywhere">{thing.what}</span>
                </li>
              ))}
            </ul>
          )}
          {!clean && !isForgotten && retry && (
            <div data-print="no" className="mt-3">
              <RetryButton deploymentId={deployment.id} first retry={retry} label="Remove what is left" />
            </div>
          )}
        </div>
      </div>
      {receipt.ended && receipt.ended.length > 0 && <Ended things={receipt.ended} />}
      <div className="grid gap-6 pt-4 sm:grid-cols-2">
        <Things title={`Created: ${receipt.created.length}`} things={receipt.created} />
        <Things title={`Deleted: ${receipt.deleted.length}`} things={receipt.deleted} />
      </div>
    </article>
  );
}

const nothingLeft: Record<DeploymentView["targetKind"], string> = {
  local:
    "No process, no port, no file and no engine state of it was found. Sluice keeps only its history: this receipt, its operations, and the number of its port, which is free for others.",
  kubernetes: "No object of it in the cluster and no engine state was found.",
  gke: "Every kind of thing that it, or GKE for it, makes in the project was looked for: clusters, networks, firewalls, groups of addresses, load balancers, addresses, certificates, disks and buckets. Nothing of it and no engine state was found, so nothing of it costs anything any more.",
};

const foundThere = "This was found after the tear-down. Tearing it down again removes it.";
const leftThere: Record<DeploymentView["targetKind"], string> = {
  local: foundThere,
  kubernetes: foundThere,
  gke: "This was found after the tear-down, and costs what is said until it is removed. Tearing it down again does that.",
};

const forgottenThere: Record<DeploymentView["targetKind"], string> = {
  local: "It was forgotten. This stays there.",
  kubernetes:
    "It was forgotten, since its cluster couldn’t be torn down. This stays there; deleting the namespace deletes all that is in it.",
  gke: "It was forgotten, since it couldn’t be torn down. This stays in the project, and costs what it costs, until somebody deletes it there.",
};

const endings: Record<NonNullable<ReceiptData["ended"]>[number]["kind"], string> = {
  process: "process ended",
  port: "port closed",
  object: "gone",
  key: "key opens nothing any more",
};

/** What was at work, by the numbers that a person can look for. */
function Ended({ things }: { things: NonNullable<ReceiptData["ended"]> }) {
  return (
    <section className="border-b py-4">
      <h3 className="font-semibold">Stopped with it: {things.length}</h3>
      <ul aria-label="Stopped with it" className="mt-2 grid gap-x-6 gap-y-1 sm:grid-cols-2">
        {things.map(({ kind, what }) => (
          <li key={`${kind} ${what}`} className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <span className="code wrap-anywhere">{what}</span>
            <span className="text-small text-faint">{endings[kind]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Things({ title, things }: { title: string; things: ReceiptData["created"] }) {
  return (
    <section className="min-w-0">
      <h3 className="font-semibold">{title}</h3>
      <ul className="mt-2 flex flex-col gap-2">
        {things.map((thing, index) => (
          <li key={index}>
            <p className="flex items-baseline gap-2">
              <span>{resourceWord(thing.type)}</span>
              <span className="code min-w-0 truncate text-faint">{thing.name}</span>
            </p>
            <p className="figures text-small text-faint">{time(thing.at)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function time(at: string): string {
  return at.replace("T", " ").replace(/\.\d+Z$|Z$/, " UTC");
}
