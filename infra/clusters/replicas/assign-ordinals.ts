/** Which pod a replica's row was of when it was last written. */
export type KnownPod = { ordinal: number; podUid: string | null };

/**
 * Numbers a variant's pods: a pod keeps the number that it has, and a new one gets the least that no pod has.
 *
 * @param known rows of this variant
 * @param uids of the pods that there are, the oldest first
 * @returns the ordinal of each uid, from 1
 */
export function assignOrdinals(known: KnownPod[], uids: string[]): Map<string, number> {
  const there = new Set(uids);
  const kept = known.flatMap(({ ordinal, podUid }) =>
    podUid !== null && there.has(podUid) ? [[podUid, ordinal] as const] : [],
  );
  const assigned = new Map(kept);
  const taken = new Set(assigned.values());
  let least = 1;
  for (const uid of uids) {
    if (assigned.has(uid)) continue;
    while (taken.has(least)) least++;
    taken.add(least);
    assigned.set(uid, least);
  }
  return assigned;
}
