"use client";

import { Network } from "lucide-react";
import { loadBalancerSentence } from "#components/deployments/load-balancer-words.ts";
import { useFormTools } from "#components/form/form-context.tsx";
import type { FormState } from "#components/form/form-state.ts";
import { HttpsFields, tlsWords } from "#components/form/https-fields.tsx";
import { sendsKeysInClear } from "#components/form/keys-in-clear.ts";
import { movedWords } from "#components/form/move-to-place.ts";
import { MovedNote } from "#components/form/moved-note.tsx";
import { toRouting } from "#components/form/to-input.ts";
import { Callout } from "#components/ui/callout.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { usualServiceType } from "#lib/deployments/normalize-spec.ts";
import type { ClusterOffers } from "#lib/targets/target-view.ts";
import type { Place } from "#lib/targets/place.ts";

/** Who may call it, where, and by which protocol. */
export function EndpointFields() {
  const { form, change, at, refused, place } = useFormTools();
  return (
    <div className="flex flex-col gap-3">
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <SelectField
          label="Access"
          value={form.access}
          onChange={(event) => change({ access: event.target.value as FormState["access"] })}
          {...at("endpoint.access")}
        >
          <option value="private">Private: a key is needed</option>
          <option value="open">Open: no key</option>
        </SelectField>
        {place.kind === "gke" ? <AddressLine /> : refused.port ? <ReachField /> : <PortField />}
      </div>
      <LoadBalancerLine />
      <HttpsFields />
      {sendsKeysInClear(form, place) && (
        <Callout tone="warn" title="Keys are sent without HTTPS">
          The address is on the Internet, and whoever is on the way can read a key that is sent by HTTP.
          Choose a protocol with HTTPS.
        </Callout>
      )}
      {form.access === "open" && (
        <Callout
          tone="warn"
          title={
            place.kind === "gke"
              ? "Anyone on the Internet can call the model"
              : "Anyone who reaches this address can call the model"
          }
        >
          {place.kind === "gke"
            ? "No key is asked for, and whoever pays for the project pays for all their calls."
            : "No key is asked for. Choose this only where everyone who can reach the port may use it."}
        </Callout>
      )}
    </div>
  );
}

function AddressLine() {
  const { form } = useFormTools();
  return (
    <p className="text-small text-muted sm:pt-7">
      {form.layer === "4"
        ? "A reserved address of the region, at port 80."
        : "A reserved address of its own, at port 80, and 443 by HTTPS. It is known before anything answers there."}
    </p>
  );
}

function PortField() {
  const { form, change, at } = useFormTools();
  return (
    <TextField
      label="Port"
      optional
      inputMode="numeric"
      placeholder="a free one"
      hint="The endpoint keeps its port for as long as it lives."
      value={form.port}
      onChange={(event) => change({ port: event.target.value })}
      {...at("endpoint.port")}
    />
  );
}

const gatewayPrefix = "gateway ";

/** A cluster's address comes from a Service, or from a Gateway of a class that it has. */
function ReachField() {
  const { form, change, at, place, refused } = useFormTools();
  const { gatewayClass } = form;
  const service = form.serviceType || usualServiceType(place);
  const offered = place.offers?.gatewayClasses ?? [];
  // One that was chosen stays in sight, whatever the cluster has now.
  const classes = gatewayClass && !offered.includes(gatewayClass) ? [gatewayClass, ...offered] : offered;
  const choose = (value: string) =>
    change(
      value.startsWith(gatewayPrefix)
        ? { gatewayClass: value.slice(gatewayPrefix.length) }
        : { gatewayClass: "", serviceType: value as FormState["serviceType"] },
    );
  return (
    <div className="min-w-0">
      <SelectField
        label="Reached by"
        value={gatewayClass ? `${gatewayPrefix}${gatewayClass}` : service}
        hint={reachHint(gatewayClass ? "Gateway" : service, place.offers)}
        onChange={(event) => choose(event.target.value)}
        {...at("endpoint.gatewayClass", "endpoint.serviceType", "endpoint.port")}
      >
        <option value="LoadBalancer">Service of type LoadBalancer</option>
        <option value="NodePort">Service of type NodePort</option>
        {classes.map((name) => (
          <option key={name} value={`${gatewayPrefix}${name}`} disabled={form.layer === "4"}>
            Gateway of class {name}
            {form.layer === "4" ? " (layer 7 only)" : ""}
          </option>
        ))}
        {classes.length === 0 && <option disabled>Gateway: none can be used</option>}
      </SelectField>
      <MovedNote>{movedWords(form.moved.gatewayClass, gatewayClass)}</MovedNote>
      {refused.gatewayClass && classes.length === 0 && (
        <p className="mt-1 text-small text-faint">{refused.gatewayClass}</p>
      )}
    </div>
  );
}

function reachHint(by: "Gateway" | "LoadBalancer" | "NodePort", offers: ClusterOffers | null): string {
  switch (by) {
    case "Gateway":
      return "The Gateway’s address, at port 80, or 443 by HTTPS.";
    case "LoadBalancer":
      return offers?.loadBalancers
        ? "An address of its own, at port 80, or 443 by HTTPS."
        : "An address of its own, if the cluster gives one: none was seen there yet.";
    case "NodePort":
      return `${offers?.publicHost ?? "A node’s own address"}, at a port that the cluster chooses.`;
  }
}

/** What brings the traffic follows from what is chosen; this says what, and why. */
function LoadBalancerLine() {
  const { form, place } = useFormTools();
  return (
    <p role="status" className="flex items-start gap-2 rounded-md border bg-ground px-3 py-2">
      <Network aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
      <span className="min-w-0">
        <span className="font-medium">Load balancer</span>{" "}
        <span className="text-muted">
          {loadBalancerSentence({
            target: place.kind,
            routing: toRouting(form),
            endpoint: {
              access: form.access,
              gatewayClass: form.gatewayClass || null,
              serviceType: form.serviceType || usualServiceType(place),
            },
            variants: form.variants.map(({ weight }) => ({ weight: Number(weight) })),
          })}
        </span>
      </span>
    </p>
  );
}

/** The section in a line, while it is closed. */
export function endpointWords(form: FormState, place: Place): string {
  const protocol = form.tlsMode === "none" ? [] : [tlsWords[form.tlsMode]];
  const access = form.access === "open" ? "open to all" : "private";
  const unsafe = sendsKeysInClear(form, place) ? ["keys without HTTPS"] : [];
  return [access, whereWords(form, place), ...protocol, ...unsafe].join(", ");
}

function whereWords(form: FormState, place: Place): string {
  if (place.kind === "gke") return "a reserved address";
  if (place.kind === "local") return form.port ? `port ${form.port}` : "a free port";
  if (form.gatewayClass) return `Gateway of class ${form.gatewayClass}`;
  return `Service of type ${form.serviceType || usualServiceType(place)}`;
}
