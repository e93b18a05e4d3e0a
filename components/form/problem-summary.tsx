"use client";

import { fieldWords } from "#components/form/field-words.ts";
import { focusField } from "#components/form/use-deployment-form.ts";
import { Callout } from "#components/ui/callout.tsx";
import type { FieldError } from "#lib/errors.ts";

type Props = { problems: readonly FieldError[]; variants: readonly { name: string }[] };

/** Everything that keeps the form from being taken, in the form's order, each with the way to its field. */
export function ProblemSummary({ problems, variants }: Props) {
  const names = variants.map(({ name }) => name);
  const listed = inFormOrder(problems);
  if (listed.length === 0) return null;
  return (
    <Callout
      alert
      tone="bad"
      title={listed.length === 1 ? "One thing needs a change" : `${listed.length} things need a change`}
    >
      <ul className="list-disc pl-4">
        {listed.map((problem) => (
          <li key={problem.field}>
            <button type="button" className="text-left underline" onClick={() => focusField([problem.field])}>
              {fieldWords(problem.field, names.length > 1, { variants: names })}
            </button>
            : {problem.message}
          </li>
        ))}
      </ul>
    </Callout>
  );
}

const order = [
  "name",
  "target",
  "google",
  "variants",
  "routing.rules",
  "routing",
  "endpoint",
  "env",
  "pullSecret",
  "ttlMinutes",
];

/** One problem a field, as the form lies on the page. */
function inFormOrder(problems: readonly FieldError[]): FieldError[] {
  const first = new Map<string, FieldError>();
  for (const problem of problems) if (!first.has(problem.field)) first.set(problem.field, problem);
  const place = (field: string) => {
    const found = order.findIndex((part) => field === part || field.startsWith(`${part}.`));
    return found < 0 ? order.length : found;
  };
  return [...first.values()].sort((a, b) => place(a.field) - place(b.field));
}
