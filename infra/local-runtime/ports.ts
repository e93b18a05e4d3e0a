import { createServer } from "node:net";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Whether this address and port can be listened on: tried by doing so. */
export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The first port from `from` on that is free and not in `taken`; `null` if there is none. */
export async function firstFree(
  host: string,
  from: number,
  taken: ReadonlySet<number>,
): Promise<number | null> {
  for (let port = from; port <= 65_535; port++) {
    if (!taken.has(port) && (await isFree(host, port))) return port;
  }
  return null;
}

/** TCP ports that these processes listen on, read from the kernel's tables. */
export function listeningPorts(pids: number[]): Set<number> {
  const inodes = new Set(pids.flatMap(socketInodes));
  const ports = new Set<number>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readLines(table).slice(1)) {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      if (state === "0A" && inodes.has(inode))
        ports.add(parseInt(local.slice(local.lastIndexOf(":") + 1), 16));
    }
  }
  return ports;
}

function socketInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    // The process has ended.
    return [];
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").trim().split("\n");
  } catch {
    // No IPv6 on this machine.
    return [];
  }
}
