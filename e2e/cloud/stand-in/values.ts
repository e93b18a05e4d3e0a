// When what a program asked for and what Google says of it are the same.

/** Google leaves out what is nothing, and a program may as well. */
export function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isNothing);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const url = /^https?:\/\/[^/]+\/(?:compute|container|storage)\/[^/]+\//;

/** `projects/…` of a link, whichever host and version it begins with. */
export function relativeLink(text: string): string {
  return text.replace(url, "");
}

/**
 * Whether what is there is as it was asked for: links by their paths, lists in any order, numbers also as text, and
 * what was not asked for doesn't count.
 */
export function isAsAsked(asked: unknown, live: unknown): boolean {
  if (isNothing(asked)) return isNothing(live);
  if (Array.isArray(asked)) {
    return Array.isArray(live) && asked.length === live.length && matches(asked, live);
  }
  if (isObject(asked)) {
    return (
      isObject(live) &&
      Object.entries(asked).every(([name, value]) => isNothing(value) || isAsAsked(value, live[name]))
    );
  }
  if (typeof asked === "string" && typeof live === "string")
    return relativeLink(asked) === relativeLink(live);
  return String(asked) === String(live);
}

/** Whether each of one list has one of the other for itself. */
function matches(asked: unknown[], live: unknown[]): boolean {
  const left = [...live];
  return asked.every((item) => {
    const index = left.findIndex((other) => isAsAsked(item, other));
    if (index < 0) return false;
    left.splice(index, 1);
    return true;
  });
}

/** What is there, in the words in which it was asked for as far as it still is so. */
export function inWordsOf(asked: unknown, live: unknown): unknown {
  if (isAsAsked(asked, live)) return asked;
  if (!isObject(asked) || !isObject(live)) return live;
  return Object.fromEntries(
    Object.keys(asked)
      .filter((name) => name in live || isNothing(asked[name]))
      .map((name) => [name, inWordsOf(asked[name], live[name])]),
  );
}
