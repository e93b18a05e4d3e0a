"use client";

import { useFormTools } from "#components/form/form-context.tsx";
import type { VariantState } from "#components/form/form-state.ts";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { limits } from "#lib/deployments/spec.ts";
import { findPreset } from "#lib/models/catalogue.ts";

type Props = { index: number; variant: VariantState; onChange: (patch: Partial<VariantState>) => void };

/** How many replicas, and what their number follows. */
export function ScalingFields({ index, variant, onChange }: Props) {
  const { at } = useFormTools();
  const base = `variants.${index}.scaling`;
  const fixed = variant.metric === "none";
  const usual = findPreset(variant.preset)?.targetInFlight ?? 4;
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-[1fr_1fr_2fr]">
      <TextField
        label={fixed ? "Replicas" : "Replicas from"}
        type="number"
        min={1}
        max={limits.replicas}
        value={variant.minReplicas}
        onChange={(event) => onChange({ minReplicas: event.target.value })}
        {...at(`${base}.minReplicas`, base)}
      />
      <TextField
        label="Replicas to"
        type="number"
        min={1}
        max={limits.replicas}
        disabled={fixed}
        value={fixed ? variant.minReplicas : variant.maxReplicas}
        onChange={(event) => onChange({ maxReplicas: event.target.value })}
        {...at(`${base}.maxReplicas`)}
      />
      <SelectField
        className="max-sm:col-span-2"
        label="Scales on"
        value={variant.metric}
        onChange={(event) => onChange({ metric: event.target.value })}
        hint={fixed ? "The number of replicas stays." : undefined}
        {...at(`${base}.metric`)}
      >
        <option value="inflight">Requests in flight per replica</option>
        <option value="none">Nothing: a fixed number</option>
      </SelectField>
      {!fixed && (
        <TextField
          className="col-span-2 sm:col-span-3"
          label="Wanted in flight per replica"
          optional
          inputMode="decimal"
          placeholder={`${usual}, as this model is used to`}
          hint="More waiting than this brings another replica; less lets one go."
          value={variant.targetInFlight}
          onChange={(event) => onChange({ targetInFlight: event.target.value })}
          {...at(`${base}.targetInFlight`)}
        />
      )}
    </div>
  );
}
