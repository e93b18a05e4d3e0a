import { useId, type ComponentProps, type ReactNode } from "react";
import { CircleAlert } from "lucide-react";
import { cx } from "#components/ui/class-names.ts";

/** The look of a field; its width is the caller's. */
export const controlClass =
  "h-9 min-w-0 rounded-md border border-edge bg-surface px-3 text-ink " +
  "aria-invalid:border-bad disabled:cursor-not-allowed disabled:bg-sunken disabled:text-muted max-sm:h-11";

const inputClass = `${controlClass} w-full`;

type FieldProps = {
  label: ReactNode;
  /** what to know before typing */
  hint?: ReactNode;
  error?: string | null;
  /** says "optional" beside the label */
  optional?: boolean;
  /** the label is read out but not seen, where a column's head says it */
  hideLabel?: boolean;
  className?: string;
};

type ControlProps = { id: string; "aria-describedby"?: string; "aria-invalid"?: true };

/** A label, a control, its hint and its problem, tied together for those who hear the page. */
export function Field({
  label,
  hint,
  error,
  optional,
  hideLabel,
  className,
  children,
}: FieldProps & { children: (control: ControlProps) => ReactNode }) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={cx("min-w-0", className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "mb-1 block font-medium"}>
        {label}
        {optional && <span className="ml-2 font-normal text-faint">optional</span>}
      </label>
      {children({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {error && <FieldProblem id={`${id}-error`}>{error}</FieldProblem>}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-small text-faint">
          {hint}
        </p>
      )}
    </div>
  );
}

/** One problem, in words, beside what it is about. */
export function FieldProblem({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className="mt-1 flex gap-1 text-small text-bad">
      <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

/** A one-line text field. */
export function TextField({
  label,
  hint,
  error,
  optional,
  hideLabel,
  className,
  mono,
  ...input
}: FieldProps & ComponentProps<"input"> & { mono?: boolean }) {
  return (
    <Field {...{ label, hint, error, optional, hideLabel, className }}>
      {(control) => <input {...input} {...control} className={cx(inputClass, mono && "code")} />}
    </Field>
  );
}

/** A field of several lines, in figures of one width. */
export function TextArea({
  label,
  hint,
  error,
  optional,
  hideLabel,
  className,
  ...input
}: FieldProps & ComponentProps<"textarea">) {
  return (
    <Field {...{ label, hint, error, optional, hideLabel, className }}>
      {(control) => (
        <textarea
          {...input}
          {...control}
          className={cx(inputClass, "code h-auto py-2 leading-5 max-sm:h-auto")}
        />
      )}
    </Field>
  );
}

/** A choice of a short list: the browser's own control, which phones and screen readers know best. */
export function SelectField({
  label,
  hint,
  error,
  optional,
  hideLabel,
  className,
  children,
  ...select
}: FieldProps & ComponentProps<"select">) {
  return (
    <Field {...{ label, hint, error, optional, hideLabel, className }}>
      {(control) => (
        <select {...select} {...control} className={cx(inputClass, "pr-2")}>
          {children}
        </select>
      )}
    </Field>
  );
}

/** A switch that is on or off. */
export function CheckField({
  label,
  hint,
  error,
  className,
  ...input
}: Omit<FieldProps, "optional" | "hideLabel"> & ComponentProps<"input">) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={cx("min-w-0", className)}>
      <label className="flex w-fit items-center gap-2 font-medium max-sm:min-h-11">
        <input
          type="checkbox"
          {...input}
          aria-describedby={described || undefined}
          aria-invalid={error ? true : undefined}
          className="size-4 shrink-0 accent-accent"
        />
        {label}
      </label>
      {error && <FieldProblem id={`${id}-error`}>{error}</FieldProblem>}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-small text-faint">
          {hint}
        </p>
      )}
    </div>
  );
}
