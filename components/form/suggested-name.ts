import type { FormState } from "#components/form/form-state.ts";

/** A word of it leaves room for the random end in a name of 40 letters. */
const mostLetters = 30;

/**
 * The name that is suggested for a form's first model; one that somebody typed stays. It keeps its random end, and
 * takes the model's id, or an image's own name without its registry, tag and digest.
 */
export function suggestedName({ name, nameTouched, variants }: FormState): string {
  const first = variants[0];
  if (nameTouched || !first) return name;
  const word = first.source === "preset" ? first.preset : wordOf(first.image);
  return `${word || "model"}-${name.split("-").at(-1)}`;
}

function wordOf(image: string): string {
  const own = image.split("@")[0]?.split("/").at(-1)?.split(":")[0] ?? "";
  return own
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, mostLetters)
    .replace(/-+$/, "");
}
