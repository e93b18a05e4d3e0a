/** What was typed into a form: a field that was left empty is as one that isn't there. */
export function filledFields(form: FormData): Record<string, FormDataEntryValue> {
  return Object.fromEntries([...form].filter(([, value]) => value !== ""));
}
