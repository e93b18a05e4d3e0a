import type { TokenSource } from "#infra/google/mint-token.ts";
import { secretMask } from "#lib/operations/mask-secrets.ts";

/**
 * The tokens that a runner asked for itself. Its worker masks what it gave the runner, and can't know these: a plugin that
 * tells its inputs in an error would tell one of them.
 */
export class MintedTokens {
  readonly #values = new Set<string>();

  /** The same source, whose tokens are known from now on. */
  of(source: TokenSource): TokenSource {
    return {
      ...source,
      token: async (signal) => {
        const token = await source.token(signal);
        this.#values.add(token.value);
        return token;
      },
    };
  }

  /** What is told, without any of them. They have no character that JSON writes in another way. */
  mask<T>(told: T): T {
    if (this.#values.size === 0) return told;
    return JSON.parse(secretMask([...this.#values])(JSON.stringify(told))) as T;
  }
}
