import { formatAge } from "#components/ui/format.ts";
import { Age } from "#components/ui/time.tsx";
import type { DeploymentView } from "#lib/deployments/view.ts";

/** How old a deployment is; of one that is destroyed, how long it lived and when it ended. */
export function Lifetime({ createdAt, destroyedAt }: Pick<DeploymentView, "createdAt" | "destroyedAt">) {
  if (destroyedAt === null) return <Age at={createdAt} suffix=" old" />;
  const lived = Date.parse(destroyedAt) - Date.parse(createdAt);
  return (
    <>
      lived <span className="figures whitespace-nowrap">{formatAge(lived)}</span>, destroyed{" "}
      <Age at={destroyedAt} suffix=" ago" />
    </>
  );
}
