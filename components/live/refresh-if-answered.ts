/**
 * Reads the page's rows again if the portal answers, and says whether it did. Without an answer the framework would
 * fall back to the browser's own navigation, whose error page would replace what is shown, and stay.
 */
export async function refreshIfAnswered(
  answers: () => Promise<boolean>,
  refresh: () => void,
): Promise<boolean> {
  if (!(await answers())) return false;
  refresh();
  return true;
}
