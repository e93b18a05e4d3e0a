/**
 * One JSON line a request. Nothing of a user's goes in but the method and the path (without its query, where
 * people put what they shouldn't), both bounded: a line that is cut off couldn't be counted.
 */
const fields = {
  t: "%[date(0,ms)]",
  f: '"%f"',
  b: '"%b"',
  s: '"%s"',
  st: "%ST",
  e: '"%ts"',
  w: "%Tw",
  c: "%Tc",
  r: "%Tr",
  a: "%Ta",
  o: "%B",
  k: '"%[var(txn.key)]"',
  id: '"%[unique-id]"',
  m: '"%[var(txn.method),json(utf8s)]"',
  p: '"%[var(txn.path),json(utf8s)]"',
};

export const logFormat = formatOf(fields);

/** Where a server's name doesn't say which replica it is now, its address does. */
export const logFormatWithAddress = formatOf({ ...fields, i: '"%si"' });

function formatOf(parts: Record<string, string>): string {
  const named = Object.entries(parts).map(([name, value]) => `"${name}":${value}`);
  return `{${named.join(",")}}`;
}

/** Lets the log's format have what it needs. */
export const logVariables = [
  "  http-request set-var(txn.method) method,bytes(0,16)",
  "  http-request set-var(txn.path) path,bytes(0,512)",
];

export type LogLine = {
  /** when the request ended, milliseconds since 1970 */
  t: number;
  /** frontend: the deployment's id */
  f: string;
  /** backend and server, as names.ts reads them */
  b: string;
  s: string;
  /** status, -1 without an answer */
  st: number;
  /** how it ended: the manual's two letters, `--` if well */
  e: string;
  /** milliseconds in the queue, until connected, until the answer began, altogether; -1 if not reached */
  w: number;
  c: number;
  r: number;
  a: number;
  /** bytes of the answer */
  o: number;
  /** label of the key, `-` without one */
  k: string;
  id: string;
  m: string;
  p: string;
  /** the server's address, `-` without one; in a cluster alone */
  i?: string;
};

/** The label of the portal's own key: its requests are the portal's, not traffic. */
export const probeLabel = "probe";

/** `null` for what HAProxy writes about itself. */
export function parseLogLine(line: string): LogLine | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return null;
  }
}
