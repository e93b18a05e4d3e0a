"use client";

import { useFormTools } from "#components/form/form-context.tsx";
import { ChoiceCard } from "#components/ui/choice-card.tsx";
import { FieldProblem } from "#components/ui/field.tsx";
import { targets } from "#lib/targets/targets.ts";

/** Where it runs. */
export function TargetChoice() {
  const { form, change, at } = useFormTools();
  const { error, ...mark } = at("target");
  return (
    <fieldset className="min-w-0" {...mark} tabIndex={-1}>
      <legend className="mb-1 font-medium">Target</legend>
      <div className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
        {targets.map((target) => (
          <ChoiceCard
            key={target.name}
            name="target"
            value={target.name}
            checked={form.target === target.name}
            onChoose={() => change({ target: target.name })}
            title={target.title}
            about={target.does}
            refusal={target.refusal}
          />
        ))}
      </div>
      {error && <FieldProblem>{error}</FieldProblem>}
    </fieldset>
  );
}
