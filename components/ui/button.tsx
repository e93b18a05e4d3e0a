import type { ComponentProps, ReactNode } from "react";
import { LoaderCircle } from "lucide-react";
import { cx } from "#components/ui/class-names.ts";

export type ButtonLook = "primary" | "secondary" | "quiet" | "danger";
export type ButtonSize = "normal" | "small" | "icon";

const looks: Record<ButtonLook, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "border border-edge/60 bg-surface text-ink hover:bg-sunken",
  quiet: "text-muted hover:bg-sunken hover:text-ink",
  danger: "bg-bad text-on-bad hover:opacity-90",
};

const sizes: Record<ButtonSize, string> = {
  normal: "h-9 px-4 max-sm:h-11",
  small: "h-7 px-2 text-small max-sm:h-9 max-sm:px-3",
  icon: "size-8 max-sm:size-10",
};

/** The classes of a button, for links that look like one. */
export function buttonClass(look: ButtonLook = "secondary", size: ButtonSize = "normal"): string {
  return cx(
    "inline-flex shrink-0 items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap select-none",
    "transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55",
    looks[look],
    sizes[size],
  );
}

type Props = ComponentProps<"button"> & {
  look?: ButtonLook;
  size?: ButtonSize;
  /** shows that the work is under way and takes no second click */
  pending?: boolean;
  icon?: ReactNode;
};

/** A button; `type` is `button` unless said otherwise. While it is pending it keeps the focus. */
export function Button({ look, size, pending, icon, className, children, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      {...(pending && { "aria-disabled": true, onClick: (event) => event.preventDefault() })}
      aria-busy={pending || undefined}
      className={cx(buttonClass(look, size), className)}
    >
      {pending ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : icon}
      {children}
    </button>
  );
}
