import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** The longest path that a unix socket may have is 107 bytes on Linux; some room is left. */
const longest = 100;

/**
 * Where the local runtime listens: in the data folder, or, if that path is too long for a socket, in a short
 * folder of the system's temporary one, named by the data folder's hash. Whoever listens makes the folder (0700).
 */
export function runtimeSocketPath(home: string): string {
  const direct = path.join(home, "runtime", "runtime.sock");
  if (Buffer.byteLength(direct) <= longest) return direct;
  const hash = createHash("sha256").update(home).digest("hex").slice(0, 16);
  return path.join(tmpdir(), `sluice-${hash}`, "runtime.sock");
}

/**
 * Looks whether the folder of a socket is this user's alone, before anything is sent there: in the system's
 * temporary folder anybody can make one of that name first, and answer in the runtime's place.
 *
 * @returns null, also if there is no such folder yet; else what is wrong and what to do
 */
export function strangersFolder(socketPath: string): string | null {
  const folder = path.dirname(socketPath);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) return null;
  const isOurs = found.isDirectory() && found.uid === process.getuid?.();
  if (isOurs && (found.mode & 0o077) === 0) return null;
  const what = isOurs ? "is open to other users" : "isn't a folder of the user that runs Sluice";
  return `${folder}, where the local runtime listens, ${what}. Remove it and restart Sluice, or set a shorter SLUICE_HOME.`;
}
