import type { OperationKind } from "#lib/operations/status.ts";

export const operationWords: Record<OperationKind, string> = {
  deploy: "Deploy",
  update: "Change",
  destroy: "Tear-down",
};
