import type { GoogleApi } from "#infra/google/api-client.ts";
import { openApi } from "#infra/google/open-api.ts";
import type { OpenedProject } from "#lib/targets/open-target.ts";

/** Google's APIs for each registered project, so that all who ask about one share its tokens. */
export class OpenProjects {
  readonly #googleEndpoint: string | null;
  readonly #open = new Map<string, { credentials: string; api: Promise<GoogleApi> }>();

  /** @param googleEndpoint SLUICE_GOOGLE_ENDPOINT; null: Google's own */
  constructor(googleEndpoint: string | null) {
    this.#googleEndpoint = googleEndpoint;
  }

  /** @throws CredentialsError for what the worker's machine has, where that is asked for */
  async api(target: OpenedProject): Promise<GoogleApi> {
    const credentials = JSON.stringify(target.credentials);
    const known = this.#open.get(target.id);
    if (known?.credentials === credentials) return known.api;
    const api = openApi(target, this.#googleEndpoint);
    this.#open.set(target.id, { credentials, api });
    // Others' credentials may have come meanwhile.
    api.catch(() => {
      if (this.#open.get(target.id)?.api === api) this.#open.delete(target.id);
    });
    return api;
  }
}
