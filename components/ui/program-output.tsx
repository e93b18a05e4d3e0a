/** What a program printed by itself: a box that scrolls, by keyboard too. */
export function ProgramOutput({ label, text }: { label: string; text: string }) {
  return (
    <pre
      tabIndex={0}
      role="group"
      aria-label={label}
      className="code my-2 max-h-48 overflow-auto rounded-md border bg-surface p-3 whitespace-pre-wrap text-ink"
    >
      {text}
    </pre>
  );
}
