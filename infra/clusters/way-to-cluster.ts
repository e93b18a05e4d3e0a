import type { GoogleApi } from "#infra/google/api-client.ts";
import type { Access } from "#infra/kubernetes/connect-options.ts";
import { readControlPlane } from "#infra/targets/gke/cluster-access.ts";

/** What Google said of a cluster so lately is so. */
const trustMs = 60_000;
/** One that wasn't there may have been made meanwhile. */
const absentMs = 5_000;

/**
 * The way to one cluster in a Google project. Where it is and who vouches for it is asked of Google, now and again,
 * since it may be made anew; a token is renewed when a connection needs one.
 */
export class WayToCluster {
  readonly #api: Pick<GoogleApi, "find" | "tokens">;
  readonly #link: string;
  #known: { access: Access | null; until: number } | null = null;

  /** @param link `projects/P/locations/L/clusters/C` */
  constructor(api: Pick<GoogleApi, "find" | "tokens">, link: string) {
    this.#api = api;
    this.#link = link;
  }

  /**
   * @returns the same object as long as it is the same way; null: there is no such cluster, or it has no address yet
   * @throws GoogleError, GoogleUnreachable, TokenError, and the signal's reason
   */
  async access(signal: AbortSignal): Promise<Access | null> {
    const known = this.#known;
    if (known && performance.now() < known.until) return known.access;
    const plane = await readControlPlane(this.#api, this.#link, signal);
    const isSame =
      plane !== null &&
      known?.access?.server === plane.server &&
      known.access.certificateAuthority === plane.certificateAuthority;
    const access = isSame ? known.access : plane && this.#accessTo(plane);
    this.#known = { access, until: performance.now() + (access ? trustMs : absentMs) };
    return access;
  }

  /** It wasn't reached as it was known: Google is asked again. */
  doubt(): void {
    if (this.#known) this.#known = { ...this.#known, until: 0 };
  }

  #accessTo(plane: Pick<Access, "server" | "certificateAuthority">): Access {
    const { tokens } = this.#api;
    return {
      ...plane,
      tlsServerName: null,
      credentials: {
        kind: "renewed",
        token: async (signal) => (await tokens.token(signal)).value,
        drop: (token) => tokens.drop(token),
      },
    };
  }
}
