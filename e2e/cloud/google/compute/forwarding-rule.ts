import { checkPorts } from "#e2e/cloud/google/compute/check-network.ts";
import type { Draft, Kind } from "#e2e/cloud/google/compute/kinds.ts";
import { relativeOf } from "#e2e/cloud/google/compute/references.ts";
import { schemesOf, servicesOf, urlMapOf } from "#e2e/cloud/google/compute/services-of.ts";
import { invalidValue } from "#e2e/cloud/google/google-error.ts";
import { stringAt, stringsAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

export const forwardingRuleKind: Kind = {
  verbs: ["insert", "delete", "patch"],
  defaults: { loadBalancingScheme: "EXTERNAL", IPProtocol: "TCP", networkTier: "PREMIUM" },
  fixed: ["IPAddress", "portRange", "ports", "loadBalancingScheme", "IPProtocol"],
  setters: { setTarget: "target" },
  check(draft) {
    const { model, body, before } = draft;
    checkTarget(draft);
    if (before) return { refs: addressRefs(draft, stringAt(body, "IPAddress")) };
    const portRange = checkedPorts(draft);
    const given = stringAt(body, "IPAddress");
    const address = given === "" ? model.surroundings.nextAddress() : addressOf(draft, given);
    refuseTaken(draft, address, portRange);
    return {
      fill: { IPAddress: address, ...(portRange && { portRange }) },
      refs: addressRefs(draft, address),
    };
  },
};

/** What the rule leads to must be of its own load balancing scheme, all the way to the backends. */
function checkTarget({ model, project, key, body }: Draft): void {
  const scheme = stringAt(body, "loadBalancingScheme");
  const [target, service] = [stringAt(body, "target"), stringAt(body, "backendService")];
  if ((target === "") === (service === "")) {
    throw invalidValue("resource.target", target, "Exactly one of target or backendService must be set.");
  }
  if (key.includes("/global/") && service !== "") {
    throw invalidValue("resource.backendService", service, "A global forwarding rule needs a target proxy.");
  }
  const path = relativeOf(model, project, target || service);
  const found = path ? model.store.get(`compute/${path}`) : undefined;
  const services = service
    ? [`compute/${path}`]
    : servicesOf(model, (found && urlMapOf(model, found.body)?.body) ?? {});
  const other = schemesOf(model, services).find((each) => each !== scheme);
  if (other) {
    throw invalidValue(
      "resource.loadBalancingScheme",
      scheme,
      `The forwarding rule and its backend services must have the same loadBalancingScheme; a backend service has ${other}.`,
    );
  }
}

/** A proxy listens on one port, which Google writes as a range. */
function checkedPorts({ body }: Draft): string | null {
  const range = stringAt(body, "portRange");
  if (stringAt(body, "target").includes("/targetHttp")) {
    if (!/^(\d+)(-\1)?$/.test(range)) throw invalidValue("resource.portRange", range, "One port is needed.");
  }
  if (range !== "") checkPorts(range, "resource.portRange");
  for (const port of stringsAt(body, "ports")) checkPorts(port, "resource.ports");
  return range === "" ? null : range.includes("-") ? range : `${range}-${range}`;
}

const addressesOf = ({ model, key }: Draft): Stored[] =>
  model.store.list(`${key.split("/").slice(0, -2).join("/")}/addresses`);

/** @returns the number behind an address's number, URL or name */
function addressOf(draft: Draft, given: string): string {
  const path = relativeOf(draft.model, draft.project, given);
  const known = addressesOf(draft).find(
    ({ key, body }) => body.address === given || key === `compute/${path}` || body.name === given,
  );
  if (!known) {
    throw invalidValue(
      "resource.IPAddress",
      given,
      "Specified IP address is not found, or isn't reserved in this scope.",
    );
  }
  return stringAt(known.body, "address");
}

const addressRefs = (draft: Draft, address: string): string[] =>
  addressesOf(draft)
    .filter(({ body }) => body.address === address)
    .map(({ key }) => key);

function refuseTaken({ model, key, body }: Draft, address: string, portRange: string | null): void {
  const ports = (rule: JsonObject) => stringAt(rule, "portRange") || stringsAt(rule, "ports").join() || "all";
  const own = portRange ?? ports(body);
  const clash = model.store.all().find((each) => {
    if (!each.key.includes("/forwardingRules/") || each.key === key) return false;
    if (each.body.IPAddress !== address || each.body.IPProtocol !== body.IPProtocol) return false;
    return ports(each.body) === own || ports(each.body) === "all" || own === "all";
  });
  if (clash) {
    throw invalidValue(
      "resource.IPAddress",
      address,
      "Specified IP address is in-use and would result in a conflict.",
    );
  }
}
