import { EngineError } from "#infra/engine/driver.ts";
import { GoogleError } from "#infra/google/google-error.ts";
import { explainGoogle } from "#infra/targets/gke/explain-google.ts";

/**
 * What a failure of Google's plugin was about. It tells Google's words alone, in those of the Terraform provider that it
 * is made of: `googleapi: Error 403: …, quotaExceeded`, or `Error waiting for creating GKE NodePool: …`.
 *
 * @returns the error as it came where they say nothing that is known here
 */
export function explainPlugin(error: EngineError, project: string): EngineError {
  if (error.code !== "engine_failed") return error;
  const text = error.logLines.join("\n");
  const said = saidByGoogle(text);
  const [, of, why] =
    /Error waiting for (?:creating|updating) GKE (NodePool|cluster)\s*[^:\n]*:\s*(.+)/i.exec(text) ?? [];
  const found =
    shortOf(text, error) ??
    (of && why ? nodesFailed(of, why, error) : null) ??
    (said ? refusalOf(said, project) : null) ??
    stepFailed(text, error);
  return found ?? error;
}

/** Google's answer to a request of the plugin's. */
function saidByGoogle(text: string): GoogleError | null {
  const [, status, said = ""] =
    /googleapi: (?:got HTTP response code|Error) (\d{3}):?\s*([^\n]*)/.exec(text) ?? [];
  if (!status) return refusedToUs(text);
  const [, message = said, reason = ""] = /^(.*?)(?:, ([A-Za-z]+))?$/.exec(said.trim()) ?? [];
  const [service] = /\b[a-z]+\.googleapis\.com\b/.exec(text) ?? [];
  const [activationUrl] = /https:\/\/console\.\S+?(?=[\s,]|$)/.exec(message) ?? [];
  const isDisabled = reason === "accessNotConfigured" || /SERVICE_DISABLED/.test(text);
  const info =
    isDisabled && service
      ? { reason: "SERVICE_DISABLED", metadata: { service, ...(activationUrl && { activationUrl }) } }
      : null;
  return new GoogleError(Number(status), reason, message, info);
}

/**
 * A right that was lacked by the program or one of its hooks, which ask by themselves, or in the cluster, whose API server
 * asks Google: of their errors the text alone is told.
 */
function refusedToUs(text: string): GoogleError | null {
  const [said] =
    /Required ['"][\w.]+['"] permission[^\n]*|requires one of \["[\w.]+"\] permission/.exec(text) ?? [];
  return said === undefined ? null : new GoogleError(403, "forbidden", said, null);
}

function refusalOf(said: GoogleError, project: string): EngineError | null {
  const { status, message } = said;
  if (status === 409 && /already exists|alreadyExists/i.test(`${message} ${said.reason}`))
    return new EngineError(
      "name_taken",
      `Something with this name was there meanwhile: ${message} Retry: what is ours is taken over, and what isn't is named.`,
      [],
      said,
    );
  const found = explainGoogle(said, project);
  return found instanceof EngineError ? found : null;
}

/** A quota, or machines that Google has none of just now. */
function shortOf(text: string, error: EngineError): EngineError | null {
  const line = (pattern: RegExp) => text.split("\n").find((one) => pattern.test(one));
  const quota = line(
    /quota ['"]?[\w-]+['"]? exceeded|quotaExceeded|QUOTA_EXCEEDED|Insufficient regional quota/i,
  );
  if (quota)
    return new EngineError(
      "quota_exceeded",
      `The project may not have so much: ${plain(quota)} Have Google asked for more, tear down what isn't used, or choose less; then retry.`,
      error.logLines,
      error,
    );
  const stockout = line(/ZONE_RESOURCE_POOL_EXHAUSTED|does not have enough resources|GCE_STOCKOUT|stockout/i);
  return stockout
    ? new EngineError(
        "not_offered",
        `Google has no such machine free there just now: ${plain(stockout)} Retry later, or choose another machine type.`,
        error.logLines,
        error,
      )
    : null;
}

function nodesFailed(of: string, why: string, error: EngineError): EngineError {
  const what = of.toLowerCase() === "nodepool" ? "the nodes" : "the cluster";
  return new EngineError(
    "nodes_failed",
    `Google couldn't make ${what}: ${plain(why)} A retry makes them anew; choose another machine type if it stays.`,
    error.logLines,
    error,
  );
}

/** Google took the request, and what it began to do then went wrong. */
function stepFailed(text: string, error: EngineError): EngineError | null {
  const [, step, why] = /Error waiting (?:to|for) ([^:\n]+):\s*([^\n]+)/i.exec(text) ?? [];
  if (!step || !why) return null;
  const message = `A step failed at Google (${step}): ${plain(why)} A retry goes on from there.`;
  return new EngineError("engine_failed", message, error.logLines, error);
}

/** The line without what leads to it, as a sentence. */
function plain(line: string): string {
  const said = line
    .replace(/^[\s*]+/, "")
    .replace(/^.*?googleapi: Error \d+: /, "")
    .replace(/^Error waiting [^:]*: /, "")
    .replace(/, [A-Za-z]+$/, "")
    .trim();
  return /[.!?]$/.test(said) ? said : `${said}.`;
}
