/** Shorter ones (an empty value, a bracket on a line of its own) would blot out half of every text. */
const shortestSecret = 4;

/**
 * A function that puts `[secret]` in the place of each of these texts, the longest first. Also in the place of each
 * of its lines, for logs are read by lines, and of what JSON makes of it. Mask before cutting: half a secret isn't
 * found.
 */
export function secretMask(secrets: string[]): (text: string) => string {
  const found = new Set(secrets.flatMap(formsOf).filter((form) => form.length >= shortestSecret));
  const forms = [...found].sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, "[secret]"), text);
}

function formsOf(secret: string): string[] {
  const parts = [secret, ...secret.split(/\r\n|\r|\n/)];
  return [...parts, ...parts.map((part) => part.trim())].flatMap((part) => {
    const inJson = JSON.stringify(part).slice(1, -1);
    // What a program that logs JSON puts into JSON once more.
    return [part, inJson, JSON.stringify(inJson).slice(1, -1)];
  });
}
