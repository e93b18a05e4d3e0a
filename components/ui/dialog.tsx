"use client";

import { useState, type ReactNode } from "react";
import { Dialog as Radix } from "radix-ui";
import { X } from "lucide-react";
import { buttonClass } from "#components/ui/button.tsx";

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
};

/** A dialog that holds the focus until it is closed, and then gives it back; Escape closes it. */
export function Dialog({ open, onOpenChange, ...sheet }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[oklch(0_0_0/0.45)]" />
        <Sheet {...sheet} />
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Is made as the dialog opens, so it sees who had the focus before: Radix knows only openers of its own. */
function Sheet({ title, description, children }: Pick<Props, "title" | "description" | "children">) {
  const [opener] = useState(() => document.activeElement);
  return (
    <Radix.Content
      className="fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-lg border bg-surface shadow-raised"
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        if (opener instanceof HTMLElement) opener.focus();
      }}
      {...(description ? {} : { "aria-describedby": undefined })}
    >
      <div className="flex shrink-0 items-start justify-between gap-4 px-6 pt-6 pb-2">
        <Radix.Title className="text-title font-semibold">{title}</Radix.Title>
        <Radix.Close className={buttonClass("quiet", "icon")} aria-label="Close">
          <X aria-hidden className="size-4" />
        </Radix.Close>
      </div>
      {/* What has the focus isn't scrolled under the row of buttons. */}
      <div className="min-h-0 scroll-pb-24 overflow-y-auto px-6 pt-1">
        {description && (
          <Radix.Description asChild>
            <div className="mb-4 text-muted">{description}</div>
          </Radix.Description>
        )}
        {children}
      </div>
    </Radix.Content>
  );
}

/** The row of buttons at a dialog's end; it stays in sight, however long what is above it is. */
export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <div className="sticky bottom-0 -mx-6 mt-6 flex flex-wrap justify-end gap-2 border-t bg-surface px-6 py-4">
      {children}
    </div>
  );
}
