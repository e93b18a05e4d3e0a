import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export type Lock = { release(): Promise<void> };

/**
 * Takes a lock that the kernel gives back when its holder ends, however it ends: a socket in Linux's abstract
 * namespace (unix(7)), so there is no file to go stale and no pid to be mistaken for another.
 *
 * @param name what is locked, machine-wide: an absolute path, say
 * @returns null if another process holds it
 */
export async function tryLock(name: string): Promise<Lock | null> {
  const address = `\0sluice-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
  const server = createServer((socket) => socket.destroy());
  const taken = await new Promise<boolean>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error),
    );
    server.listen(address, () => resolve(true));
  });
  if (!taken) return null;
  // Holding a lock is no reason for a process to go on.
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Waits for a lock as long as it takes. @throws the signal's reason when it is aborted */
export async function waitForLock(name: string, signal?: AbortSignal): Promise<Lock> {
  for (;;) {
    signal?.throwIfAborted();
    const lock = await tryLock(name);
    if (lock) return lock;
    await sleep(250, undefined, { signal });
  }
}
