"use client";

import { useState, type ReactNode } from "react";
import { useFormTools } from "#components/form/form-context.tsx";
import { Disclosure } from "#components/ui/disclosure.tsx";

type Props = {
  title: string;
  /** what is inside, in short */
  summary: ReactNode;
  /** the fields inside, or what they are beneath */
  fields: readonly string[];
  className?: string;
  children: ReactNode;
};

/** A part of the form that opens, by itself where a problem shows at one of its fields. */
export function FormSection({ title, summary, fields, className, children }: Props) {
  const { problemsUnder } = useFormTools();
  // Opened by a problem it stays open when that is mended: somebody is typing in it.
  const [open, setOpen] = useState(false);
  return (
    <Disclosure
      {...{ title, summary, className }}
      // A problem inside must not stay hidden.
      open={open || fields.some(problemsUnder)}
      onToggle={setOpen}
    >
      {children}
    </Disclosure>
  );
}
