// The engine wraps what is secret in an object with this key and value. A plugin that takes secrets must hand them
// back wrapped.
const key = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

function isWrapped(value: unknown): value is { value: unknown } {
  return (
    typeof value === "object" && value !== null && (value as Record<string, unknown>)[key] === secretMark
  );
}

/** The value itself, at every depth. */
export function opened(value: unknown): unknown {
  if (isWrapped(value)) return opened(value.value);
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, opened(item)]));
}

function hasSecret(value: unknown): boolean {
  if (isWrapped(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

/**
 * An object's fields, those wrapped whose input holds a secret.
 *
 * @param always fields that are secret whatever their inputs
 */
export function wrappedLike(
  inputs: Record<string, unknown>,
  fields: Record<string, unknown>,
  always: readonly string[] = [],
): Record<string, unknown> {
  const isSecret = (name: string) => hasSecret(inputs[name]) || always.includes(name);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      isSecret(name) ? { [key]: secretMark, value } : value,
    ]),
  );
}
