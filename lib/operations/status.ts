export const operationStatuses = [
  "queued",
  "running",
  "succeeded",
  "failed",
  "cancelled",
  "interrupted",
] as const;

export type OperationStatus = (typeof operationStatuses)[number];

/** A kind exists once it works. */
export const operationKinds = ["deploy", "update", "destroy"] as const;
export type OperationKind = (typeof operationKinds)[number];

/** The first terminal status written stays. */
export function isTerminal(status: OperationStatus): boolean {
  switch (status) {
    case "queued":
    case "running":
      return false;
    case "succeeded":
    case "failed":
    case "cancelled":
    case "interrupted":
      return true;
  }
}
