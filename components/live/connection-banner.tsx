"use client";

import { useEffect, useState } from "react";
import { LoaderCircle } from "lucide-react";
import { useFeedState } from "#components/live/feed-provider.tsx";

const PATIENCE_MS = 1_500;

/** Says that what is shown may be old. A blip shorter than 1.5 s isn't worth a word. */
export function ConnectionBanner() {
  const state = useFeedState();
  const lost = state === "reconnecting";
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!lost) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <div role="status" data-print="no">
      {shown && (
        <p className="flex items-center gap-2 border-b border-warn/35 bg-warn-soft px-4 py-2">
          <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin text-warn" />
          <span>
            <strong className="font-semibold">Reconnecting…</strong> What you see may be a moment old. Nothing
            is lost; this page catches up by itself.
          </span>
        </p>
      )}
    </div>
  );
}
