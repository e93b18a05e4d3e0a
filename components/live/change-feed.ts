import type { Change } from "#lib/changes/publish.ts";

/** What reaches a page: a hint, "read everything again", how the connection is, or that nobody is signed in. */
export type FeedMessage =
  | { kind: "change"; change: Change }
  | { kind: "gap" }
  | { kind: "state"; state: FeedState }
  | { kind: "signed_out" };

/** `polling`: this browser can't share a stream between tabs, so pages read again by a timer. */
export type FeedState = "connecting" | "live" | "reconnecting" | "polling";

type Listener = (message: FeedMessage) => void;
type Wire = FeedMessage | { kind: "ask" };

export type Feed = { state(): FeedState; listen(listener: Listener): () => void; close(): void };

/** What the feed needs of a browser, so that a test can give it another. */
export type FeedBrowser = {
  locks: Pick<LockManager, "request"> | undefined;
  openChannel: () => Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;
  openStream: () => Pick<EventSource, "close" | "readyState"> & {
    onopen: (() => void) | null;
    onerror: (() => void) | null;
    addEventListener(name: string, listener: (event: { data: string }) => void): void;
  };
  isSignedOut: () => Promise<boolean>;
  setTimer: (run: () => void, ms: number) => () => void;
};

const RETRY_MS = 1_500;

/**
 * One stream of hints for all tabs of a browser: the tab that holds a Web Lock has it and tells the others by
 * BroadcastChannel. HTTP/1.1 allows six connections a host, so a stream per tab would block the seventh tab.
 * When that tab closes, the lock passes on and the next one opens the stream.
 */
export function openFeed(browser: FeedBrowser): Feed {
  const listeners = new Set<Listener>();
  let state: FeedState = browser.locks ? "connecting" : "polling";
  let closed = false;
  let leading = false;
  let stopLeading = () => {};

  const tellHere = (message: FeedMessage) => {
    if (message.kind === "state") {
      if (message.state === state) return;
      state = message.state;
    }
    for (const listener of [...listeners]) listener(message);
  };

  if (!browser.locks) return { state: () => state, listen: subscribeTo(listeners), close: () => {} };

  const channel = browser.openChannel();
  channel.onmessage = (event: MessageEvent<Wire>) => {
    const message = event.data;
    if (message.kind !== "ask") tellHere(message);
    else if (leading) channel.postMessage({ kind: "state", state });
  };
  const tellAll = (message: FeedMessage) => {
    channel.postMessage(message);
    tellHere(message);
  };

  const abort = new AbortController();
  browser.locks
    .request("sluice-changes", { signal: abort.signal }, async () => {
      if (closed) return;
      leading = true;
      const close = holdStream(browser, tellAll);
      await new Promise<void>((resolve) => {
        stopLeading = () => {
          close();
          resolve();
        };
      });
    })
    .catch(() => {
      // Asking for the lock was called off because this page closes.
    });
  channel.postMessage({ kind: "ask" } satisfies Wire);

  return {
    state: () => state,
    listen: subscribeTo(listeners),
    close() {
      closed = true;
      abort.abort();
      stopLeading();
      channel.close();
      listeners.clear();
    },
  };
}

function subscribeTo(listeners: Set<Listener>) {
  return (listener: Listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
}

/** Keeps the stream open while one is signed in; after a loss everyone reads again, since hints may be missing. */
function holdStream(browser: FeedBrowser, tell: (message: FeedMessage) => void): () => void {
  const CLOSED = 2;
  let stopTimer = () => {};
  let stream: ReturnType<FeedBrowser["openStream"]> | undefined;
  let ended = false;

  const open = () => {
    if (ended) return;
    const current = browser.openStream();
    stream = current;
    current.onopen = () => {
      tell({ kind: "state", state: "live" });
      // Whatever changed before the stream stood is not in it.
      tell({ kind: "gap" });
    };
    current.onerror = () => {
      tell({ kind: "state", state: "reconnecting" });
      // The browser tries again by itself, unless the answer was an error.
      if (current.readyState !== CLOSED) return;
      current.close();
      void browser.isSignedOut().then((signedOut) => {
        if (ended) return;
        if (signedOut) tell({ kind: "signed_out" });
        else stopTimer = browser.setTimer(open, RETRY_MS);
      });
    };
    current.addEventListener("change", (event) => {
      tell({ kind: "change", change: JSON.parse(event.data) as Change });
    });
    // The stream stays open while the portal's database is away.
    current.addEventListener("state", (event) => {
      const { database } = JSON.parse(event.data) as { database: "up" | "down" };
      tell({ kind: "state", state: database === "up" ? "live" : "reconnecting" });
    });
    current.addEventListener("gap", () => tell({ kind: "gap" }));
  };
  open();
  return () => {
    ended = true;
    stopTimer();
    stream?.close();
  };
}
