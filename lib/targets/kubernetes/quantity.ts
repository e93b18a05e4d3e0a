const factors: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A Kubernetes quantity such as `500m`, `1.5`, `2e3` or `256Mi` as a number: cores, bytes or pieces.
 *
 * @returns 0 for what isn't one
 */
export function readQuantity(text: unknown): number {
  const found = /^([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[+-]?\.\d+)([A-Za-z]{0,2})$/.exec(
    String(text ?? "").trim(),
  );
  const factor = found && factors[found[2] ?? ""];
  return factor ? Number(found[1]) * factor : 0;
}
