/**
 * One word of HAProxy's configuration that holds exactly `value`. In single quotes nothing is special
 * (configuration manual, 2.2); a single quote itself is written outside of them.
 *
 * @throws Error on line ends and zero bytes: no quoting can carry them
 */
export function quote(value: string): string {
  if (/[\0\r\n]/.test(value))
    throw new Error("A value for the load balancer has no line ends or zero bytes.");
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/**
 * The argument of a fetch or converter, as in `req.fhdr(…)`: HAProxy reads the word once more, where quotes and
 * backslashes are special again. Put the result into a word made by `quote`.
 */
export function quoteArgument(value: string): string {
  return `"${value.replaceAll(/["\\]/g, (special) => `\\${special}`)}"`;
}

/** A path as it may stand in a request line: everything that isn't visible ASCII is percent-encoded. */
export function safePath(path: string): string {
  return encodeURI(path.toWellFormed())
    .replaceAll("%25", "%")
    .replaceAll(/[\0-\x20\x7f]/g, encodeURIComponent);
}
