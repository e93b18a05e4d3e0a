"use client";

import { useEffect, useRef } from "react";
import type { DeploymentForm } from "#components/form/use-deployment-form.ts";
import type { DeploymentInput } from "#lib/deployments/spec.ts";
import type { FieldError } from "#lib/errors.ts";

export type ServerCheck = (
  input: DeploymentInput,
) => Promise<{ ok: true; value: { problems: FieldError[] } } | { ok: false }>;

const TYPING_PAUSE_MS = 400;

/** What only the server can judge of a form: two that are the same here needn't be asked about twice. */
export function serverQuestion({ name, target, endpoint, google }: DeploymentInput): string {
  return JSON.stringify([name, target, endpoint?.port, endpoint?.redirectFrom, google?.staticContent]);
}

/** Asks the server, after a pause in typing, for what only it knows: a name or a port that is taken. */
export function useServerCheck(form: DeploymentForm, input: DeploymentInput, check: ServerCheck): void {
  const question = form.checked.problems.length === 0 ? serverQuestion(input) : null;
  const asked = useRef({ input, find: form.find });
  useEffect(() => {
    asked.current = { input, find: form.find };
  });
  useEffect(() => {
    if (question === null) return;
    let outdated = false;
    const timer = setTimeout(() => {
      void check(asked.current.input)
        .then((answer) => {
          if (!outdated && answer.ok) asked.current.find(answer.value.problems);
        })
        // Without an answer the form is checked when it is submitted.
        .catch(() => {});
    }, TYPING_PAUSE_MS);
    return () => {
      outdated = true;
      clearTimeout(timer);
    };
  }, [question, check]);
}
