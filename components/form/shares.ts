/** Each weight's part in percent; what isn't a weight counts as none, and no weights at all share nothing. */
export function shares(weights: readonly number[]): number[] {
  const good = weights.map((weight) => (Number.isFinite(weight) && weight > 0 ? weight : 0));
  const sum = good.reduce((a, b) => a + b, 0);
  return good.map((weight) => (sum === 0 ? 0 : (weight / sum) * 100));
}
