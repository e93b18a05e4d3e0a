import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "#lib/clock.ts";

const windowMs = 15 * 60_000;
const triesPerWindow = 10;
const mostBuckets = 50_000;

/**
 * Slows down guessing without a lock that a stranger could close on somebody: wrong passwords are counted
 * apart for each device that has signed in before (it holds a signed cookie) and for all unknown devices
 * together. So an attack uses up the tries of unknown devices alone, and whoever has none at hand signs in by
 * a one-time link, which isn't counted. (OWASP: "Slow Down Online Guessing Attacks with Device Cookies".)
 * Counts live in this process's memory; a client's address isn't used, since it can be made up.
 */
export class SignInThrottle {
  readonly #secret: string;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { since: number; tries: number }>();

  constructor(secret: string, clock: Clock) {
    this.#secret = secret;
    this.#clock = clock;
  }

  /** Counts a try. @returns seconds to wait, or 0 if the password may be checked */
  take(email: string, deviceCookie: string | undefined): number {
    const key = this.#bucketOf(email, deviceCookie);
    const now = this.#clock.now().getTime();
    const bucket = this.#buckets.get(key);
    if (!bucket || now - bucket.since >= windowMs) {
      this.#makeRoom(now);
      this.#buckets.set(key, { since: now, tries: 1 });
      return 0;
    }
    if (bucket.tries >= triesPerWindow) return Math.ceil((bucket.since + windowMs - now) / 1000);
    bucket.tries += 1;
    return 0;
  }

  /** Gives the tries back after a right password. @returns the cookie that makes this device a known one */
  succeed(email: string, deviceCookie: string | undefined): string {
    this.#buckets.delete(this.#bucketOf(email, deviceCookie));
    const nonce = randomBytes(12).toString("base64url");
    return `${nonce}.${this.#sign(email, nonce)}`;
  }

  #bucketOf(email: string, deviceCookie: string | undefined): string {
    const [nonce, signature] = deviceCookie?.split(".") ?? [];
    const known = nonce && signature && safeEqual(signature, this.#sign(email, nonce));
    return known ? `device ${nonce}` : `unknown ${email}`;
  }

  #sign(email: string, nonce: string): string {
    return createHmac("sha256", this.#secret).update(`device\0${email}\0${nonce}`).digest("base64url");
  }

  #makeRoom(now: number): void {
    if (this.#buckets.size < mostBuckets) return;
    for (const [key, bucket] of this.#buckets) if (now - bucket.since >= windowMs) this.#buckets.delete(key);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= mostBuckets && oldest !== undefined) this.#buckets.delete(oldest);
  }
}

function safeEqual(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
