/** How long a worker owns an operation after its last beat. It beats three times as often. */
export const leaseMs = 9_000;

export function leaseFrom(now: Date): Date {
  return new Date(now.getTime() + leaseMs);
}
