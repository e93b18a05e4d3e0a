/** Shorter ones (an empty value, a port) would blot out half of every text. */
const shortestSecret = 6;

/** A function that puts `[secret]` in the place of each of these texts, the longest first. */
export function secretMask(secrets: string[]): (text: string) => string {
  const worthIt = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
  return (text) => worthIt.reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
}
