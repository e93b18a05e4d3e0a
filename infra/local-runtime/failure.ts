import type { FailureCode } from "#lib/deployments/status.ts";
import type { RuntimeFailure } from "#infra/local-runtime/protocol.ts";

const status: Partial<Record<FailureCode, number>> = {
  stale_fence: 409,
  port_taken: 409,
  load_balancer_missing: 503,
  load_balancer_failed: 503,
  engine_failed: 500,
};

/** A command that failed, as the protocol answers it. */
export class CommandFailure extends Error {
  readonly status: number;
  readonly failure: RuntimeFailure;

  constructor(
    code: FailureCode,
    message: string,
    options: { logLines?: string[]; status?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "CommandFailure";
    this.status = options.status ?? status[code] ?? 422;
    this.failure = { code, message, logLines: options.logLines ?? [] };
  }
}
