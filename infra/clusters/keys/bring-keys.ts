import { runtimeSession } from "#infra/clusters/keys/runtime-session.ts";
import { keyMapCommands, parseShownMap, type Keys } from "#infra/haproxy/key-map.ts";
import type { Access } from "#infra/kubernetes/connect-options.ts";
import { portForward } from "#infra/kubernetes/port-forward.ts";
import { proxyPlaces } from "#lib/targets/kubernetes/settings.ts";

/** A pod that is well answers in a few milliseconds; thousands of keys take some seconds. */
const boundMs = 15_000;

/**
 * Brings the map of keys in the memory of one pod's HAProxy to what it should be, by what it holds and not by what
 * it was told. One that asks for no keys has no map, and is left alone.
 *
 * @throws ApiError, ApiUnreachable, or Error with what went wrong; the keys themselves are in none of them
 */
export async function bringKeys(
  access: Access,
  pod: { namespace: string; name: string },
  wanted: Keys,
  signal: AbortSignal,
): Promise<void> {
  const file = `${proxyPlaces.keys}/${proxyPlaces.keyFile}`;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(boundMs)]);
  const place = { namespace: pod.namespace, pod: pod.name, port: proxyPlaces.admin };
  const stream = await portForward(access, place, bounded);
  try {
    const session = await runtimeSession(stream);
    const known = parseShownMap(await session.ask(`show map ${file}`));
    for (const command of known ? keyMapCommands(file, known, wanted) : []) {
      if ((await session.ask(command)) !== "") {
        throw new Error(`HAProxy refused to "${command.slice(0, 7)}" in pod ${pod.name}.`);
      }
    }
  } finally {
    stream.destroy();
  }
}
