import pg from "pg";
import { changeChannel, type Change } from "#lib/changes/publish.ts";

export type Subscription = { close(): Promise<void> };

/**
 * Holds one listening connection of its own, and makes a new one when it is lost.
 *
 * @param handlers.onChange gets each hint
 * @param handlers.onLost is called when the connection is lost
 * @param handlers.onGap is called after a lost connection came back: hints may be missing, so read the rows again
 */
export function subscribe(
  databaseUrl: string,
  handlers: { onChange(change: Change): void; onGap(): void; onLost?(): void },
): Subscription {
  let closed = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let wasLost = false;

  const reconnectLater = () => {
    if (closed || timer) return;
    if (!wasLost) handlers.onLost?.();
    wasLost = true;
    timer = setTimeout(() => {
      timer = undefined;
      void connect();
    }, 500);
  };

  const connect = async () => {
    const next = new pg.Client({
      connectionString: databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    next.on("error", reconnectLater);
    next.on("end", reconnectLater);
    next.on("notification", (message) => {
      if (message.channel === changeChannel && message.payload) {
        handlers.onChange(JSON.parse(message.payload) as Change);
      }
    });
    try {
      await next.connect();
      await next.query(`listen ${changeChannel}`);
    } catch {
      reconnectLater();
      return;
    }
    if (closed) return void next.end();
    client = next;
    if (wasLost) handlers.onGap();
    wasLost = false;
  };

  void connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
