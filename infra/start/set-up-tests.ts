import { buildPages, generateClient } from "#infra/start/prepare.ts";
import type { Terminal } from "#infra/start/terminal.ts";
import { obtainHaproxy } from "#infra/tools/obtain-haproxy.ts";
import { obtainPulumi } from "#infra/tools/obtain-pulumi.ts";
import type { Env } from "#lib/env.ts";

/** What the tests need besides packages. A tool that can't be had fails here, with the fix in its message. */
export async function setUpTests(env: Env, terminal: Terminal): Promise<void> {
  await generateClient(terminal);
  // Before the types are checked: the build writes the types of the routes, and may find older ones there.
  await buildPages(terminal, env.SLUICE_URL ? { SLUICE_URL: env.SLUICE_URL } : {});
  const signal = new AbortController().signal;
  for (const [name, obtain] of [
    ["HAProxy", obtainHaproxy],
    ["Pulumi", obtainPulumi],
  ] as const) {
    let said = "";
    // Of a long step, one line for each tenth.
    const onProgress = (step: string, fraction: number | null) => {
      const line = fraction === null ? step : `${step}: ${Math.floor(fraction * 10) * 10} %`;
      if (line !== said) terminal.say(`    ${(said = line)}`);
    };
    await terminal.step(`Obtaining ${name}`, `${name} ready`, () =>
      obtain({ cache: env.SLUICE_CACHE, searchPath: env.PATH, signal, onProgress }),
    );
  }
}
