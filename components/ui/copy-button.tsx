"use client";

import { useEffect, useState } from "react";
import { Check, Copy } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { copyText } from "#components/ui/copy-text.ts";

/** Copies a text. `what` names it ("address"), for the label and the answer. */
export function CopyButton({ text, what, label }: { text: string; what: string; label?: string }) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2_000);
    return () => clearTimeout(timer);
  }, [state]);

  const said = state === "copied" ? "Copied" : state === "failed" ? "Couldn’t copy: select it by hand" : "";
  return (
    <>
      <Button
        look={label ? "secondary" : "quiet"}
        size={label ? "small" : "icon"}
        aria-label={label ? undefined : `Copy ${what}`}
        title={`Copy ${what}`}
        onClick={async () => setState((await copyText(text)) ? "copied" : "failed")}
        icon={
          state === "copied" ? (
            <Check aria-hidden className="size-4 text-ok" />
          ) : (
            <Copy aria-hidden className="size-4" />
          )
        }
      >
        {label && (said || label)}
      </Button>
      <span role="status" className="sr-only">
        {said}
      </span>
    </>
  );
}
