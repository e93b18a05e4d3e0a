/** What was typed, as a number: nothing is none, and what can't be read as one is NaN, which the schema refuses. */
export function toNumber(text: string): number | undefined {
  return text.trim() === "" ? undefined : Number(text);
}
