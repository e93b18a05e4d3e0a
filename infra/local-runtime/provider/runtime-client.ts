import http from "node:http";
import { strangersFolder } from "#infra/local-runtime/socket-path.ts";
import type { fenceHeader as FenceHeader, RuntimeFailure } from "#infra/local-runtime/protocol.ts";

// Checked against the protocol by its type alone: loading zod would slow the start of each operation.
const fenceHeader: typeof FenceHeader = "sluice-fence";

/** The runtime answered that it failed, or couldn't be reached. */
export class RuntimeError extends Error {
  readonly failure: RuntimeFailure;

  constructor(failure: RuntimeFailure, cause?: unknown) {
    super(failure.message, { cause });
    this.name = "RuntimeError";
    this.failure = failure;
  }
}

export type RuntimeClient = {
  /** @throws RuntimeError */
  send(
    method: "GET" | "PUT" | "DELETE",
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<unknown>;
};

/**
 * Talks to the local runtime. Every command is idempotent, so one that got no answer (the runtime was being
 * restarted, say) is sent again for `patienceMs`.
 */
export function runtimeClient(options: {
  socketPath: string;
  fence: number;
  /** milliseconds */
  patienceMs?: number;
}): RuntimeClient {
  const { socketPath, fence, patienceMs = 10_000 } = options;
  return {
    async send(method, path, body, signal) {
      const strange = strangersFolder(socketPath);
      if (strange) throw new RuntimeError({ code: "target_unreachable", message: strange, logLines: [] });
      const giveUpAt = performance.now() + patienceMs;
      for (;;) {
        try {
          const answer = await request({ socketPath, fence, method, path, body, signal });
          if (answer.status < 300) return answer.text ? JSON.parse(answer.text) : null;
          throw new RuntimeError(failureOf(answer));
        } catch (error) {
          if (error instanceof RuntimeError) throw error;
          if (signal?.aborted) {
            throw new RuntimeError({
              code: "cancelled",
              message: "Cancelled while it waited.",
              logLines: [],
            });
          }
          if (performance.now() > giveUpAt) throw unreachable(error);
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      }
    },
  };
}

function unreachable(cause: unknown): RuntimeError {
  const message =
    "The local runtime doesn't answer, so nothing can be run on this machine. If Sluice was started with npm start it is being restarted: retry in a moment, else see its log.";
  return new RuntimeError({ code: "target_unreachable", message, logLines: [] }, cause);
}

type Answer = { status: number; text: string };

function failureOf(answer: Answer): RuntimeFailure {
  try {
    const { code, message, logLines = [] } = JSON.parse(answer.text) as RuntimeFailure;
    if (code && message) return { code, message, logLines };
  } catch {
    // Not the protocol's form: said below.
  }
  const message = `The local runtime answered ${answer.status} without saying why.`;
  return { code: "engine_failed", message, logLines: answer.text ? [answer.text.slice(0, 500)] : [] };
}

function request(options: {
  socketPath: string;
  fence: number;
  method: string;
  path: string;
  body: unknown;
  signal: AbortSignal | undefined;
}): Promise<Answer> {
  const { socketPath, fence, method, path, body, signal } = options;
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = http.request({
      socketPath,
      method,
      path,
      signal,
      agent: false,
      headers: {
        [fenceHeader]: String(fence),
        ...(text === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
      },
    });
    sent.on("error", reject);
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        // Without this, half an answer of a runtime that died would count as a whole one.
        if (!response.complete) return reject(new Error("The answer broke off."));
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
      });
    });
    sent.end(text);
  });
}
