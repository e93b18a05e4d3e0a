"use client";

import { createContext, useContext } from "react";
import type { FormState } from "#components/form/form-state.ts";
import type { Place } from "#lib/targets/place.ts";
import type { Feature } from "#lib/targets/refusals.ts";

export type FormTools = {
  form: FormState;
  change: (patch: Partial<FormState> | ((form: FormState) => Partial<FormState>)) => void;
  /** wherever it may run; for a deployment that is there, where it runs */
  places: readonly Place[];
  /** the one that is chosen */
  place: Place;
  /** it is made at Google: what it can't do without there can't be changed any more */
  isThere: boolean;
  /** what it can't do, and why */
  refused: Partial<Record<Feature, string>>;
  /**
   * What a control needs to be tied to a field of the spec: its problem, if the person has been there or has
   * submitted, and the mark by which the form finds it.
   */
  at: (...fields: string[]) => { error: string | null; "data-field": string; onBlur: () => void };
  /** whether a problem shows at this field or beneath it */
  problemsUnder: (field: string) => boolean;
};

const Context = createContext<FormTools | null>(null);
export const FormToolsProvider = Context;

export function useFormTools(): FormTools {
  const tools = useContext(Context);
  if (!tools) throw new Error("This part belongs inside a deployment's form.");
  return tools;
}
