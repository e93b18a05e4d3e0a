import type { JobTarget } from "#infra/runner/messages.ts";
import { clusterTexts } from "#infra/worker/cluster-texts.ts";
import type { WorkerCredentials } from "#lib/targets/gke/credentials.ts";

/** What of the way to a target must stand in no event and no message. */
export function targetTexts(target: JobTarget): string[] {
  switch (target.kind) {
    case "local":
      return [];
    case "kubernetes":
      return clusterTexts(target.kubeconfig);
    case "gke":
      return secretsIn(target.credentials).flatMap((text) => [text, escaped(text)]);
  }
}

function secretsIn(credentials: WorkerCredentials): string[] {
  switch (credentials.kind) {
    case "service_account":
      return [credentials.privateKey];
    case "authorized_user":
      return [credentials.clientSecret, credentials.refreshToken];
    case "metadata":
      return [];
  }
}

/** As it stands in a key file's text. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
