"use client";

import { useRef } from "react";
import { flushSync } from "react-dom";
import { useFormTools, type FormTools } from "#components/form/form-context.tsx";

/**
 * For a list whose rows can be removed: the button that was pressed goes with its row, and the focus, which would
 * fall to the page, goes to the button that adds one.
 *
 * @returns the ref of the button that adds a row, and what changes the form when one is removed
 */
export function useRemoval() {
  const { change } = useFormTools();
  const adder = useRef<HTMLButtonElement>(null);
  const remove: FormTools["change"] = (patch) => {
    // Drawn at once: while a list is full, that button takes no focus.
    flushSync(() => change(patch));
    adder.current?.focus();
  };
  return { adder, remove };
}
