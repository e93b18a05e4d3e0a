import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Cluster } from "#e2e/cluster/start-cluster.ts";

/**
 * Lets a check end the API server and bring it back: the cluster is of the process that began the run, and checks run
 * in others.
 *
 * @returns its address on loopback
 */
export async function serveSwitch({
  interruptApiServer,
}: Pick<Cluster, "interruptApiServer">): Promise<{ url: string; close(): Promise<void> }> {
  let back: (() => Promise<void>) | null = null;
  const turn = async (to: string | undefined) => {
    if (to === "/off") back ??= await interruptApiServer();
    if (to === "/on") {
      await back?.();
      back = null;
    }
  };
  const server = http.createServer((request, response) => {
    turn(request.url).then(
      () => response.end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Ends the API server as if it had died, or brings it back and waits until it answers. */
export async function turnApiServer(url: string, to: "on" | "off"): Promise<void> {
  const answer = await fetch(`${url}/${to}`, { method: "POST" });
  if (!answer.ok) throw new Error(`The API server wasn't turned ${to}: ${await answer.text()}`);
}
