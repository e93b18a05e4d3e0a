"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { checkForm, placeIn, problemAt, type Checked, type There } from "#components/form/check-form.ts";
import type { FormTools } from "#components/form/form-context.tsx";
import type { FormState } from "#components/form/form-state.ts";
import { rowField } from "#components/form/row-field.ts";
import { stillFound, type Findings } from "#components/form/still-found.ts";
import type { FieldError } from "#lib/errors.ts";
import type { Place } from "#lib/targets/place.ts";
import { refusedFeatures } from "#lib/targets/refusals.ts";

export type DeploymentForm = {
  tools: FormTools;
  checked: Checked;
  /** what is wrong, once the person has submitted: the browser's and the server's findings */
  shown: FieldError[];
  /** takes what the server refused; each goes away when what it hangs on is changed */
  refuse: (problems: FieldError[]) => void;
  /** takes what the server found while the person types: shown at its field, and the focus stays */
  find: (problems: FieldError[]) => void;
  /** shows every problem and brings the focus to the first. @returns whether there was one */
  stopAtProblems: () => boolean;
};

/**
 * The state of the form with its problems: each shows once its field was left, all of them after a submit.
 *
 * @param there for the settings of a deployment; the same one at each rendering
 */
export function useDeploymentForm(
  initial: FormState,
  places: readonly Place[],
  there?: There,
): DeploymentForm {
  const [form, setForm] = useState(initial);
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set());
  const [submitted, setSubmitted] = useState(false);
  const [found, setFound] = useState<Findings>({ problems: [], of: initial });
  const [focusFirst, setFocusFirst] = useState(0);
  const checked = useMemo(() => checkForm(form, places, there), [form, places, there]);
  const place = placeIn(places, form.target);
  const problems = useMemo(() => [...checked.problems, ...stillFound(found, form)], [checked, found, form]);
  const latest = useRef({ problems, form });
  useEffect(() => {
    latest.current = { problems, form };
  });

  useEffect(() => {
    if (focusFirst > 0) focusField(latest.current.problems.map((problem) => problem.field));
  }, [focusFirst]);

  const change = useCallback<FormTools["change"]>((patch) => {
    setForm((before) => ({ ...before, ...(typeof patch === "function" ? patch(before) : patch) }));
  }, []);
  const visit = useCallback((field: string) => {
    setVisited((before) => (before.has(field) ? before : new Set(before).add(field)));
  }, []);

  const visible = useMemo(
    () => problems.filter((problem) => submitted || visited.has(rowField(form, problem.field))),
    [form, problems, submitted, visited],
  );
  const tools = useMemo<FormTools>(
    () => ({
      form,
      change,
      places,
      place,
      isThere: there?.standing?.isMade === true,
      refused: refusedFeatures(place),
      at: (...fields) => ({
        error: problemAt(visible, ...fields),
        "data-field": fields.join(" "),
        onBlur: () => {
          // Read before the press is over, which may remove a row.
          const left = fields.map((field) => rowField(form, field));
          afterPress(() => left.forEach(visit));
        },
      }),
      problemsUnder: (field) =>
        visible.some((problem) => problem.field === field || problem.field.startsWith(`${field}.`)),
    }),
    [form, change, places, place, there, visible, visit],
  );

  // An answer may come to an earlier rendering of the form: it is shown, whatever was typed meanwhile.
  const take = (fields: FieldError[]) => setFound({ problems: fields, of: latest.current.form });
  const showAll = () => {
    setSubmitted(true);
    setFocusFirst((count) => count + 1);
  };
  return {
    tools,
    checked,
    shown: submitted ? problems : [],
    refuse(fields) {
      take(fields);
      showAll();
    },
    find(fields) {
      take(fields);
      for (const { field } of fields) visit(rowField(latest.current.form, field));
    },
    stopAtProblems() {
      if (checked.problems.length === 0) return false;
      showAll();
      return true;
    },
  };
}

/**
 * Runs when no button of the pointer is down. A field is left as the pointer goes down on something else; a
 * problem that appeared just then would move that thing away from under the pointer, and the click be lost.
 */
function afterPress(run: () => void): void {
  if (!pointerIsDown) return run();
  const later = () => {
    window.removeEventListener("pointerup", later);
    window.removeEventListener("pointercancel", later);
    setTimeout(run);
  };
  window.addEventListener("pointerup", later);
  window.addEventListener("pointercancel", later);
}

let pointerIsDown = false;
if (typeof window !== "undefined") {
  const down = (isDown: boolean) => () => {
    pointerIsDown = isDown;
  };
  window.addEventListener("pointerdown", down(true), true);
  window.addEventListener("pointerup", down(false), true);
  window.addEventListener("pointercancel", down(false), true);
}

/** Brings the focus to the control, in the page's order, that one of these fields belongs to. Its section is opened. */
export function focusField(fields: readonly string[]): void {
  const marked = [...document.querySelectorAll<HTMLElement>("[data-field]")];
  const found = marked.find((one) => one.dataset.field?.split(" ").some((field) => fields.includes(field)));
  if (!found) return;
  const inside = found.matches("fieldset, div")
    ? found.querySelector<HTMLElement>("input:not(:disabled)")
    : null;
  const control = inside ?? found;
  // A section with a problem can be closed by hand, and what is in a closed one takes no focus.
  const section = control.closest("details");
  if (section) section.open = true;
  control.focus();
  found.scrollIntoView({ block: "center" });
}
