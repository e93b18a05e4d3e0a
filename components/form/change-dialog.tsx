"use client";

import type { ReactNode } from "react";
import { ChangedResource } from "#components/form/changed-resource.tsx";
import type { SpecChange } from "#components/form/spec-changes.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { cx } from "#components/ui/class-names.ts";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { resourceKey, type PlannedChange } from "#lib/targets/plan.ts";

type Props = {
  open: boolean;
  onClose: () => void;
  settings: SpecChange[];
  resources: PlannedChange[];
  pending: boolean;
  onConfirm: () => void;
  /** keys would be sent over the Internet without HTTPS */
  sendsKeysInClear?: boolean;
  /** what the engine itself says of it, on a cluster */
  engine?: ReactNode;
};

/** What will change, before it does. */
export function ChangeDialog(props: Props) {
  const { open, onClose, settings, resources, pending, onConfirm, engine, sendsKeysInClear } = props;
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
            <ChangedSetting key={`${change.what} ${change.from} ${change.to}`} change={change} />
          ))}
        </ul>
      )}
      {touched.length > 0 && (
        <ul aria-label="Resources" className="mt-4 flex flex-col gap-2 border-t pt-4">
          {touched.map((resource) => (
            <ChangedResource key={resourceKey(resource)} {...resource} words={[resource.summary]} />
          ))}
        </ul>
      )}
      {settings.length > 0 && touched.length === 0 && (
        <p className="mt-4 border-t pt-4 text-muted">No resource changes, so nothing is restarted.</p>
      )}
      {sendsKeysInClear && !nothing && (
        <Callout className="mt-4" tone="warn" title="Keys are sent without HTTPS">
          The address is on the Internet: whoever is on the way can read a key and use it.
        </Callout>
      )}
      {/* As high as most of what the engine answers, so that nothing moves as it does. */}
      {engine && !nothing && <div className="mt-4 min-h-24 border-t pt-4">{engine}</div>}
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

/** What fits a phone's line together with what it becomes. */
const mostBesideEachOther = 30;

function ChangedSetting({ change: { what, from, to } }: { change: SpecChange }) {
  const isLong = Math.max(from.length, to.length) > mostBesideEachOther;
  return (
    <li className="flex flex-wrap gap-x-2">
      <span className={cx("text-muted", isLong && "w-full")}>{what}</span>
      <span className="code min-w-0 wrap-anywhere">
        <del className={cx("text-faint", isLong && "block")}>{from}</del>
        {isLong ? "→ " : " → "}
        <ins className="no-underline">{to}</ins>
      </span>
    </li>
  );
}
