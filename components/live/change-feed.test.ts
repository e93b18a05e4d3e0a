import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openFeed, type Feed, type FeedBrowser, type FeedMessage } from "#components/live/change-feed.ts";
import { throttle } from "#components/live/throttle.ts";

/** A browser of several tabs: one lock, one channel between all, and streams that the test holds. */
class FakeBrowser {
  readonly streams: FakeStream[] = [];
  signedOut = false;
  readonly #channels = new Set<FakeChannel>();
  #holder: Promise<unknown> = Promise.resolve();

  tab(): FeedBrowser {
    return {
      locks: {
        request: ((_name: string, options: { signal: AbortSignal }, work: () => Promise<void>) => {
          const mine = this.#holder.then(() => (options.signal.aborted ? undefined : work()));
          this.#holder = mine;
          return mine;
        }) as LockManager["request"],
      },
      openChannel: () => new FakeChannel(this.#channels) as unknown as BroadcastChannel,
      openStream: () => {
        const stream = new FakeStream();
        this.streams.push(stream);
        return stream;
      },
      isSignedOut: async () => this.signedOut,
      setTimer: (run, ms) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    };
  }
  get open(): FakeStream[] {
    return this.streams.filter((stream) => !stream.closed);
  }
}

class FakeChannel {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly #all: Set<FakeChannel>;
  constructor(all: Set<FakeChannel>) {
    this.#all = all;
    all.add(this);
  }
  postMessage(data: unknown) {
    if (!this.#all.has(this)) throw new Error("This channel is closed.");
    for (const other of this.#all) if (other !== this) other.onmessage?.({ data });
  }
  close() {
    this.#all.delete(this);
  }
}

class FakeStream {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readyState = 0;
  closed = false;
  readonly #listeners = new Map<string, (event: { data: string }) => void>();
  addEventListener(name: string, listener: (event: { data: string }) => void) {
    this.#listeners.set(name, listener);
  }
  say(name: string, data: unknown) {
    this.#listeners.get(name)?.({ data: JSON.stringify(data) });
  }
  /** As where the answer is an error, which the browser doesn't ask for again. */
  fail() {
    this.readyState = 2;
    this.onerror?.();
  }
  close() {
    this.closed = true;
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const change = { topic: "deployment", deploymentId: "dep-1" } as const;

describe("openFeed", () => {
  const feeds: Feed[] = [];
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    for (const feed of feeds.splice(0)) feed.close();
    vi.useRealTimers();
  });
  function tab(browser: FakeBrowser) {
    const heard: FeedMessage[] = [];
    const feed = openFeed(browser.tab());
    feed.listen((message) => heard.push(message));
    feeds.push(feed);
    return { feed, heard };
  }

  it("holds one stream for ten tabs, and all hear each hint once", async () => {
    const browser = new FakeBrowser();
    const tabs = Array.from({ length: 10 }, () => tab(browser));
    await settle();
    expect(browser.open).toHaveLength(1);
    browser.open[0]?.onopen?.();
    browser.open[0]?.say("change", change);
    for (const { feed, heard } of tabs) {
      expect(feed.state()).toBe("live");
      expect(heard.filter((message) => message.kind === "change")).toEqual([{ kind: "change", change }]);
    }
  });

  it("passes the stream on when its tab closes, and everyone reads again", async () => {
    const browser = new FakeBrowser();
    const [first, second] = [tab(browser), tab(browser)];
    await settle();
    browser.open[0]?.onopen?.();
    first.feed.close();
    await settle();
    expect(browser.open).toHaveLength(1);
    second.heard.length = 0;
    browser.open[0]?.onopen?.();
    expect(second.heard).toContainEqual({ kind: "gap" });
  });

  it("tells a tab that comes later how the connection is", async () => {
    const browser = new FakeBrowser();
    tab(browser);
    await settle();
    browser.open[0]?.onopen?.();
    expect(tab(browser).feed.state()).toBe("live");
  });

  it("opens the stream again after an error that the browser gives up on", async () => {
    const browser = new FakeBrowser();
    const { feed, heard } = tab(browser);
    await settle();
    const [stream] = browser.open;
    stream?.onopen?.();
    stream?.fail();
    expect(feed.state()).toBe("reconnecting");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(browser.open).toHaveLength(1);
    heard.length = 0;
    browser.open[0]?.onopen?.();
    expect(feed.state()).toBe("live");
    expect(heard).toContainEqual({ kind: "gap" });
  });

  it("says in every tab that nobody is signed in any more, and doesn't go on asking for the stream", async () => {
    const browser = new FakeBrowser();
    const tabs = [tab(browser), tab(browser)];
    await settle();
    browser.open[0]?.onopen?.();
    browser.signedOut = true;
    browser.open[0]?.fail();
    await vi.advanceTimersByTimeAsync(60_000);
    for (const { heard } of tabs) {
      expect(heard.filter(({ kind }) => kind === "signed_out")).toHaveLength(1);
    }
    expect(browser.streams).toHaveLength(1);
  });

  it("says nothing more once its page is closed, whatever the answer", async () => {
    const browser = new FakeBrowser();
    const { feed, heard } = tab(browser);
    await settle();
    browser.signedOut = true;
    browser.open[0]?.fail();
    heard.length = 0;
    feed.close();
    await settle();
    expect(heard).toEqual([]);
  });

  it("says in every tab that the database is away, and that it is back", async () => {
    const browser = new FakeBrowser();
    const tabs = [tab(browser), tab(browser)];
    await settle();
    browser.open[0]?.onopen?.();
    const states = () => tabs.map(({ feed }) => feed.state());
    browser.open[0]?.say("state", { database: "down" });
    expect(states()).toEqual(["reconnecting", "reconnecting"]);
    browser.open[0]?.say("state", { database: "up" });
    expect(states()).toEqual(["live", "live"]);
  });

  it("reads by a timer where the browser has no locks", () => {
    const browser = new FakeBrowser();
    const feed = openFeed({ ...browser.tab(), locks: undefined });
    expect(feed.state()).toBe("polling");
    expect(browser.streams).toEqual([]);
  });
});

describe("throttle", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("runs at once, and makes up for what came in between at the gap's end, once", () => {
    const run = vi.fn();
    const throttled = throttle(run, 1_000);
    throttled.run();
    expect(run).toHaveBeenCalledTimes(1);
    throttled.run();
    throttled.run();
    vi.advanceTimersByTime(999);
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(5_000);
    expect(run).toHaveBeenCalledTimes(2);
  });
  it("does nothing more once it is stopped", () => {
    const run = vi.fn();
    const throttled = throttle(run, 1_000);
    throttled.run();
    throttled.run();
    throttled.stop();
    vi.advanceTimersByTime(5_000);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
