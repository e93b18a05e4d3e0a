import { isHidden } from "#lib/targets/secret-input.ts";
import { readQuantity } from "#lib/targets/kubernetes/quantity.ts";

/** More than these of one object say no more to a person. */
const mostNamed = 4;
const longestValue = 60;

/**
 * What of an object isn't as it was declared, in words; null: all is. Only what was declared is looked at: whatever
 * the API server fills in and controllers write (a status, an autoscaler's replicas, annotations of a rollout, a
 * container put in beside ours) isn't drift. Values that are kept from sight aren't compared here.
 */
export function declaredDrift(declared: unknown, live: unknown): string | null {
  const found = differences(declared, live, "");
  if (found.length === 0) return null;
  const named = found.slice(0, mostNamed).join("; ");
  return found.length > mostNamed ? `${named}; and ${found.length - mostNamed} more` : named;
}

function differences(declared: unknown, live: unknown, at: string): string[] {
  if (isEmpty(declared) || isHidden(declared) || isHidden(live)) return [];
  if (isObject(declared)) {
    if (!isObject(live)) return [`${at} is gone`];
    return Object.entries(declared).flatMap(([name, value]) =>
      differences(value, live[name], at === "" ? name : `${at}.${name}`),
    );
  }
  if (Array.isArray(declared)) return listDifferences(declared, live, at);
  if (isSame(declared, live)) return [];
  return [isEmpty(live) ? `${at} is gone` : `${at} is ${shown(live)} instead of ${shown(declared)}`];
}

/** Items with a name are found by it, since others may have been put between them; the rest by their place. */
function listDifferences(declared: unknown[], live: unknown, at: string): string[] {
  if (!Array.isArray(live)) return [`${at} is gone`];
  return declared.flatMap((item, index) => {
    const name = nameOf(item);
    if (name === null) return differences(item, live[index], `${at}[${index}]`);
    const found: unknown = live.find((one) => nameOf(one) === name);
    return found === undefined ? [`${at}[${name}] is gone`] : differences(item, found, `${at}[${name}]`);
  });
}

function nameOf(item: unknown): string | null {
  return isObject(item) && typeof item.name === "string" ? item.name : null;
}

/** The API server writes numbers and quantities in its own way: `1000m` as `1`. */
function isSame(declared: unknown, live: unknown): boolean {
  if (declared === live || String(declared) === String(live)) return true;
  const wanted = readQuantity(declared);
  return wanted !== 0 && wanted === readQuantity(live);
}

/** What says nothing is left out by the API server. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
