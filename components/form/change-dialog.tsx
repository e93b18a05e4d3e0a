"use client";

import type { ReactNode } from "react";
import { Minus, Pencil, Plus, RefreshCw } from "lucide-react";
import type { SpecChange } from "#components/form/spec-changes.ts";
import { resourceWord } from "#lib/targets/resource-words.ts";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/class-names.ts";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import type { Change } from "#lib/operations/events.ts";
import { resourceKey, type PlannedChange } from "#lib/targets/plan.ts";

const looks: Record<Exclude<Change, "same">, { Icon: typeof Plus; tone: string; word: string }> = {
  create: { Icon: Plus, tone: "text-ok", word: "created" },
  update: { Icon: Pencil, tone: "text-busy", word: "changed" },
  replace: { Icon: RefreshCw, tone: "text-warn", word: "replaced" },
  delete: { Icon: Minus, tone: "text-bad", word: "deleted" },
};

type Props = {
  open: boolean;
  onClose: () => void;
  settings: SpecChange[];
  resources: PlannedChange[];
  pending: boolean;
  onConfirm: () => void;
  /** what the engine itself says of it, on a cluster */
  engine?: ReactNode;
};

/** What will change, before it does. */
export function ChangeDialog({ open, onClose, settings, resources, pending, onConfirm, engine }: Props) {
  const touched = resources.filter((resource) => resource.change !== "same");
  const nothing = touched.length === 0 && settings.length === 0;
  return (
    <Dialog
      open={open}
      onOpenChange={(opened) => !opened && onClose()}
      title="What will change"
      description={nothing ? "Nothing: these are the settings it has." : undefined}
    >
      {settings.length > 0 && (
        <ul aria-label="Settings" className="flex flex-col gap-1">
          {settings.map((change) => (
            <li key={`${change.what} ${change.from} ${change.to}`} className="flex flex-wrap gap-x-2">
              <span className="text-muted">{change.what}</span>
              <span className="code break-all">
                <del className="text-faint">{change.from}</del> →{" "}
                <ins className="no-underline">{change.to}</ins>
              </span>
            </li>
          ))}
        </ul>
      )}
      {touched.length > 0 && (
        <ul aria-label="Resources" className="mt-4 flex flex-col gap-2 border-t pt-4">
          {touched.map((resource) => (
            <ChangedResource key={resourceKey(resource)} resource={resource} />
          ))}
        </ul>
      )}
      {settings.length > 0 && touched.length === 0 && (
        <p className="mt-4 border-t pt-4 text-muted">No resource changes, so nothing is restarted.</p>
      )}
      {engine && !nothing && <div className="mt-4 border-t pt-4">{engine}</div>}
      <DialogActions>
        <Button onClick={onClose}>{nothing ? "Close" : "Go back"}</Button>
        {!nothing && (
          <Button look="primary" pending={pending} onClick={onConfirm}>
            Apply changes
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

function ChangedResource({ resource }: { resource: PlannedChange }) {
  if (resource.change === "same") return null;
  const { Icon, tone, word } = looks[resource.change];
  return (
    <li className="flex gap-2">
      <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", tone)} />
      <div className="min-w-0">
        <p>
          <span className="font-medium">{resourceWord(resource.type)}</span>{" "}
          <span className="code text-faint">{resource.name}</span> is {word}
          {resource.fields.length > 0 && <span className="text-muted">: {resource.fields.join(", ")}</span>}
        </p>
        <p className="text-small text-muted">{resource.summary}</p>
      </div>
    </li>
  );
}
