import { once } from "node:events";
import { lstat, unlink } from "node:fs/promises";
import { connect, type Server } from "node:net";

/** Without a host: on every address, over IPv4 and IPv6 alike. */
export type Address = { socket: string } | { host: string | undefined; port: number };

/**
 * Where to listen: the unix socket SLUICE_SOCKET, else HOST:PORT (127.0.0.1:8080 by default). HOST is `*` in a
 * container, whose address may be of either version.
 *
 * @throws Error if PORT is no port
 */
export function addressFrom(env: Record<string, string | undefined>): Address {
  if (env.SLUICE_SOCKET) return { socket: env.SLUICE_SOCKET };
  const port = Number(env.PORT || 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT is not a port: ${env.PORT}`);
  return { host: env.HOST === "*" ? undefined : env.HOST || "127.0.0.1", port };
}

/**
 * Listens, after removing the socket that a killed process left behind.
 *
 * @throws Error if another process answers there, or if what is there is no socket
 */
export async function listen(server: Server, address: Address): Promise<void> {
  if ("socket" in address) {
    await removeStale(address.socket);
    server.listen(address.socket);
  } else {
    server.listen(address.port, address.host);
  }
  await once(server, "listening");
}

async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!found) return;
  if (!found.isSocket()) throw new Error(`${path} is there and is not a socket`);
  if (await answers(path)) throw new Error(`another process listens on ${path}`);
  await unlink(path);
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
