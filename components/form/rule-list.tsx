"use client";

import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useFormTools } from "#components/form/form-context.tsx";
import { newRule, type RuleState } from "#components/form/form-state.ts";
import { useRemoval } from "#components/form/use-removal.ts";
import { Button } from "#components/ui/button.tsx";
import { FieldProblem, SelectField, TextField } from "#components/ui/field.tsx";
import { limits } from "#lib/deployments/spec.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Rules in order: the first that matches says which variant answers; weights take the rest. */
export function RuleList() {
  const { form, change } = useFormTools();
  const { adder, remove } = useRemoval();
  const add = () =>
    change(({ rules, variants }) => ({ rules: [...rules, newRule(variants.at(-1)?.name ?? "main")] }));
  const full = form.rules.length >= limits.rules;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">
        A request goes to the variant of the first rule whose conditions all hold. What no rule takes is
        shared by weight.
      </p>
      <ol className="flex flex-col gap-3">
        {form.rules.map((rule, index) => (
          <li key={rule.key}>
            <RuleFields
              rule={rule}
              index={index}
              onRemove={() => remove(({ rules }) => ({ rules: rules.filter(({ key }) => key !== rule.key) }))}
            />
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button
          ref={adder}
          onClick={add}
          disabled={full}
          aria-describedby={full ? "rules-full" : undefined}
          icon={<Plus aria-hidden className="size-4" />}
        >
          Add a rule
        </Button>
        {full && (
          <p id="rules-full" className="text-small text-muted">
            {limits.rules} rules are the most there can be. Remove one to add another.
          </p>
        )}
      </div>
    </div>
  );
}

function RuleFields({ rule, index, onRemove }: { rule: RuleState; index: number; onRemove: () => void }) {
  const { form, change, at } = useFormTools();
  const base = `routing.rules.${index}`;
  const onChange = (patch: Partial<RuleState>) =>
    change(({ rules }) => ({
      rules: rules.map((each, place) => (place === index ? { ...each, ...patch } : each)),
    }));
  const { error, ...mark } = at(base);
  return (
    <fieldset className="min-w-0 rounded-md border p-4" {...mark} tabIndex={-1}>
      <legend className="px-1 font-medium">Rule {index + 1}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Path begins with"
          mono
          placeholder="/v2/"
          value={rule.pathPrefix}
          onChange={(event) => onChange({ pathPrefix: event.target.value })}
          {...at(`${base}.pathPrefix`)}
        />
        <SelectField
          label="Method"
          value={rule.method}
          onChange={(event) => onChange({ method: event.target.value })}
          {...at(`${base}.method`)}
        >
          <option value="">Any</option>
          {methods.map((method) => (
            <option key={method}>{method}</option>
          ))}
        </SelectField>
        <Pair
          what="Header"
          path={`${base}.header`}
          rule={rule}
          names={["headerName", "headerValue"]}
          onChange={onChange}
        />
        <Pair
          what="Cookie"
          path={`${base}.cookie`}
          rule={rule}
          names={["cookieName", "cookieValue"]}
          onChange={onChange}
        />
        <Pair
          what="Query"
          path={`${base}.query`}
          rule={rule}
          names={["queryName", "queryValue"]}
          onChange={onChange}
        />
        <SelectField
          label="Goes to variant"
          value={rule.variant}
          onChange={(event) => onChange({ variant: event.target.value })}
          {...at(`${base}.variant`)}
        >
          {!form.variants.some((variant) => variant.name === rule.variant) && (
            <option value={rule.variant}>{rule.variant} (not there)</option>
          )}
          {form.variants.map((variant) => (
            <option key={variant.key} value={variant.name}>
              {variant.name}
            </option>
          ))}
        </SelectField>
      </div>
      {error && <FieldProblem>{error}</FieldProblem>}
      <RuleOrder index={index} onRemove={onRemove} />
    </fieldset>
  );
}

function Pair(props: {
  what: string;
  path: string;
  rule: RuleState;
  names: ["headerName" | "cookieName" | "queryName", "headerValue" | "cookieValue" | "queryValue"];
  onChange: (patch: Partial<RuleState>) => void;
}) {
  const { at } = useFormTools();
  const [nameOf, valueOf] = props.names;
  return (
    <div className="grid grid-cols-2 gap-2">
      <TextField
        label={`${props.what} name`}
        mono
        value={props.rule[nameOf]}
        onChange={(event) => props.onChange({ [nameOf]: event.target.value })}
        {...at(`${props.path}.name`, props.path)}
      />
      <TextField
        label={`${props.what} value`}
        mono
        value={props.rule[valueOf]}
        onChange={(event) => props.onChange({ [valueOf]: event.target.value })}
        {...at(`${props.path}.value`)}
      />
    </div>
  );
}

function RuleOrder({ index, onRemove }: { index: number; onRemove: () => void }) {
  const { form, change } = useFormTools();
  const move = (to: number) =>
    change(({ rules }) => {
      const next = [...rules];
      const [taken] = next.splice(index, 1);
      if (taken) next.splice(to, 0, taken);
      return { rules: next };
    });
  const last = form.rules.length - 1;
  return (
    <div className="mt-3 flex justify-end gap-1">
      <Button
        look="quiet"
        size="icon"
        aria-label={`Move rule ${index + 1} up`}
        disabled={index === 0}
        onClick={() => move(index - 1)}
        icon={<ArrowUp aria-hidden className="size-4" />}
      />
      <Button
        look="quiet"
        size="icon"
        aria-label={`Move rule ${index + 1} down`}
        disabled={index === last}
        onClick={() => move(index + 1)}
        icon={<ArrowDown aria-hidden className="size-4" />}
      />
      <Button
        look="quiet"
        size="icon"
        aria-label={`Remove rule ${index + 1}`}
        onClick={onRemove}
        icon={<Trash2 aria-hidden className="size-4" />}
      />
    </div>
  );
}
