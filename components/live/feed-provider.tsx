"use client";

import {
  createContext,
  startTransition,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from "react";
import {
  openFeed,
  type Feed,
  type FeedBrowser,
  type FeedMessage,
  type FeedState,
} from "#components/live/change-feed.ts";
import { isSignedOut } from "#components/live/is-signed-out.ts";
import { portalAnswers } from "#components/live/portal-answers.ts";
import { apiRoutes, routes } from "#lib/routes.ts";

type Live = { feed: Feed | null; state: FeedState };

const LiveContext = createContext<Live>({ feed: null, state: "connecting" });

const LOOK_MS = 5_000;
const LOOK_AGAIN_MS = 1_500;

const browser: FeedBrowser = {
  get locks() {
    return "locks" in navigator ? navigator.locks : undefined;
  },
  openChannel: () => new BroadcastChannel("sluice-changes"),
  openStream: () => new EventSource(apiRoutes.changes) as unknown as ReturnType<FeedBrowser["openStream"]>,
  isSignedOut,
  setTimer: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Opens this tab's feed of hints for all that is beneath, leaves for the sign-in page when nobody is signed in any
 * more, and watches whether portal and database answer. Each change of it is a transition: an urgent one would have
 * React throw away those parts of the page that it hasn't hydrated yet, with what is typed there already, and render
 * them anew.
 */
export function FeedProvider({ children }: { children: ReactNode }) {
  const [feed, setFeed] = useState<Feed | null>(null);
  useEffect(() => {
    const opened = openFeed(browser);
    opened.listen((message) => {
      // A whole new page: nothing of who was signed in stays in this one.
      if (message.kind === "signed_out") window.location.assign(routes.signIn);
    });
    startTransition(() => setFeed(opened));
    return () => opened.close();
  }, []);
  const streamState = useStreamState(feed);
  const away = useAway();
  const live = useMemo<Live>(
    () => ({ feed, state: away ? "reconnecting" : streamState }),
    [feed, away, streamState],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}

function useStreamState(feed: Feed | null): FeedState {
  const [state, setState] = useState<FeedState>("connecting");
  useEffect(() => {
    if (!feed) return;
    const read = () => startTransition(() => setState(feed.state()));
    read();
    return feed.listen((message) => message.kind === "state" && read());
  }, [feed]);
  return state;
}

/** Whether the portal or its database doesn't answer: the stream stays open while the database is away. */
function useAway(): boolean {
  const [away, setAway] = useState(false);
  useEffect(() => {
    let ended = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const answers = document.visibilityState === "hidden" || (await portalAnswers());
      if (ended) return;
      startTransition(() => setAway(!answers));
      timer = setTimeout(() => void look(), answers ? LOOK_MS : LOOK_AGAIN_MS);
    };
    timer = setTimeout(() => void look(), LOOK_MS);
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, []);
  return away;
}

/** Calls back on each hint. The callback may change between renders. */
export function useFeed(onMessage: (message: FeedMessage) => void): void {
  const { feed } = useContext(LiveContext);
  const latest = useRef(onMessage);
  useEffect(() => {
    latest.current = onMessage;
  });
  useEffect(() => feed?.listen((message) => latest.current(message)), [feed]);
}

/** How the connection is now. */
export function useFeedState(): FeedState {
  return useContext(LiveContext).state;
}
