"use client";

import { useFormTools } from "#components/form/form-context.tsx";
import type { VariantState } from "#components/form/form-state.ts";
import { movedWords } from "#components/form/move-to-place.ts";
import { MovedNote } from "#components/form/moved-note.tsx";
import { metricOf } from "#components/form/to-input.ts";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { limits } from "#lib/deployments/spec.ts";
import { findPreset } from "#lib/models/catalogue.ts";

type Props = { index: number; variant: VariantState; onChange: (patch: Partial<VariantState>) => void };

const metricWords = {
  inflight: "Requests in flight per replica",
  cpu: "Use of the processor asked for",
  none: "Nothing: a fixed number",
} as const;

/** How many replicas, and what their number follows. */
export function ScalingFields({ index, variant, onChange }: Props) {
  const { at, place } = useFormTools();
  const base = `variants.${index}.scaling`;
  const metric = metricOf(variant, place);
  const fixed = metric === "none";
  return (
    <div className="grid grid-cols-2 items-start gap-3 sm:grid-cols-[1fr_1fr_2fr]">
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
      <MetricField {...{ index, variant, onChange }} />
      {metric === "inflight" && <InFlightField {...{ index, variant, onChange }} />}
      {metric === "cpu" && <ProcessorFields {...{ index, variant, onChange }} />}
    </div>
  );
}

function MetricField({ index, variant, onChange }: Props) {
  const { at, place, refused } = useFormTools();
  const metric = metricOf(variant, place);
  const usual = place.kind === "local" ? "inflight" : "cpu";
  // Of two that another kind of place has, only the one that would be usual here is worth a reason.
  const why = refused[usual];
  return (
    <div className="min-w-0 max-sm:col-span-2">
      <SelectField
        label="Scales on"
        value={metric}
        onChange={(event) => onChange({ metric: event.target.value as VariantState["metric"] })}
        hint={why ?? (metric === "none" ? "The number of replicas stays." : undefined)}
        {...at(`variants.${index}.scaling.metric`)}
      >
        {(["inflight", "cpu", "none"] as const).map((one) => (
          <option key={one} value={one} disabled={one !== "none" && refused[one] !== undefined}>
            {metricWords[one]}
            {one !== "none" && one !== usual && refused[one] ? ` (${otherPlace(usual)})` : ""}
          </option>
        ))}
      </SelectField>
      <MovedNote>{movedWords(variant.moved.metric, metric)}</MovedNote>
    </div>
  );
}

function otherPlace(usual: "inflight" | "cpu"): string {
  return usual === "inflight" ? "on clusters" : "on this machine";
}

function InFlightField({ index, variant, onChange }: Props) {
  const { at } = useFormTools();
  const usual = findPreset(variant.preset)?.targetInFlight ?? 4;
  return (
    <TextField
      className="col-span-full"
      label="Wanted in flight per replica"
      optional
      inputMode="decimal"
      placeholder={`${usual} (this model’s default)`}
      hint="More waiting than this brings another replica; less lets one go."
      value={variant.targetInFlight}
      onChange={(event) => onChange({ targetInFlight: event.target.value })}
      {...at(`variants.${index}.scaling.targetInFlight`)}
    />
  );
}

function ProcessorFields({ index, variant, onChange }: Props) {
  const { at } = useFormTools();
  const base = `variants.${index}.scaling`;
  return (
    <div className="col-span-full grid items-start gap-3 sm:grid-cols-2">
      <TextField
        label="Wanted use, in %"
        optional
        inputMode="numeric"
        placeholder="70"
        hint="Of the processor that a replica asks for: more brings another replica."
        value={variant.targetCpuPercent}
        onChange={(event) => onChange({ targetCpuPercent: event.target.value })}
        {...at(`${base}.targetCpuPercent`)}
      />
      <TextField
        label="Scales down after, in seconds"
        optional
        inputMode="numeric"
        placeholder="300"
        hint="So long the load must stay low before a replica goes."
        value={variant.scaleDownSeconds}
        onChange={(event) => onChange({ scaleDownSeconds: event.target.value })}
        {...at(`${base}.scaleDownSeconds`)}
      />
    </div>
  );
}
