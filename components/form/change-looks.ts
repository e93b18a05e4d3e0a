import { Minus, Pencil, Plus, RefreshCw } from "lucide-react";
import type { Change } from "#lib/operations/events.ts";

/** How a step looks that makes, changes or deletes something. */
export const changeLooks: Record<
  Exclude<Change, "same">,
  { Icon: typeof Plus; tone: string; word: string }
> = {
  create: { Icon: Plus, tone: "text-ok", word: "created" },
  update: { Icon: Pencil, tone: "text-busy", word: "changed" },
  replace: { Icon: RefreshCw, tone: "text-warn", word: "replaced" },
  delete: { Icon: Minus, tone: "text-bad", word: "deleted" },
};
