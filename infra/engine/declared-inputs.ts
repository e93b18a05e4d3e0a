/** Where a plugin made of a Terraform provider notes which of a map's inputs it added, and nobody declared. */
const added = "__defaults";

/** The inputs of a resource in the engine's state, as the program declared them. */
export function declaredInputs(inputs: Record<string, unknown>): Record<string, unknown> {
  return declared(inputs) as Record<string, unknown>;
}

function declared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(declared);
  if (typeof value !== "object" || value === null) return value;
  const names = (value as Record<string, unknown>)[added];
  const others: unknown[] = Array.isArray(names) ? names : [];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== added && !others.includes(name))
      .map(([name, item]) => [name, declared(item)]),
  );
}
