"use client";

import { Plus, Trash2 } from "lucide-react";
import { useFormTools } from "#components/form/form-context.tsx";
import { rowKey, type EnvState } from "#components/form/form-state.ts";
import { useRemoval } from "#components/form/use-removal.ts";
import { Button } from "#components/ui/button.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { limits } from "#lib/deployments/spec.ts";

/** Environment variables that every replica gets. */
export function EnvList() {
  const { form, change } = useFormTools();
  const { adder, remove } = useRemoval();
  const add = () =>
    change(({ env }) => ({ env: [...env, { key: rowKey(), name: "", kind: "plain", value: "" }] }));
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">
        Every replica gets these. A secret is sealed as it is saved and never shown again, here or in a log.
      </p>
      <ul className="flex flex-col gap-3">
        {form.env.map((env, index) => (
          <li key={env.key}>
            <EnvFields
              env={env}
              index={index}
              onRemove={() => remove((form) => ({ env: form.env.filter(({ key }) => key !== env.key) }))}
            />
          </li>
        ))}
      </ul>
      <Button
        ref={adder}
        className="self-start"
        onClick={add}
        disabled={form.env.length >= limits.env}
        icon={<Plus aria-hidden className="size-4" />}
      >
        Add a variable
      </Button>
    </div>
  );
}

function EnvFields({ env, index, onRemove }: { env: EnvState; index: number; onRemove: () => void }) {
  const { change, at } = useFormTools();
  const base = `env.${index}`;
  const onChange = (patch: Partial<EnvState>) =>
    change((form) => ({
      env: form.env.map((each, place) => (place === index ? { ...each, ...patch } : each)),
    }));
  const valueProblem = at(`${base}.value`, `${base}.secret`, `${base}.keep`, base);
  return (
    <fieldset className="grid min-w-0 items-start gap-2 sm:grid-cols-[minmax(0,2fr)_8rem_minmax(0,3fr)_auto]">
      <legend className="sr-only">Variable {env.name || index + 1}</legend>
      <TextField
        label="Name"
        mono
        autoComplete="off"
        placeholder="LOG_LEVEL"
        value={env.name}
        // A stored secret is found by its name.
        readOnly={env.kind === "keep"}
        onChange={(event) => onChange({ name: event.target.value })}
        {...at(`${base}.name`)}
      />
      <SelectField
        label="Kind"
        value={env.kind}
        onChange={(event) => onChange({ kind: event.target.value as EnvState["kind"], value: "" })}
      >
        {env.kind === "keep" && <option value="keep">Secret, kept</option>}
        <option value="plain">Plain</option>
        <option value="secret">Secret</option>
      </SelectField>
      {env.kind === "keep" ? (
        <TextField
          label="Value"
          value=""
          placeholder="stored; choose “Secret” to replace it"
          readOnly
          {...valueProblem}
        />
      ) : (
        <TextField
          label="Value"
          mono
          type={env.kind === "secret" ? "password" : "text"}
          autoComplete={env.kind === "secret" ? "new-password" : "off"}
          value={env.value}
          onChange={(event) => onChange({ value: event.target.value })}
          {...valueProblem}
        />
      )}
      <Button
        look="quiet"
        size="icon"
        className="sm:mt-6"
        aria-label={`Remove variable ${env.name || index + 1}`}
        onClick={onRemove}
        icon={<Trash2 aria-hidden className="size-4" />}
      />
    </fieldset>
  );
}
