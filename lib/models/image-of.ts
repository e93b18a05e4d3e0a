import type { Preset } from "#lib/models/catalogue.ts";
import packageJson from "../../package.json" with { type: "json" };

/** Where our own model servers listen in a container, as their Dockerfile says (infra/images). */
export const modelPort = 8080;

/**
 * The image of a model of the catalogue, as `npm run images -- PREFIX` names it: `PREFIX/sluice-sentiment:0.1.0`.
 *
 * @param imagePrefix a registry and a path in it, without a slash at its end; `null` where a target has none
 * @returns null where there is no such image: nowhere to look for it, or a model that we have no source of
 */
export function imageOf(
  { id, entry }: Pick<Preset, "id" | "entry">,
  imagePrefix: string | null,
): string | null {
  return entry !== null && imagePrefix ? `${imagePrefix}/sluice-${id}:${packageJson.version}` : null;
}
