/** How the engine marks a value that it keeps encrypted; the same in every version. */
const engineSecretKey = "4dabf18193072939515e22adb298388d";

const key = "$secret";

/** Stands in a plan for a value that must not be shown or stored: the program puts the value in its place. */
export function secretInput(name: string): Record<string, string> {
  return { [key]: name };
}

/** The name that `secretInput` was given, or null for any other value. */
export function secretName(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return null;
  const name = (value as Record<string, unknown>)[key];
  return typeof name === "string" ? name : null;
}

/** A value of a plan, or the engine's memory of one, that is kept from sight: two of them can't be compared. */
export function isHidden(value: unknown): boolean {
  return (
    secretName(value) !== null || (typeof value === "object" && value !== null && engineSecretKey in value)
  );
}
