import type { Minute } from "#infra/clusters/google-figures/read-monitoring.ts";
import type { SampleCounts } from "#infra/traffic/count-requests.ts";
import { sampleMs } from "#infra/traffic/gauges.ts";

const minuteMs = 60_000;
const inMinute = minuteMs / sampleMs;

/**
 * Google's minutes as samples of five seconds: each minute's requests are spread over it evenly, for more isn't known. A
 * variant without a figure had no request in that minute.
 *
 * @param of.variantOf the variant behind a backend; null: it isn't counted
 */
export function samplesOf(
  minutes: Minute[],
  of: {
    deploymentId: string;
    variants: string[];
    variantOf(backend: string): string | null;
    from: number;
    to: number;
  },
): SampleCounts[] {
  const known = minutes.flatMap((minute) => {
    const variant = of.variantOf(minute.backend);
    return variant === null ? [] : [{ ...minute, variant }];
  });
  const samples: SampleCounts[] = [];
  for (let end = of.from + minuteMs; end <= of.to; end += minuteMs) {
    const here = known.filter((minute) => minute.end > end - minuteMs && minute.end <= end);
    for (const variant of new Set([...of.variants, ...here.map((minute) => minute.variant)])) {
      const found = here.find((minute) => minute.variant === variant);
      for (let step = 0; step < inMinute; step++)
        samples.push({ deploymentId: of.deploymentId, variant, ...sampleOf(found, end, step) });
    }
  }
  return samples;
}

function sampleOf(minute: Minute | undefined, end: number, step: number) {
  const share = (count = 0) =>
    Math.floor((count * (step + 1)) / inMinute) - Math.floor((count * step) / inMinute);
  const { requests = 0, callerErrors = 0, serverErrors = 0 } = minute ?? {};
  const [caller, server] = [share(callerErrors), share(serverErrors)];
  return {
    at: new Date(end - minuteMs + step * sampleMs),
    requests: share(requests - callerErrors - serverErrors) + caller + server,
    errors: caller + server,
    serverErrors: server,
    p50: minute?.p50 ?? null,
    p95: minute?.p95 ?? null,
  };
}
