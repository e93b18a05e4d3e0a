import { runtimeSession } from "#infra/clusters/keys/runtime-session.ts";
import { keyMapCommands, parseShownMap, type Keys } from "#infra/haproxy/key-map.ts";
import type { Access } from "#infra/kubernetes/connect-options.ts";
import { portForward } from "#infra/kubernetes/port-forward.ts";
import { proxyPlaces } from "#lib/targets/kubernetes/settings.ts";

/** A pod that is well answers in a few milliseconds, and takes thousands of keys in a second. */
const boundMs = 15_000;
/** Commands that are on their way together: some 100 characters each. */
const atOnce = 500;

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
    const commands = known ? keyMapCommands(file, known, wanted) : [];
    for (let from = 0; from < commands.length; from += atOnce) {
      const some = commands.slice(from, from + atOnce);
      const answers = await session.askAll(some);
      const refused = some.find((_, index) => answers[index] !== "");
      if (refused) throw new Error(`HAProxy refused to "${refused.slice(0, 7)}" in pod ${pod.name}.`);
    }
  } finally {
    stream.destroy();
  }
}
