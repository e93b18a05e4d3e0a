import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { parse, stringify } from "yaml";

type Kubeconfig = { clusters: { cluster: { server: string; "tls-server-name"?: string } }[] };

/** Every API server's certificate is for this name too. */
const anyApiServer = "kubernetes.default.svc";

/** A way to an API server that can be cut, while the API server itself goes on. */
export class Relay implements AsyncDisposable {
  /** leads to the API server by this way */
  readonly kubeconfig: string;
  readonly #close: () => Promise<void>;

  private constructor(kubeconfig: string, close: () => Promise<void>) {
    this.kubeconfig = kubeconfig;
    this.#close = close;
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
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        keep(one);
        one.pipe(other);
        one.on("error", () => other.destroy());
      }
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    cluster.server = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    cluster["tls-server-name"] ??= anyApiServer;
    return new Relay(stringify(config), async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    });
  }

  /** From now on nobody reaches the API server by this way. */
  cut(): Promise<void> {
    return this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}
