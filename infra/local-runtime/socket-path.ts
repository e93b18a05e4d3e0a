import { createHash } from "node:crypto";
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
