"use client";

import { useEffect, useRef } from "react";
import { useRouter } from "next/navigation";
import { useFeed, useFeedState } from "#components/live/feed-provider.tsx";
import { portalAnswers } from "#components/live/portal-answers.ts";
import { refreshIfAnswered } from "#components/live/refresh-if-answered.ts";
import { throttle } from "#components/live/throttle.ts";
import type { Change } from "#lib/changes/publish.ts";

const LEAST_GAP_MS = 1_000;
const POLL_MS = 15_000;
const POLL_ALONE_MS = 5_000;

type Props = {
  topics: readonly Change["topic"][];
  /** only hints about this deployment */
  deploymentId?: string;
  /** how often at least, in milliseconds: for figures, of whose change nobody is told */
  every?: number;
};

/**
 * Reads the page's rows again when a hint says that they changed, at most once a second, and every 15 s in case
 * a hint was lost. A hidden tab waits until it is looked at. While the connection is lost, or the portal or its
 * database doesn't answer, nothing is read, so that what is shown stays.
 */
export function LiveRefresh({ topics, deploymentId, every = POLL_MS }: Props) {
  const router = useRouter();
  const state = useFeedState();
  const stale = useRef(false);
  const refresh = useRef<ReturnType<typeof throttle> | null>(null);
  useEffect(() => {
    const throttled = throttle(
      () =>
        void refreshIfAnswered(portalAnswers, () => router.refresh()).then(
          (done) => (stale.current ||= !done),
        ),
      LEAST_GAP_MS,
    );
    refresh.current = throttled;
    return () => throttled.stop();
  }, [router]);

  const readAgain = () => {
    if (document.visibilityState === "hidden" || state === "reconnecting") stale.current = true;
    else refresh.current?.run();
  };

  useFeed((message) => {
    if (message.kind === "gap") readAgain();
    if (message.kind !== "change") return;
    const { change } = message;
    if (!topics.includes(change.topic)) return;
    if (
      deploymentId &&
      "deploymentId" in change &&
      change.deploymentId &&
      change.deploymentId !== deploymentId
    )
      return;
    readAgain();
  });

  // Whatever happened while the connection was lost is read as soon as it is back.
  useEffect(() => {
    if (state === "reconnecting") stale.current = true;
  }, [state]);
  useEffect(() => {
    const catchUp = () => {
      if (document.visibilityState === "hidden" || state === "reconnecting" || !stale.current) return;
      stale.current = false;
      refresh.current?.run();
    };
    catchUp();
    document.addEventListener("visibilitychange", catchUp);
    const poll = setInterval(
      () => {
        stale.current = true;
        catchUp();
      },
      Math.min(every, state === "polling" ? POLL_ALONE_MS : POLL_MS),
    );
    return () => {
      document.removeEventListener("visibilitychange", catchUp);
      clearInterval(poll);
    };
  }, [state, every]);
  return null;
}
