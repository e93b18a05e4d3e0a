import { GoogleUnreachable } from "#infra/google/google-error.ts";

export type Sent = {
  method: string;
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  /** how long the whole answer may take */
  timeoutMs: number;
  signal?: AbortSignal;
};

export type Received = { status: number; headers: Headers; text: string };

/** The longest lists of Google's, of machine types, have a few megabytes a page. */
const mostBytes = 32 * 1024 * 1024;

/**
 * One HTTP request. It follows no redirect, since its token would go along.
 *
 * @param what what is asked, for the sentence of an error: an address could hold something secret
 * @throws GoogleUnreachable; the signal's own reason once it was aborted
 */
export async function send(url: string, what: string, sent: Sent): Promise<Received> {
  const { timeoutMs, signal, ...rest } = sent;
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      ...rest,
      redirect: "error",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return { status: response.status, headers: response.headers, text: await readText(response) };
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted)
      throw new GoogleUnreachable(`${what} didn't answer within ${Math.round(timeoutMs / 1000)} seconds.`, {
        cause: error,
      });
    throw new GoogleUnreachable(`${what} can't be reached: ${causeOf(error)}.`, { cause: error });
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new Error(`its answer has more than ${mostBytes / 1024 / 1024} MB`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** `fetch` says what went wrong in the cause of its error. */
function causeOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? (cause?.message || message) ?? "no reason given";
}
