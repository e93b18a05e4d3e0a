import type { Socket } from "node:net";

/** What comes out of the one goes into the other, until either ends. */
export function joinSockets(near: Socket, far: Socket): void {
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.pipe(other);
    one.on("error", () => other.destroy());
  }
}
