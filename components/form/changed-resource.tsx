import { changeLooks } from "#components/form/change-looks.ts";
import { cx } from "#components/ui/class-names.ts";
import type { Change } from "#lib/operations/events.ts";
import { resourceWord } from "#lib/targets/resource-words.ts";

/**
 * One thing that is made, changed or deleted, as a row of a list; nothing for what stays as it is.
 *
 * @param props.fields which of its settings change
 * @param props.words about it, a line each
 */
export function ChangedResource(props: {
  change: Change;
  type: string;
  name: string;
  fields?: string[];
  words: string[];
}) {
  const { change, type, name, fields = [], words } = props;
  if (change === "same") return null;
  const { Icon, tone, word } = changeLooks[change];
  return (
    <li className="flex gap-2">
      <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", tone)} />
      <div className="min-w-0">
        <p>
          <span className="font-medium whitespace-nowrap">{resourceWord(type)}</span>{" "}
          <span className="code wrap-anywhere text-faint">{name}</span>{" "}
          <span className="text-muted">
            is {word}
            {fields.length > 0 && `: ${fields.join(", ")}`}
          </span>
        </p>
        {words.map((line) => (
          <p key={line} className="text-small break-words text-muted">
            {line}
          </p>
        ))}
      </div>
    </li>
  );
}
