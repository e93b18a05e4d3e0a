import type { ReactNode } from "react";
import { CornerDownRight } from "lucide-react";

/** Says at a field that another target brought another choice, and why. Announced: nobody did it by hand. */
export function MovedNote({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="flex gap-1 text-small text-warn not-empty:mt-1">
      {children && (
        <>
          <CornerDownRight aria-hidden className="mt-px size-3.5 shrink-0" />
          <span>Changed with the target: {children}</span>
        </>
      )}
    </p>
  );
}
