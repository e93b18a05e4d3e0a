import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { parse, stringify } from "yaml";
import { joinSockets } from "#e2e/cluster/portal/join-sockets.ts";

type Kubeconfig = { clusters: { cluster: { server: string; "tls-server-name"?: string } }[] };

/** Every API server's certificate is for this name too. */
const anyApiServer = "kubernetes.default.svc";

/** A way to an API server that can be cut, while the API server itself goes on. */
export class Relay implements AsyncDisposable {
  /** leads to the API server by this way */
  readonly kubeconfig: string;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #port: number;

  private constructor(kubeconfig: string, server: Server, sockets: Set<Socket>) {
    this.kubeconfig = kubeconfig;
    this.#server = server;
    this.#sockets = sockets;
    this.#port = (server.address() as AddressInfo).port;
  }

  /** @param kubeconfig with one cluster */
  static async open(kubeconfig: string): Promise<Relay> {
    const config = parse(kubeconfig) as Kubeconfig;
    const cluster = config.clusters[0]!.cluster;
    const { hostname, port } = new URL(cluster.server);
    const sockets = new Set<Socket>();
    const keep = (socket: Socket) => {
      sockets.add(socket.on("close", () => sockets.delete(socket)));
    };
    const server = createServer((near) => {
      const far = connect(Number(port || 443), hostname);
      keep(near);
      keep(far);
      joinSockets(near, far);
    });
    await listen(server, 0);
    cluster.server = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    cluster["tls-server-name"] ??= anyApiServer;
    return new Relay(stringify(config), server, sockets);
  }

  /** From now on nobody reaches the API server by this way. */
  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** The way is there again, at the same address. */
  mend(): Promise<void> {
    return listen(this.#server, this.#port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cut();
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}
