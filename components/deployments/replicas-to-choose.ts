/**
 * The replicas whose lines can be read alone: those that wrote some. The chosen one stays among them when its lines made
 * room for newer ones, so that there is a way back to the others.
 *
 * @param chosen a replica's id; empty for all
 * @returns the ids, sorted; none where there is nothing to choose from
 */
export function replicasToChoose(lines: readonly { replicaId: string }[], chosen: string): string[] {
  const ids = new Set(lines.map(({ replicaId }) => replicaId));
  if (chosen !== "") ids.add(chosen);
  return ids.size > 1 || chosen !== "" ? [...ids].sort() : [];
}
