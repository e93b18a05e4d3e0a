import { controlAt } from "#e2e/cloud/portal/control.ts";
import { startCloud } from "#e2e/cloud/portal/start-cloud.ts";
import { openPlace } from "#e2e/cluster/portal/open-place.ts";
import { startedPortal } from "../portal.ts";
import { median } from "../statistics.ts";
import { heading, row, say, seconds } from "../table.ts";
import { measureBatch, type Batch, type BatchTimes } from "./batch-times.ts";
import { registerProject } from "./register-project.ts";

// The part of `npm run bench` about Google Cloud, inside a network namespace (obtain.ts).

/** Odd numbers of rounds, so that a median is one of them; the largest batches take minutes each. */
const batches: (Batch & { rounds: number })[] = [
  { atOnce: 1, variants: 1, rounds: 5 },
  { atOnce: 2, variants: 1, rounds: 3 },
  { atOnce: 4, variants: 1, rounds: 1 },
  { atOnce: 8, variants: 1, rounds: 1 },
  { atOnce: 1, variants: 4, rounds: 3 },
  { atOnce: 1, variants: 8, rounds: 3 },
];
const most = Math.max(...batches.map(({ atOnce }) => atOnce));

/** No figure is wanted of its own: what is, is a ratio. */
const wanted = "≤ 1.10";

const undo: (() => Promise<void>)[] = [];
async function stop(): Promise<void> {
  for (let step = undo.pop(); step; step = undo.pop()) await step();
}
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => void stop().then(() => process.exit(1)));

try {
  say("Starting a cluster, the model and a portal …");
  const { place, close } = await openPlace(() => undefined);
  undo.push(close);
  const cloud = await startCloud(place.admin);
  undo.push(cloud.close);
  // As many at a time as are asked for, so that none waits for its turn.
  Object.assign(process.env, cloud.env, { SLUICE_START_SECONDS: "60", SLUICE_OPERATIONS: String(most) });
  const portal = await startedPortal();
  undo.push(portal.stop);
  const control = controlAt(cloud.control);
  await control.setLateness({ endpointsMs: 0, collectMs: 0 });
  const project = await registerProject(portal.api, control, place.imagePrefix);
  const image = place.own!.echoImages[0];
  heading();
  const on = { portal, project, image, googleEndpoint: cloud.env.SLUICE_GOOGLE_ENDPOINT };
  await measureBatch(on, { atOnce: 1, variants: 1 }); // warms both up
  for (const { rounds, ...batch } of batches) {
    const times: BatchTimes[] = [];
    for (let round = 0; round < rounds; round++) times.push(await measureBatch(on, batch));
    print(batch, times);
  }
} finally {
  await stop();
}
// Agents of the SDK's may keep a process alive.
process.exit(process.exitCode ?? 0);

function print({ atOnce, variants }: Batch, times: BatchTimes[]): void {
  const what = `${atOnce} at once, ${variants} variant${variants === 1 ? "" : "s"}`;
  for (const kind of ["apply", "destroy"] as const) {
    const of = times.map((time) => time[kind]);
    const [sluice, bare] = [
      median(of.map(({ portalMs }) => portalMs)),
      median(of.map(({ bareMs }) => bareMs)),
    ];
    const ratio = median(of.map(({ portalMs, bareMs }) => portalMs / bareMs));
    const title = kind === "apply" ? `apply, without the probe: ${what}` : `destroy: ${what}`;
    row(title, seconds(sluice), seconds(bare), ratio.toFixed(2), wanted);
    const overhead = median(of.map(({ portalMs, bareMs }) => portalMs - bareMs));
    row("  more than the reference", seconds(overhead));
    row("  the reference's engine alone", "", seconds(median(of.map(({ engineMs }) => engineMs))));
  }
  row("  of that the look for what is left", seconds(median(times.map(({ lookMs }) => lookMs))));
  row("  after apply, the probe: health, an answer", seconds(median(times.map(({ probeMs }) => probeMs))));
}
