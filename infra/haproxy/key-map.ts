import { probeLabel } from "#infra/haproxy/log-format.ts";
import type { Db } from "#lib/db.ts";

/** SHA-256 of a key, lower-case hex → its label: who opens one endpoint. */
export type Keys = ReadonlyMap<string, string>;

type Row = { deployment_id: string; hash: string; label: string };

/**
 * Which keys open which endpoint now: each endpoint's own that aren't revoked, and its owner's API keys.
 *
 * @returns keys for each of the ids, none where there are none
 */
export async function readKeys(db: Db, deploymentIds: string[], now: Date): Promise<Map<string, Keys>> {
  const rows = await db.$queryRaw<Row[]>`
    select k.deployment_id, k.hash, case k.purpose when 'probe' then ${probeLabel} else 'key' end as label
    from endpoint_key k
    where k.deployment_id = any(${deploymentIds}) and k.revoked_at is null
    union
    select d.id, a.hash, 'owner'
    from deployment d
      join "user" u on u.id = d.owner_id and u.disabled_at is null
      join api_key a on a.user_id = u.id
    where d.id = any(${deploymentIds}) and a.revoked_at is null and (a.expires_at is null or a.expires_at > ${now})`;
  const found = new Map(deploymentIds.map((id) => [id, new Map<string, string>()]));
  for (const { deployment_id, hash, label } of rows) found.get(deployment_id)?.set(hash, label);
  return found;
}

/** A map file, one key a line; the same keys give the same text. */
export function keyMapText(keys: Keys): string {
  return [...keys]
    .map(([hash, label]) => `${hash} ${label}\n`)
    .sort()
    .join("");
}

/** What `keyMapText` wrote. */
export function parseKeyMap(text: string): Keys {
  const entries = text.split("\n").flatMap((line): [string, string][] => {
    const [hash, label] = line.split(" ");
    return hash && label ? [[hash, label]] : [];
  });
  return new Map(entries);
}

/** A map as `show map` tells it: `0x55d0c1f2 KEY VALUE` a line. `null` if HAProxy has no such map. */
export function parseShownMap(text: string): Keys | null {
  if (text.startsWith("Unknown map")) return null;
  const entries = text.split("\n").flatMap((line): [string, string][] => {
    const [, key, value] = line.split(" ");
    return key ? [[key, value ?? ""]] : [];
  });
  return new Map(entries);
}

/**
 * What HAProxy has to be told, so that a map in its memory becomes what it should be. What is to go goes first.
 *
 * @param file names the map
 */
export function keyMapCommands(file: string, known: Keys, wanted: Keys): string[] {
  const gone = [...known.keys()].filter((hash) => !wanted.has(hash));
  const changed = [...wanted].filter(([hash, label]) => known.has(hash) && known.get(hash) !== label);
  const added = [...wanted].filter(([hash]) => !known.has(hash));
  return [
    ...gone.map((hash) => `del map ${file} ${hash}`),
    ...changed.map(([hash, label]) => `set map ${file} ${hash} ${label}`),
    ...added.map(([hash, label]) => `add map ${file} ${hash} ${label}`),
  ];
}
