/** The same wherever it is found: while the form is filled in, and when it is sent. */
export function nameTaken(name: string): string {
  return `The name "${name}" is taken by a deployment that exists. Choose another.`;
}
