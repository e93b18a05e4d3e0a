import { CopyButton } from "#components/ui/copy-button.tsx";
import { cx } from "#components/ui/class-names.ts";

type Props = { text: string; label: string; copy?: string; wrap?: boolean; className?: string };

/** Text to read or paste, in figures of one width, scrolled by itself. */
export function CodeBlock({ text, label, copy, wrap, className }: Props) {
  return (
    <div className={cx("flex min-w-0 items-start rounded-md border bg-sunken", className)}>
      <pre
        tabIndex={0}
        role="group"
        aria-label={label}
        className={cx(
          "code max-h-96 min-w-0 flex-1 overflow-auto p-3 leading-5",
          wrap && "break-words whitespace-pre-wrap",
        )}
      >
        {text}
      </pre>
      {copy && (
        <div className="p-1">
          <CopyButton text={text} what={copy} />
        </div>
      )}
    </div>
  );
}
