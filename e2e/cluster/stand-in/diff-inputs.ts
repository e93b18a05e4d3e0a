/** Fields that can't be changed in place, by the real plugin's own rules; `""` holds for every kind. */
const immovable: Record<string, string[]> = {
  "": ["metadata.name", "metadata.namespace"],
  Deployment: ["spec.selector"],
  Service: ["spec.clusterIP"],
  Secret: ["type"],
};

/** The paths at which two values differ, such as `spec.template`; lists are compared whole. */
export function diffInputs(
  kind: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): { diffs: string[]; replaces: string[] } {
  const diffs = differences(before, after, "");
  const fixed = [...(immovable[""] ?? []), ...(immovable[kind] ?? [])];
  const replaces = diffs.filter((path) =>
    fixed.some((field) => path === field || path.startsWith(`${field}.`)),
  );
  return { diffs, replaces };
}

function differences(before: unknown, after: unknown, at: string): string[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      differences(before[name], after[name], at === "" ? name : `${at}.${name}`),
    );
  }
  if (before === after || (before ?? null) === (after ?? null)) return [];
  return canonical(before) === canonical(after) ? [] : [at];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** Of what is, the part that was asked for: how far a live object still is what its inputs say. */
export function liveInputs(inputs: unknown, live: unknown): unknown {
  if (isObject(inputs) && isObject(live)) {
    return Object.fromEntries(
      Object.entries(inputs)
        .filter(([name]) => name in live)
        .map(([name, value]) => [name, liveInputs(value, live[name])]),
    );
  }
  if (Array.isArray(inputs) && Array.isArray(live)) {
    return live.map((item: unknown, index) =>
      index < inputs.length ? liveInputs(inputs[index], item) : item,
    );
  }
  return live;
}
