import { overlaps, parseCidr, type Range } from "#e2e/cloud/google/compute/cidr.ts";
import { invalidValue } from "#e2e/cloud/google/google-error.ts";
import { numberAt, objectsAt, stringAt, stringsAt, type JsonObject } from "#e2e/cloud/google/json.ts";

/**
 * A subnetwork's ranges mustn't meet those of another one in the same network.
 *
 * @param others the network's other subnetworks
 * @throws GoogleError 400
 */
export function checkSubnetwork(body: JsonObject, others: JsonObject[]): void {
  if (stringAt(body, "network") === "") throw invalidValue("resource.network", "", "Required.");
  const taken = others.flatMap((other) => rangesOf(other, "other"));
  const own: Range[] = [];
  for (const { text, range, at } of rangesOf(body, "resource")) {
    if (!range) throw invalidValue(at, text, "Must be a CIDR address range.");
    const clash = taken.find((each) => each.range && overlaps(each.range, range));
    if (clash) {
      throw invalidValue(
        at,
        text,
        `Invalid IPCidrRange: ${text} conflicts with existing subnetwork's ${clash.text}.`,
      );
    }
    if (own.some((each) => overlaps(each, range))) throw invalidValue(at, text, "The ranges overlap.");
    own.push(range);
  }
  const names = objectsAt(body, "secondaryIpRanges").map((each) => stringAt(each, "rangeName"));
  if (new Set(names).size < names.length) {
    throw invalidValue(
      "resource.secondaryIpRanges",
      names,
      "Each rangeName must be unique within the subnetwork.",
    );
  }
}

function rangesOf(subnetwork: JsonObject, at: string) {
  const all = [
    { text: stringAt(subnetwork, "ipCidrRange"), at: `${at}.ipCidrRange` },
    ...objectsAt(subnetwork, "secondaryIpRanges").map((each, index) => ({
      text: stringAt(each, "ipCidrRange"),
      at: `${at}.secondaryIpRanges[${index}].ipCidrRange`,
    })),
  ];
  return all.map((each) => ({ ...each, range: parseCidr(each.text) }));
}

/** @throws GoogleError 400 */
export function checkFirewall(body: JsonObject): void {
  const rules = ["allowed", "denied"].filter((field) => objectsAt(body, field).length > 0);
  if (rules.length !== 1)
    throw invalidValue("resource", stringAt(body, "name"), "Either allowed or denied must be set.");
  for (const field of ["sourceRanges", "destinationRanges"]) {
    for (const range of stringsAt(body, field)) {
      if (!parseCidr(range) && !range.includes(":")) {
        throw invalidValue(`resource.${field}`, range, "Must be a CIDR address range.");
      }
    }
  }
  for (const [index, rule] of objectsAt(body, rules[0]!).entries()) {
    const at = `resource.${rules[0]}[${index}]`;
    if (stringAt(rule, "IPProtocol") === "") throw invalidValue(`${at}.IPProtocol`, "", "Required.");
    for (const port of stringsAt(rule, "ports")) checkPorts(port, `${at}.ports`);
  }
  const priority = numberAt(body, "priority") ?? 1000;
  if (priority < 0 || priority > 65_535) {
    throw invalidValue("resource.priority", priority, "Must be from 0 to 65535.");
  }
}

export function checkPorts(text: string, at: string): void {
  const [, from = "", to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (from === "" || Number(to) > 65_535 || Number(from) > Number(to)) {
    throw invalidValue(at, text, "Ports must be an integer or a range, such as 80-443.");
  }
}

/** Each type of health check has its own block. */
const blocks: Record<string, string> = {
  HTTP: "httpHealthCheck",
  HTTPS: "httpsHealthCheck",
  HTTP2: "http2HealthCheck",
  TCP: "tcpHealthCheck",
  SSL: "sslHealthCheck",
  GRPC: "grpcHealthCheck",
};

/** @throws GoogleError 400 */
export function checkHealthCheck(body: JsonObject): void {
  const type = stringAt(body, "type");
  const wanted = blocks[type];
  if (!wanted)
    throw invalidValue("resource.type", type, "The model knows HTTP, HTTPS, HTTP2, TCP, SSL and GRPC.");
  const foreign = Object.values(blocks).find((block) => block !== wanted && body[block] !== undefined);
  if (foreign)
    throw invalidValue(`resource.${foreign}`, body[foreign], `It doesn't belong to the type ${type}.`);
  const interval = numberAt(body, "checkIntervalSec") ?? 5;
  const timeout = numberAt(body, "timeoutSec") ?? 5;
  if (timeout > interval) {
    throw invalidValue(
      "resource.timeoutSec",
      timeout,
      "It is invalid for timeoutSec to have greater value than checkIntervalSec.",
    );
  }
  for (const field of ["healthyThreshold", "unhealthyThreshold"]) {
    const value = numberAt(body, field) ?? 2;
    if (value < 1 || value > 10) throw invalidValue(`resource.${field}`, value, "Must be from 1 to 10.");
  }
}
