"use client";

import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { portalAnswers } from "#components/live/portal-answers.ts";

const AGAIN_MS = 2_000;
const RECENTLY_MS = 10_000;

/** When a page was last asked for again by itself. */
let lastRetry = -Infinity;

/**
 * What stands in a page's place when it couldn't be made. It asks the portal how it is, says so, and brings the
 * page back by itself as soon as the database answers. Where it answers already, the trouble may just have ended:
 * then too, unless that was tried a moment ago.
 */
export function PageTrouble({ error, retry }: { error: unknown; retry: () => void }) {
  const [database, setDatabase] = useState<"asking" | "away" | "fine">("asking");
  useEffect(() => {
    let ended = false;
    let timer: ReturnType<typeof setTimeout>;
    let wasAway = false;
    const look = async () => {
      const fine = await portalAnswers();
      if (ended) return;
      if (fine && (wasAway || performance.now() - lastRetry > RECENTLY_MS)) {
        lastRetry = performance.now();
        return retry();
      }
      setDatabase(fine ? "fine" : "away");
      wasAway = !fine;
      if (!fine) timer = setTimeout(() => void look(), AGAIN_MS);
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [retry]);

  if (database === "asking")
    return (
      <p role="status" className="text-muted">
        Something went wrong. Looking why…
      </p>
    );
  if (database === "away") {
    return (
      <Callout
        alert
        tone="warn"
        title="The database doesn’t answer"
        actions={
          <Button look="secondary" onClick={retry}>
            Try now
          </Button>
        }
      >
        Your deployments go on serving. This page tries again every 2 seconds and comes back by itself. If it
        stays like this, look at the terminal where Sluice runs.
      </Callout>
    );
  }
  return (
    <Callout
      alert
      tone="bad"
      title="This page couldn’t be shown"
      actions={
        <Button look="secondary" onClick={retry}>
          Try again
        </Button>
      }
    >
      The portal itself works, so trying again may help.
      {reference(error) && (
        <>
          {" "}
          If it doesn’t, look for <span className="code">{reference(error)}</span> in the portal’s log.
        </>
      )}
    </Callout>
  );
}

/** The number under which the portal's log holds what happened. */
function reference(error: unknown): string | null {
  const digest = error && typeof error === "object" && "digest" in error ? error.digest : null;
  return typeof digest === "string" ? digest : null;
}
