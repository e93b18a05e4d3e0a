/**
 * Reads the recogniser's output: for each step along the line the probability of each character. Takes the most
 * likely one of each step, merges repeats and drops blanks (character 0), as CTC says (Graves et al., 2006).
 * `confidence` is the mean probability of the characters kept, 0 for none.
 */
export function decodeText(
  probabilities: Float32Array,
  steps: number,
  alphabet: readonly string[],
): { text: string; confidence: number } {
  const classes = alphabet.length;
  let [text, sum, kept, previous] = ["", 0, 0, 0];
  for (let step = 0; step < steps; step++) {
    const from = step * classes;
    let best = 0;
    for (let c = 1; c < classes; c++) if (probabilities[from + c]! > probabilities[from + best]!) best = c;
    if (best !== 0 && best !== previous) {
      text += alphabet[best]!;
      sum += probabilities[from + best]!;
      kept += 1;
    }
    previous = best;
  }
  return { text, confidence: kept === 0 ? 0 : sum / kept };
}

/** The recogniser's alphabet: the blank, the dictionary's characters (one a line), and the space. */
export function alphabetOf(dictionary: string): string[] {
  const characters = dictionary.split(/\r?\n/);
  if (characters.at(-1) === "") characters.pop();
  return ["", ...characters, " "];
}
