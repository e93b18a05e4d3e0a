"use client";

import { useState, type FormEvent } from "react";
import { useRouter } from "next/navigation";
import { useToast } from "#components/ui/toasts.tsx";
import type { Answer } from "#components/ui/use-act.ts";

/**
 * A small form of named fields: sends what was typed, shows each problem at its field, and says what is done.
 *
 * @param onDone gets the answer's value and the form, which may be emptied
 */
export function useFieldsForm<T>(options: {
  send: (given: Record<string, string>) => Promise<Answer<T>>;
  done: string;
  onDone?: (value: T, form: HTMLFormElement) => void;
}) {
  const router = useRouter();
  const say = useToast();
  const [pending, setPending] = useState(false);
  const [problems, setProblems] = useState<{ field: string; message: string }[]>([]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    setPending(true);
    setProblems([]);
    const answer = await options.send(given).catch(() => null);
    setPending(false);
    if (!answer?.ok) {
      const fields = answer?.fields ?? [];
      setProblems(fields);
      if (fields.length === 0) say(answer?.message ?? "The portal didn’t answer. Try again.", "bad");
      const wrong = new Set(fields.map(({ field }) => field));
      // As they stand in the form, whatever order the server tells them in.
      const first = [...form.elements].find((one) => wrong.has(one.getAttribute("name") ?? ""));
      if (first instanceof HTMLElement) first.focus();
      return;
    }
    say(options.done);
    options.onDone?.(answer.value, form);
    router.refresh();
  };
  return {
    pending,
    submit,
    at: (field: string) => problems.find((problem) => problem.field === field)?.message ?? null,
  };
}
