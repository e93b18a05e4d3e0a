"use client";

import { Box } from "lucide-react";
import { useFormTools } from "#components/form/form-context.tsx";
import { chooseModel, type VariantState } from "#components/form/form-state.ts";
import { ChoiceCard } from "#components/ui/choice-card.tsx";
import { TextField } from "#components/ui/field.tsx";
import { FieldProblem } from "#components/ui/field.tsx";
import { catalogue } from "#lib/models/catalogue.ts";
import { findTarget } from "#lib/targets/targets.ts";

type Props = { index: number; variant: VariantState; onChange: (patch: Partial<VariantState>) => void };

/** The catalogue as cards, and a container image where the target takes one. */
export function ModelChoice({ index, variant, onChange }: Props) {
  const { form, at } = useFormTools();
  const base = `variants.${index}.model`;
  const refusal = form.target === "local" ? findTarget("local").imageRefusal : null;
  const { error, ...mark } = at(base, `${base}.preset`);
  return (
    <fieldset className="min-w-0" {...mark} tabIndex={-1}>
      <legend className="mb-1 font-medium">Model</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {catalogue.map((preset) => (
          <ChoiceCard
            key={preset.id}
            name={`model-${variant.key}`}
            value={preset.id}
            checked={variant.source === "preset" && variant.preset === preset.id}
            onChoose={() => onChange(chooseModel({ source: "preset", preset: preset.id }))}
            title={preset.title}
            about={preset.does}
            facts={[
              `${preset.sizeMb} MB`,
              `${preset.memoryMb} MB of memory a replica`,
              preset.licence,
              ...(preset.streams ? ["streams"] : []),
            ]}
          />
        ))}
        <ChoiceCard
          name={`model-${variant.key}`}
          value="image"
          checked={variant.source === "image"}
          onChoose={() => onChange(chooseModel({ source: "image" }))}
          title="Container image"
          about="Any image that serves HTTP."
          icon={<Box aria-hidden className="size-4" />}
          refusal={refusal}
        />
      </div>
      {error && <FieldProblem>{error}</FieldProblem>}
      {variant.source === "image" && (
        <div className="mt-3 grid gap-3 sm:grid-cols-[1fr_8rem]">
          <TextField
            label="Image"
            mono
            placeholder="registry.example/model:1.0"
            value={variant.image}
            onChange={(event) => onChange({ image: event.target.value })}
            {...at(`${base}.image`)}
          />
          <TextField
            label="Port"
            optional
            inputMode="numeric"
            placeholder="8080"
            value={variant.imagePort}
            onChange={(event) => onChange({ imagePort: event.target.value })}
            {...at(`${base}.port`)}
          />
        </div>
      )}
    </fieldset>
  );
}
