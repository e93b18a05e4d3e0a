"use client";

import { useCallback, useRef, useState } from "react";
import { useRouter } from "next/navigation";
import { useToast } from "#components/ui/toasts.tsx";

/** What an action answers: plain data, since an error's words don't reach the browser. */
export type Answer<T = unknown> =
  { ok: true; value: T } | { ok: false; message: string; fields: { field: string; message: string }[] };

/**
 * Runs an action: once at a time, says how it went, and reads the page's rows again.
 *
 * @returns `act(run, done)`: the value, or `null` after a failure, which was said
 */
export function useAct(): {
  pending: boolean;
  act: <T>(run: () => Promise<Answer<T>>, done?: string) => Promise<T | null>;
} {
  const [pending, setPending] = useState(false);
  const busy = useRef(false);
  const say = useToast();
  const router = useRouter();
  const act = useCallback(
    async <T>(run: () => Promise<Answer<T>>, done?: string): Promise<T | null> => {
      if (busy.current) return null;
      busy.current = true;
      setPending(true);
      try {
        const answer = await run();
        if (!answer.ok) {
          say(answer.message, "bad");
          return null;
        }
        if (done) say(done);
        return answer.value;
      } catch {
        say("The portal didn’t answer. Look whether it was done before you try again.", "bad");
        return null;
      } finally {
        busy.current = false;
        setPending(false);
        router.refresh();
      }
    },
    [say, router],
  );
  return { pending, act };
}
