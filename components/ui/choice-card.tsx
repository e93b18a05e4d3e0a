import type { ReactNode } from "react";
import { Ban } from "lucide-react";
import { cx } from "#components/ui/class-names.ts";

type Props = {
  name: string;
  value: string;
  checked: boolean;
  onChoose: () => void;
  title: string;
  about: string;
  facts?: readonly string[];
  icon?: ReactNode;
  /** why it can't be chosen */
  refusal?: string | null;
  /** it can't be chosen, for a reason that is said of several at once */
  unavailable?: boolean;
};

/** One of several choices, as a card; what can't be chosen says why. */
export function ChoiceCard(props: Props) {
  const { name, value, checked, onChoose, title, about, facts, icon, refusal, unavailable } = props;
  const refused = Boolean(refusal) || unavailable;
  return (
    <label
      className={cx(
        "relative flex min-w-0 gap-3 rounded-md border p-3 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
        refused && "border-dashed bg-sunken text-muted",
        !refused &&
          (checked ? "border-accent bg-accent-soft ring-1 ring-accent" : "border-edge/60 hover:bg-sunken"),
      )}
    >
      <input
        type="radio"
        name={name}
        value={value}
        checked={checked}
        disabled={refused}
        onChange={onChoose}
        className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
      />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2 font-medium">
          {icon}
          {title}
        </span>
        <span className="mt-0.5 block text-muted">{about}</span>
        {facts && <span className="figures mt-2 block text-small text-faint">{facts.join(" · ")}</span>}
        {refusal && (
          <span className="mt-2 flex gap-1 text-small">
            <Ban aria-hidden className="mt-px size-3.5 shrink-0" />
            {refusal}
          </span>
        )}
      </span>
    </label>
  );
}
