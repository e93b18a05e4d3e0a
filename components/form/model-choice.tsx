"use client";

import { Ban, Box } from "lucide-react";
import { useFormTools } from "#components/form/form-context.tsx";
import { chooseModel, type VariantState } from "#components/form/form-state.ts";
import { movedWords } from "#components/form/move-to-place.ts";
import { MovedNote } from "#components/form/moved-note.tsx";
import { ChoiceCard } from "#components/ui/choice-card.tsx";
import { CheckField, FieldProblem, TextField } from "#components/ui/field.tsx";
import { WithCode } from "#components/ui/with-code.tsx";
import { catalogue } from "#lib/models/catalogue.ts";
import { presetProblem } from "#lib/targets/refusals.ts";

type Props = { index: number; variant: VariantState; onChange: (patch: Partial<VariantState>) => void };

/** The catalogue as cards, and a container image; what the chosen target can't run says why. */
export function ModelChoice({ index, variant, onChange }: Props) {
  const { place, refused, at } = useFormTools();
  const base = `variants.${index}.model`;
  const { error, ...mark } = at(base, `${base}.preset`);
  return (
    <fieldset className="min-w-0" {...mark} tabIndex={-1}>
      <legend className="mb-1 font-medium">Model</legend>
      <div className="grid gap-2 sm:grid-cols-2 sm:[&>:last-child:nth-child(odd)]:col-span-full">
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
            unavailable={refused.preset !== undefined}
            refusal={presetProblem(place, { preset: preset.id })}
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
          refusal={refused.image}
        />
      </div>
      {refused.preset && (
        <p className="mt-2 flex gap-1 text-small text-muted">
          <Ban aria-hidden className="mt-px size-3.5 shrink-0" />
          <span>
            <WithCode text={refused.preset} />
          </span>
        </p>
      )}
      <MovedNote>{movedWords(variant.moved.source, variant.source)}</MovedNote>
      {error && <FieldProblem>{error}</FieldProblem>}
      {variant.source === "image" && <ImageFields {...{ index, variant, onChange }} />}
    </fieldset>
  );
}

function ImageFields({ index, variant, onChange }: Props) {
  const { at } = useFormTools();
  const base = `variants.${index}.model`;
  return (
    <div className="mt-3 flex flex-col gap-3">
      <div className="grid items-start gap-3 sm:grid-cols-[1fr_8rem]">
        <TextField
          label="Image"
          mono
          autoComplete="off"
          spellCheck={false}
          placeholder="registry.example.com/model:1.0"
          hint="As the cluster’s nodes pull it; with a tag or a digest it stays what it is."
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
      <CheckField
        label="Runs as root"
        hint="Only for an image that can’t run as another user. Without it, it must name a numeric user."
        checked={variant.runAsRoot}
        onChange={(event) => onChange({ runAsRoot: event.target.checked })}
        {...at(`${base}.runAsRoot`)}
      />
    </div>
  );
}
