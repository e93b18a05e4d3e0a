import { EngineError } from "#infra/engine/driver.ts";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { GoogleError } from "#infra/google/google-error.ts";
import { findLeftovers, type Leftover } from "#infra/google/inventory.ts";
import { removalSteps } from "#infra/google/leftover-kinds.ts";
import { removeLeftover } from "#infra/google/remove-leftover.ts";
import { explainGoogle } from "#infra/targets/gke/explain-google.ts";
import type { Receipt } from "#lib/deployments/view.ts";
import { leftoverPriceInWords } from "#lib/targets/gke/leftover-price.ts";

type Whose = { project: string; deploymentId: string };

/**
 * What of a deployment is still in the project, with what it costs, for a receipt.
 *
 * @throws EngineError `target_unreachable`, `target_refused` or `api_disabled`: then it isn't known
 */
export async function gkeRemaining(
  api: GoogleApi,
  whose: Whose,
  signal?: AbortSignal,
): Promise<Receipt["remaining"]> {
  try {
    const left = await findLeftovers(api, { ...whose, signal });
    return left.map((one) => ({
      kind: "object",
      what: `${inWords(one)}: ${leftoverPriceInWords(one.usdPerHour)}`,
    }));
  } catch (error) {
    throw explainGoogle(error, whose.project);
  }
}

/** A cluster that is being made or deleted can't be deleted before that ends. */
const goneWithinMs = 30 * 60_000;
const pauseMs = 5_000;

/**
 * Removes all of a deployment that is still in the project, looked for anew. Nothing without its mark is touched.
 *
 * @throws EngineError `leftovers` with what stays and Google's words, once it has been tried for long enough; or as
 * `gkeRemaining`
 */
export async function removeLeftovers(
  api: GoogleApi,
  whose: Whose,
  signal: AbortSignal,
  withinMs = goneWithinMs,
): Promise<void> {
  try {
    let failures: Failure[] = [];
    for (let waited = 0; ; waited += pauseMs) {
      const left = await findLeftovers(api, { ...whose, signal });
      if (left.length === 0) return;
      const isHopeless = failures.some(({ error }) => !isPassing(error));
      if (isHopeless || waited > withinMs) throw stuck(left, failures);
      if (waited > 0) await api.pause(pauseMs, signal);
      failures = await removeInOrder(api, whose.project, left, signal);
    }
  } catch (error) {
    throw explainGoogle(error, whose.project);
  }
}

type Failure = { what: Leftover; error: GoogleError };

/** @returns what couldn't be removed; what it uses is tried anyway, since other things may have gone */
async function removeInOrder(
  api: GoogleApi,
  project: string,
  left: Leftover[],
  signal: AbortSignal,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const step of removalSteps) {
    const now = left.filter(({ kind }) => step.includes(kind));
    await Promise.all(
      now.map(async (what) => {
        try {
          await removeLeftover(api, project, what, signal);
        } catch (error) {
          if (!(error instanceof GoogleError)) throw error;
          failures.push({ what, error });
        }
      }),
    );
  }
  return failures;
}

/** It is in use or at work: later it can be removed. A right that is missing doesn't come by waiting. */
function isPassing({ status }: GoogleError): boolean {
  return [400, 409, 412, 429].includes(status) || status >= 500;
}

function stuck(left: Leftover[], failures: Failure[]): EngineError {
  const whyOf = ({ at }: Leftover) =>
    failures.find(({ what }) => what.at.path === at.path)?.error.message ?? "it is made anew by somebody";
  const named = left.map((one) => `${inWords(one)} (${whyOf(one)})`).join("; ");
  return new EngineError(
    "leftovers",
    `Not all could be removed from the Google project: ${named}. Have that mended, then tear down again.`,
  );
}

function inWords({ kind, name, place }: Leftover): string {
  return place === "everywhere" ? `${kind.title} ${name}` : `${kind.title} ${name} in ${place}`;
}
