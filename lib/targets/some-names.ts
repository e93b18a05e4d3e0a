/** At most five names and how many more there are: `a, b and 3 more`. */
export function someNames(names: readonly string[]): string {
  const rest = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `${names.slice(0, 5).join(", ")}${rest}`;
}
