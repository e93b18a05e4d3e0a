"use client";

import type { ComponentProps } from "react";
import { algorithmWords } from "#components/deployments/balancing-words.ts";
import { EndpointFields, endpointWords } from "#components/form/endpoint-fields.tsx";
import { EnvList } from "#components/form/env-list.tsx";
import { useFormTools } from "#components/form/form-context.tsx";
import { FormSection } from "#components/form/form-section.tsx";
import { lifetimeUnits, type FormState, type LifetimeUnit } from "#components/form/form-state.ts";
import { PullSecretFields, pullWords } from "#components/form/pull-secret-fields.tsx";
import { RuleList } from "#components/form/rule-list.tsx";
import { StaticContentSection, staticWords } from "#components/form/static-content-section.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import type { Place } from "#lib/targets/place.ts";

const affinityWords = {
  none: "No",
  cookie: "By a cookie that the load balancer sets",
  ip: "By the caller’s address",
  header: "By a header",
} as const;

/** What has a good default; each closed section says what it is now. */
export function MoreSections() {
  const { form, place, refused } = useFormTools();
  return (
    <div className="flex flex-col divide-y rounded-lg border bg-surface">
      <Section
        title="Rules"
        summary={counted(form.rules.length, "rule", "none: all requests by weight")}
        fields={["routing.rules"]}
      >
        <RuleList />
      </Section>
      <Section
        title="Balancing"
        summary={balancingWords(form, place)}
        fields={["routing.algorithm", "routing.affinity"]}
      >
        <Balancing />
      </Section>
      <Section title="Endpoint" summary={endpointWords(form, place)} fields={["endpoint", "google.domain"]}>
        <EndpointFields />
      </Section>
      {place.kind === "gke" && (
        <Section title="Static files" summary={staticWords(form.google)} fields={["google.staticContent"]}>
          <StaticContentSection />
        </Section>
      )}
      <Section
        title="Environment"
        summary={counted(form.env.length, "variable", "no variables")}
        fields={["env"]}
      >
        <EnvList />
      </Section>
      {!refused.pullSecret && (
        <Section title="Pull secret" summary={pullWords(form.pull)} fields={["pullSecret"]}>
          <PullSecretFields />
        </Section>
      )}
      <Section title="Time to live" summary={lifetimeWords(form)} fields={["ttlMinutes"]}>
        <Lifetime />
      </Section>
    </div>
  );
}

function Section({ children, ...section }: ComponentProps<typeof FormSection>) {
  return (
    <FormSection className="px-4 py-2" {...section}>
      <div className="pb-3">{children}</div>
    </FormSection>
  );
}

function Balancing() {
  const { form, place, change, at, isThere } = useFormTools();
  const stays = isThere && place.kind === "gke";
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <SelectField
        label="Load balancer"
        value={form.layer}
        disabled={stays}
        hint={
          stays
            ? "It can’t be changed: the other layer has another kind of address, and so is another deployment."
            : form.layer === "4"
              ? `Nothing in a connection is read: no keys, rules, cookies, headers or HTTPS, and no requests are counted.${place.kind === "local" ? " Scaling goes by open connections." : ""}`
              : undefined
        }
        onChange={(event) => change({ layer: event.target.value as FormState["layer"] })}
        {...at("routing.layer")}
      >
        <option value="7">Layer 7: routes HTTP requests</option>
        <option value="4">Layer 4: passes on connections</option>
      </SelectField>
      <AlgorithmField />
      <SelectField
        label="Sticky sessions"
        value={form.affinityBy}
        hint={
          form.affinityBy === "none"
            ? undefined
            : "The same caller comes to the same replica while it is there."
        }
        onChange={(event) => change({ affinityBy: event.target.value })}
        {...at("routing.affinity", "routing.affinity.by")}
      >
        {Object.entries(affinityWords).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </SelectField>
      {form.affinityBy === "header" && (
        <TextField
          label="Header"
          mono
          placeholder="x-session"
          value={form.affinityHeader}
          onChange={(event) => change({ affinityHeader: event.target.value })}
          {...at("routing.affinity.header")}
        />
      )}
    </div>
  );
}

/** Where a plain Service brings the traffic there is nothing to choose: what was chosen waits for another one. */
function AlgorithmField() {
  const { form, place, change, at } = useFormTools();
  const label = "A request goes to";
  if (isServiceAlone(form, place)) {
    return (
      <SelectField
        label={label}
        disabled
        hint="At layer 4 it is a plain Service, which knows no way of balancing. Layer 7 lets you choose."
        {...at("routing.algorithm")}
      >
        <option>{place.kind === "gke" ? "One of Google’s choice" : "One of the cluster’s choice"}</option>
      </SelectField>
    );
  }
  return (
    <SelectField
      label={label}
      value={form.algorithm}
      onChange={(event) => change({ algorithm: event.target.value })}
      {...at("routing.algorithm")}
    >
      {Object.entries(algorithmWords).map(([value, words]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </SelectField>
  );
}

/** On a cluster, layer 4 is a Service before the pods and nothing else. */
function isServiceAlone({ layer }: FormState, { kind }: Place): boolean {
  return layer === "4" && kind !== "local";
}

function Lifetime() {
  const { form, change, at } = useFormTools();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-3 sm:max-w-sm">
      <TextField
        label="Torn down after"
        optional
        inputMode="numeric"
        placeholder="never"
        value={form.lifetime}
        onChange={(event) => change({ lifetime: event.target.value })}
        {...at("ttlMinutes")}
      />
      <SelectField
        label="Unit"
        value={form.lifetimeUnit}
        onChange={(event) => change({ lifetimeUnit: event.target.value as LifetimeUnit })}
      >
        {Object.keys(lifetimeUnits).map((unit) => (
          <option key={unit}>{unit}</option>
        ))}
      </SelectField>
    </div>
  );
}

function counted(count: number, what: string, none: string): string {
  return count === 0 ? none : `${count} ${what}${count === 1 ? "" : "s"}`;
}

function balancingWords(form: FormState, place: Place): string {
  const algorithm = algorithmWords[form.algorithm as keyof typeof algorithmWords] ?? form.algorithm;
  const layer = form.layer === "4" ? "layer 4, " : "";
  const choice = isServiceAlone(form, place)
    ? `${place.kind === "gke" ? "Google’s network" : "the cluster"} chooses`
    : algorithm.toLowerCase();
  return `${layer}${choice}${form.affinityBy === "none" ? "" : ", sticky"}`;
}

function lifetimeWords(form: FormState): string {
  const unit = form.lifetime.trim() === "1" ? form.lifetimeUnit.slice(0, -1) : form.lifetimeUnit;
  return form.lifetime ? `${form.lifetime} ${unit}` : "until you tear it down";
}
