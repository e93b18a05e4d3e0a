"use client";

import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { openFeed, type Feed, type FeedBrowser, type FeedMessage, type FeedState } from "#components/live/change-feed.ts";
import { apiRoutes } from "#lib/routes.ts";

const FeedContext = createContext<Feed | null>(null);

const browser: FeedBrowser = {
  get locks() {
    return "locks" in navigator ? navigator.locks : undefined;
  },
  openChannel: () => new BroadcastChannel("sluice-changes"),
  openStream: () => new EventSource(apiRoutes.changes) as unknown as ReturnType<FeedBrowser["openStream"]>,
  setTimer: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Opens this tab's feed of hints for all that is beneath. */
export function FeedProvider({ children }: { children: ReactNode }) {
  const [feed, setFeed] = useState<Feed | null>(null);
  useEffect(() => {
    const opened = openFeed(browser);
    setFeed(opened);
    return () => opened.close();
  }, []);
  return <FeedContext value={feed}>{children}</FeedContext>;
}

/** Calls back on each hint. The callback may change between renders. */
export function useFeed(onMessage: (message: FeedMessage) => void): void {
  const feed = useContext(FeedContext);
  const latest = useRef(onMessage);
  useEffect(() => {
    latest.current = onMessage;
  });
  useEffect(() => feed?.listen((message) => latest.current(message)), [feed]);
}

/** How the connection is now. */
export function useFeedState(): FeedState {
  const feed = useContext(FeedContext);
  return useSyncExternalStore(
    (notify) => feed?.listen((message) => message.kind === "state" && notify()) ?? (() => {}),
    () => feed?.state() ?? "connecting",
    () => "connecting",
  );
}
