/** One JSON line on standard output, which the runtime keeps as the replica's log. */
export function log(level: "info" | "error", event: string, details: Record<string, unknown> = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...details })}\n`);
}
