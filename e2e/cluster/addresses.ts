import { createServer } from "node:net";

/**
 * The addresses inside the cluster's network namespace. The node's own one lies on the loopback interface: kubelet
 * refuses one of 127.0.0.0/8.
 */
export const addresses = {
  node: "10.89.0.1",
  pods: "10.88.0.0/24",
  services: "10.96.0.0/16",
} as const;

/** A port that nothing listens on, on any address. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
