import type { FormState } from "#components/form/form-state.ts";
import type { FieldError } from "#lib/errors.ts";

/** What a server found, and the form that it found it in. */
export type Findings = { problems: readonly FieldError[]; of: FormState };

type Question = (form: FormState) => unknown;

const name: Question = ({ name }) => name;
const ports: Question = ({ target, port, redirectFrom }) => [target, port, redirectFrom];
const certificate: Question = ({ tlsMode, certificate, tlsKey }) => [tlsMode, certificate, tlsKey];
const files: Question = ({ target, google }) => [target, google.staticContent];

/** What of a form a problem at a field hangs on, where that isn't all of it. */
const questions: [field: string, Question][] = [
  ["name", name],
  ["endpoint.port", ports],
  ["endpoint.redirectFrom", ports],
  ["endpoint.tls", certificate],
  ["google.staticContent", files],
];

/**
 * What still holds of a server's findings in a form that was changed since: a name stays taken while it is the name,
 * whatever else is changed. What could hang on anything is gone with any change.
 */
export function stillFound({ problems, of }: Findings, form: FormState): FieldError[] {
  return problems.filter(({ field }) => {
    const [, question] = questions.find(([known]) => field === known || field.startsWith(`${known}.`)) ?? [];
    return question ? JSON.stringify(question(of)) === JSON.stringify(question(form)) : of === form;
  });
}
