"use client";

import { useFormTools } from "#components/form/form-context.tsx";
import { useGoogle } from "#components/form/use-google.ts";
import { machineWords, nodesHint } from "#components/form/google-words.ts";
import { movedWords } from "#components/form/move-to-place.ts";
import { MovedNote } from "#components/form/moved-note.tsx";
import { CheckField, SelectField, TextField } from "#components/ui/field.tsx";

/** The nodes of a cluster that is made for this deployment. */
export function OwnClusterFields() {
  const { at, place, isThere } = useFormTools();
  const { google, changeGoogle } = useGoogle();
  const zones = place.project?.zones ?? null;
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 items-start gap-3 sm:grid-cols-[2fr_1fr_1fr]">
        <MachineField />
        <TextField
          label="Nodes from"
          type="number"
          min={1}
          max={100}
          hint={nodesHint({ zones })}
          value={google.minNodes}
          onChange={(event) => changeGoogle({ minNodes: event.target.value })}
          {...at("google.cluster.minNodes")}
        />
        <TextField
          label="Nodes to"
          type="number"
          min={1}
          max={100}
          placeholder={google.minNodes}
          hint="More come when pods find no room."
          value={google.maxNodes}
          onChange={(event) => changeGoogle({ maxNodes: event.target.value })}
          {...at("google.cluster.maxNodes")}
        />
      </div>
      <GpuFields />
      <CheckField
        label="Spot nodes"
        hint="Much cheaper, but Google may take a node away at any time with half a minute’s notice: its replicas are started anew elsewhere, and for a while fewer answer."
        checked={google.spot}
        onChange={(event) => changeGoogle({ spot: event.target.checked })}
        {...at("google.cluster.spot")}
      />
      {isThere && (
        <p className="text-small text-muted">
          Another machine type, GPU or kind of node makes new nodes first, moves the replicas there and then
          deletes the old ones: some minutes, in which both are paid for.
        </p>
      )}
    </div>
  );
}

/** Those that each of the zones has; where nobody could look, it is typed. */
function MachineField() {
  const { at, place } = useFormTools();
  const { google, changeGoogle } = useGoogle();
  const { machineType } = google;
  const offered = place.project?.machineTypes ?? null;
  const mark = at("google.cluster.machineType");
  const choose = (value: string) => changeGoogle({ machineType: value });
  if (!offered) {
    return (
      <TextField
        className="max-sm:col-span-2"
        label="Machine type"
        mono
        value={machineType}
        onChange={(event) => choose(event.target.value)}
        {...mark}
      />
    );
  }
  const isOffered = offered.some(({ name }) => name === machineType);
  return (
    <div className="min-w-0 max-sm:col-span-2">
      <SelectField
        label="Machine type"
        value={machineType}
        onChange={(event) => choose(event.target.value)}
        {...mark}
      >
        {!isOffered && <option value={machineType}>{machineType}: not offered there</option>}
        {offered.map((one) => (
          <option key={one.name} value={one.name}>
            {machineWords(one)}
          </option>
        ))}
      </SelectField>
      <MovedNote>{movedWords(google.moved.machineType, machineType)}</MovedNote>
    </div>
  );
}

function GpuFields() {
  const { at, place } = useFormTools();
  const { google, changeGoogle } = useGoogle();
  const { gpuType } = google;
  const offered = place.project?.accelerators ?? [];
  const chosen = offered.find(({ name }) => name === gpuType);
  const none = offered.length === 0;
  return (
    <div className="grid grid-cols-2 items-start gap-3 sm:grid-cols-[2fr_1fr_1fr]">
      <div className="min-w-0 max-sm:col-span-2">
        <SelectField
          label="GPU in each node"
          value={gpuType}
          disabled={none && gpuType === ""}
          hint={
            gpuType
              ? "Google installs the driver. A replica gets one only if it asks for it, under its resources."
              : none
                ? "No zone of this target has any."
                : undefined
          }
          onChange={(event) => changeGoogle({ gpuType: event.target.value })}
          {...at("google.cluster.gpu", "google.cluster.gpu.type")}
        >
          <option value="">None</option>
          {gpuType && !chosen && <option value={gpuType}>{gpuType}: not offered there</option>}
          {offered.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </SelectField>
        <MovedNote>{movedWords(google.moved.gpuType, gpuType)}</MovedNote>
      </div>
      {gpuType && (
        <TextField
          label="How many"
          type="number"
          min={1}
          max={chosen?.most ?? 16}
          hint={chosen ? `At most ${chosen.most}.` : undefined}
          value={google.gpuCount}
          onChange={(event) => changeGoogle({ gpuCount: event.target.value })}
          {...at("google.cluster.gpu.count")}
        />
      )}
    </div>
  );
}
