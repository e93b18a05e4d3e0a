/** A program that is there and was seen to run. */
export type Tool = {
  path: string;
  version: string;
  source: "cache" | "path" | "download" | "build" | "wheel";
};

/** Why a tool, or one way to it, can't be had. Tests and logs go by the name, people by the sentence. */
export type ToolReason =
  | "not_found"
  | "wrong_version"
  | "unreachable"
  | "stalled"
  | "cut_short"
  | "not_there"
  | "checksum_mismatch"
  | "broken_archive"
  | "pip_missing"
  | "pip_failed"
  | "build_failed"
  | "cache_not_writable";

/** `message` is a sentence for a person: what happened and what to do. */
export class ToolError extends Error {
  readonly reason: ToolReason;

  constructor(reason: ToolReason, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "ToolError";
    this.reason = reason;
  }
}

export type Obtaining = {
  /** SLUICE_CACHE */
  cache: string;
  signal: AbortSignal;
  /** @param fraction 0..1 where it can be known, else null */
  onProgress(step: string, fraction: number | null): void;
};
