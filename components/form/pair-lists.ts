/** The same thing in two lists; one of the two is absent where it came or went. `at` is its place in the first list,
 * or in the second where only that has it. */
export type Pair<T> = { before?: T; after?: T; at: number };

/**
 * Pairs what has the same key, wherever it stands. What is left over at the same place in both was given another key.
 *
 * @returns those of the first list in its order, then what came
 */
export function pairByKey<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => unknown,
): Pair<T>[] {
  const inOther = (item: T, other: readonly T[]) => other.some((one) => keyOf(one) === keyOf(item));
  const renamed = (at: number) => {
    const [one, other] = [before[at], after[at]];
    const isRenamed =
      one !== undefined && other !== undefined && !inOther(one, after) && !inOther(other, before);
    return isRenamed ? other : undefined;
  };
  const kept = before.map((item, at) => ({
    before: item,
    after: after.find((one) => keyOf(one) === keyOf(item)) ?? renamed(at),
    at,
  }));
  const came = after
    .map((item, at) => ({ after: item, at }))
    .filter((pair) => !inOther(pair.after, before) && renamed(pair.at) === undefined);
  return [...kept, ...came];
}

/**
 * Pairs two lists whose order counts and whose items have no name: the longest run of equal ones, in order, stays as
 * it is; of what lies between two of those, the first was changed to the first, and so on.
 */
export function pairInOrder<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): Pair<T>[] {
  const one = before.map(keyOf);
  const other = after.map(keyOf);
  const longest = commonLengths(one, other);
  const pairs: Pair<T>[] = [];
  let [from, to] = [0, 0];
  const between = (untilFrom: number, untilTo: number) => {
    while (from < untilFrom && to < untilTo)
      pairs.push({ before: before[from], after: after[to++], at: from++ });
    while (from < untilFrom) pairs.push({ before: before[from], at: from++ });
    while (to < untilTo) pairs.push({ after: after[to], at: to++ });
  };
  let [i, j] = [0, 0];
  while (i < one.length && j < other.length) {
    if (one[i] === other[j]) {
      between(i, j);
      pairs.push({ before: before[from], after: after[to++], at: from++ });
      [i, j] = [i + 1, j + 1];
    } else if (longest[i + 1]![j]! >= longest[i]![j + 1]!) i++;
    else j++;
  }
  between(one.length, other.length);
  return pairs;
}

/** How many are equal, in order, from each place of both lists on. */
function commonLengths(one: readonly string[], other: readonly string[]): number[][] {
  const lengths = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
  for (let i = one.length - 1; i >= 0; i--)
    for (let j = other.length - 1; j >= 0; j--)
      lengths[i]![j] =
        one[i] === other[j]
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  return lengths;
}
