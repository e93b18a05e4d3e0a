"use client";

import { useFormTools } from "#components/form/form-context.tsx";
import type { GoogleState } from "#components/form/google-state.ts";

/** The fields of the section Google Cloud, and what changes them. */
export function useGoogle() {
  const { form, change } = useFormTools();
  return {
    google: form.google,
    changeGoogle: (patch: Partial<GoogleState>) =>
      change((before) => ({ google: { ...before.google, ...patch } })),
  };
}
