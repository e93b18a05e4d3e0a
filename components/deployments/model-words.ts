/** Models in a few words: the first, and how many more. */
export function modelWords(models: readonly string[]): string {
  const [first, ...more] = new Set(models);
  if (first === undefined) return "no model";
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}
