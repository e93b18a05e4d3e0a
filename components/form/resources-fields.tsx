"use client";

import { TriangleAlert } from "lucide-react";
import { useFormTools } from "#components/form/form-context.tsx";
import type { VariantState } from "#components/form/form-state.ts";
import { mostReplicas, ownNode, roomWords, tooMuch } from "#components/form/resources-fit.ts";
import { TextField } from "#components/ui/field.tsx";
import { usualResources } from "#lib/deployments/complete-variant.ts";
import { findPreset } from "#lib/models/catalogue.ts";

type Props = { index: number; variant: VariantState; onChange: (patch: Partial<VariantState>) => void };

/** What one replica asks of a cluster's nodes, and whether any of them has it now. */
export function ResourcesFields({ index, variant, onChange }: Props) {
  const { at } = useFormTools();
  const base = `variants.${index}.resources`;
  const usual = usualOf(variant);
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium">Resources of a replica</legend>
      <div className="grid grid-cols-2 items-start gap-3 sm:grid-cols-3">
        <TextField
          label="Processor"
          optional
          mono
          placeholder={usual.cpu}
          hint="In cores: 2, 0.5 or 500m."
          value={variant.cpu}
          onChange={(event) => onChange({ cpu: event.target.value })}
          {...at(`${base}.cpu`)}
        />
        <TextField
          label="Memory"
          optional
          mono
          placeholder={usual.memory}
          hint="512Mi or 2Gi: more ends it."
          value={variant.memory}
          onChange={(event) => onChange({ memory: event.target.value })}
          {...at(`${base}.memory`)}
        />
        <TextField
          label="GPUs"
          optional
          inputMode="numeric"
          placeholder="0"
          value={variant.gpus}
          onChange={(event) => onChange({ gpus: event.target.value })}
          {...at(`${base}.gpus`)}
        />
      </div>
      <Room variant={variant} />
    </fieldset>
  );
}

/** A warning, not a refusal: what is free changes, and some clusters add nodes by themselves. */
function Room({ variant }: { variant: VariantState }) {
  const { form, place } = useFormTools();
  const node = ownNode(form.google, place);
  const room = place.offers?.largestPod ?? node;
  if (!room) return null;
  const usual = usualOf(variant);
  const cpu = variant.cpu.trim() || usual.cpu;
  const missing = tooMuch(
    {
      cpu,
      memory: variant.memory.trim() || usual.memory,
      gpus: Number(variant.gpus),
    },
    room,
  );
  return (
    <div role="status" className="mt-2 text-small text-faint">
      {node ? "A node has" : "Free on the roomiest node now:"} {roomWords(room)}
      {node ? ", of which the system takes a part." : "."}
      {missing.length > 0 ? (
        <Warning>
          {node
            ? `No node has ${missing.join(" and ")}. Choose a larger machine type or a GPU under Google Cloud, or ask for less.`
            : `No node has ${missing.join(" and ")} free now. It can be deployed all the same, but is given up after a minute in which none has it and none is being added.`}
        </Warning>
      ) : (
        <TooFewNodes cpu={cpu} variant={variant} />
      )}
    </div>
  );
}

/** A change makes a replica more before one goes: there has to be room for it. */
function TooFewNodes({ cpu, variant }: { cpu: string; variant: VariantState }) {
  const { form, place } = useFormTools();
  const most = mostReplicas(cpu, form.google, place);
  const wanted = Number(variant.metric === "none" ? variant.minReplicas : variant.maxReplicas);
  if (!most || !(wanted + 1 > most.replicas)) return null;
  const { nodes, replicas } = most;
  return (
    <Warning>
      {`${nodes} such ${nodes === 1 ? "node has" : "nodes have"} room for at most ${replicas} of these replicas: too few for ${wanted}, and one more while it is changed. Choose more nodes or larger ones under Google Cloud, or ask for less.`}
    </Warning>
  );
}

function Warning({ children }: { children: string }) {
  return (
    <p className="mt-1 flex gap-1 text-warn">
      <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

function usualOf({ source, preset }: VariantState) {
  return usualResources(source === "preset" ? findPreset(preset) : undefined);
}
