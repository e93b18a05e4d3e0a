"use client";

import { useState } from "react";
import { Plus, Trash2 } from "lucide-react";
import { useFormTools } from "#components/form/form-context.tsx";
import { FormSection } from "#components/form/form-section.tsx";
import {
  freeVariantName,
  newVariant,
  withoutVariant,
  type VariantState,
} from "#components/form/form-state.ts";
import { ModelChoice } from "#components/form/model-choice.tsx";
import { ResourcesFields } from "#components/form/resources-fields.tsx";
import { ScalingFields } from "#components/form/scaling-fields.tsx";
import { suggestedName } from "#components/form/suggested-name.ts";
import { useRemoval } from "#components/form/use-removal.ts";
import { WeightPicture } from "#components/form/weight-picture.tsx";
import { Button } from "#components/ui/button.tsx";
import { FieldProblem, TextField } from "#components/ui/field.tsx";
import { limits } from "#lib/deployments/spec.ts";
import { findPreset } from "#lib/models/catalogue.ts";

/** One model, or several that share the traffic. A single one needs no weight, and no name as long as it has a good one. */
export function VariantList() {
  const { form, change, at } = useFormTools();
  const { adder, remove } = useRemoval();
  const several = form.variants.length > 1;
  const full = form.variants.length >= limits.variants;

  const add = () =>
    change(({ variants }) => ({
      variants: [...variants, likeFirst(beside(variants), variants[0])],
    }));
  const { error, ...mark } = at("variants");

  return (
    <div className="flex flex-col gap-6">
      {several && <WeightPicture variants={form.variants} />}
      {form.variants.map((variant, index) => (
        <VariantFields
          key={variant.key}
          variant={variant}
          index={index}
          several={several}
          onRemove={() => remove(({ variants }) => ({ variants: withoutVariant(variants, variant.key) }))}
        />
      ))}
      <div {...mark} tabIndex={-1}>
        {error && <FieldProblem>{error}</FieldProblem>}
        <Button ref={adder} onClick={add} disabled={full} icon={<Plus aria-hidden className="size-4" />}>
          Add a variant
        </Button>
        <p className="mt-1 text-small text-faint">
          {full
            ? `${limits.variants} variants are the most.`
            : "A second model, or the same one differently scaled, that gets a share of the requests."}
        </p>
      </div>
    </div>
  );
}

function VariantFields({
  variant,
  index,
  several,
  onRemove,
}: {
  variant: VariantState;
  index: number;
  several: boolean;
  onRemove: () => void;
}) {
  const { change, at, refused } = useFormTools();
  const nameMark = at(`variants.${index}.name`);
  // The last of several may have a bad name. Its field stays when that is mended: somebody is typing in it.
  const [asksName, setAsksName] = useState(false);
  if (!several && nameMark.error && !asksName) setAsksName(true);
  const onChange = (patch: Partial<VariantState>) =>
    change((form) => {
      const variants = form.variants.map((each, place) => (place === index ? { ...each, ...patch } : each));
      const renamed = patch.name !== undefined;
      return {
        variants,
        // Rules follow a variant that gets another name.
        ...(renamed && {
          rules: form.rules.map((rule) =>
            rule.variant === variant.name ? { ...rule, variant: patch.name ?? "" } : rule,
          ),
        }),
        name: suggestedName({ ...form, variants }),
      };
    });

  const name = (
    <TextField
      label="Variant’s name"
      mono
      value={variant.name}
      onChange={(event) => onChange({ name: event.target.value })}
      {...nameMark}
    />
  );
  const body = (
    <>
      <ModelChoice index={index} variant={variant} onChange={onChange} />
      <ScalingFields index={index} variant={variant} onChange={onChange} />
      {!refused.resources && <ResourcesFields index={index} variant={variant} onChange={onChange} />}
      <FormSection
        title="Health check"
        summary={variant.healthPath || usualHealthPath(variant)}
        fields={[`variants.${index}.healthPath`]}
      >
        <TextField
          label="Path that answers 200 when a replica can take requests"
          optional
          mono
          placeholder={usualHealthPath(variant)}
          value={variant.healthPath}
          onChange={(event) => onChange({ healthPath: event.target.value })}
          {...at(`variants.${index}.healthPath`)}
        />
      </FormSection>
    </>
  );
  if (!several) {
    return (
      <div className="flex flex-col gap-4">
        {asksName && name}
        {body}
      </div>
    );
  }
  return (
    <fieldset className="flex min-w-0 flex-col gap-4 rounded-md border p-4">
      <legend className="px-1 font-semibold">Variant {variant.name || index + 1}</legend>
      <div className="grid grid-cols-[minmax(0,1fr)_7rem_auto] items-start gap-3">
        {name}
        <TextField
          label="Weight"
          type="number"
          min={0}
          max={100}
          value={variant.weight}
          onChange={(event) => onChange({ weight: event.target.value })}
          {...at(`variants.${index}.weight`)}
        />
        <Button
          look="quiet"
          size="icon"
          className="mt-6"
          aria-label={`Remove variant ${variant.name}`}
          onClick={onRemove}
          icon={<Trash2 aria-hidden className="size-4" />}
        />
      </div>
      {body}
    </fieldset>
  );
}

function usualHealthPath(variant: VariantState): string {
  return (variant.source === "preset" ? findPreset(variant.preset)?.healthPath : undefined) ?? "/healthz";
}

/** One more, with little of the traffic beside the usual weight of 100: nobody tries a canary on half of it. */
function beside(variants: readonly VariantState[]): VariantState {
  return { ...newVariant(freeVariantName(variants), ""), weight: "10" };
}

/** Of the same model at first: a canary differs from it in little. */
function likeFirst(variant: VariantState, first: VariantState | undefined): VariantState {
  if (!first) return variant;
  const { source, preset, image, imagePort, runAsRoot } = first;
  return { ...variant, source, preset, image, imagePort, runAsRoot };
}
