import type { GoogleApi } from "#infra/google/api-client.ts";
import { GoogleError, GoogleUnreachable } from "#infra/google/google-error.ts";

/** As much of an operation as Compute Engine and Kubernetes Engine have in common, and what each has of its own. */
type Operation = {
  name: string;
  status: string;
  /** links, as Compute Engine has them */
  zone?: string;
  region?: string;
  /** Kubernetes Engine's */
  location?: string;
  statusMessage?: string;
  httpErrorStatusCode?: number;
  error?: { code?: number; message?: string; errors?: { code?: string; message?: string }[] };
};

const firstPauseMs = 200;
const longestPauseMs = 5_000;

/**
 * Waits until what a write began has ended: an operation of Compute Engine's (of the project, a region or a zone) or of
 * Kubernetes Engine's.
 *
 * @param begun the answer to the write
 * @throws GoogleError with the operation's own words if it ended in an error; GoogleUnreachable if it hasn't ended by then
 */
export async function waitForOperation(
  api: GoogleApi,
  options: {
    service: "compute" | "container";
    project: string;
    begun: unknown;
    signal?: AbortSignal;
    withinMs?: number;
  },
): Promise<void> {
  const { service, project, begun, signal, withinMs = 30 * 60_000 } = options;
  let operation = begun as Operation;
  const path = pathOf(service, project, operation);
  let waited = 0;
  for (let pause = firstPauseMs; operation.status !== "DONE"; pause = Math.min(pause * 1.5, longestPauseMs)) {
    if (waited > withinMs)
      throw new GoogleUnreachable(
        `Google hasn't ended what it was asked for within ${Math.round(withinMs / 60_000)} minutes.`,
      );
    await api.pause(pause, signal);
    waited += pause;
    operation = (await api.request({ service, path, signal })) as Operation;
  }
  const failure = failureOf(operation);
  if (failure) throw failure;
}

function pathOf(service: "compute" | "container", project: string, operation: Operation): string {
  const { name, zone, region, location } = operation;
  const last = (link: string) => link.split("/").at(-1) ?? "";
  if (service === "container")
    return `projects/${project}/locations/${location ?? last(zone ?? "")}/operations/${name}`;
  if (zone) return `projects/${project}/zones/${last(zone)}/operations/${name}`;
  if (region) return `projects/${project}/regions/${last(region)}/operations/${name}`;
  return `projects/${project}/global/operations/${name}`;
}

function failureOf({ error, httpErrorStatusCode, statusMessage }: Operation): GoogleError | null {
  const [first] = error?.errors ?? [];
  if (first) return new GoogleError(httpErrorStatusCode ?? 500, first.code ?? "", first.message ?? "");
  if (!error && !statusMessage) return null;
  return new GoogleError(500, String(error?.code ?? ""), error?.message ?? statusMessage ?? "");
}
