import type { SealingContext } from "#lib/context.ts";
import type { Db } from "#lib/db.ts";
import { testAuthority } from "#lib/targets/kubernetes/authority-for-test.ts";
import type { Findings } from "#lib/targets/kubernetes/findings.ts";
import { findingsForTest } from "#lib/targets/kubernetes/findings-for-test.ts";
import { kubeconfigText } from "#lib/targets/kubernetes/kubeconfig-for-test.ts";
import { recordFindings } from "#lib/targets/record-findings.ts";
import { registerTarget } from "#lib/targets/register-target.ts";

/** Registers the cluster `prod`, which nobody reaches, and has it found well. */
export async function registerClusterForTest(
  admin: SealingContext,
  settings: { imagePrefix?: string } = {},
): Promise<void> {
  const ca = (await testAuthority()).certificate;
  const kubeconfig = kubeconfigText({ server: "https://203.0.113.7:6443", ca, user: { token: "token-1" } });
  await registerTarget(admin, { name: "prod", kubeconfig, ...settings });
  await findClusterForTest(admin);
}

/** Writes down what a check found of the one cluster there is. */
export async function findClusterForTest(
  admin: SealingContext,
  change: Partial<Findings> = {},
): Promise<void> {
  const row = await admin.db.target.findFirstOrThrow();
  await recordFindings(admin.db, {
    targetId: row.id,
    credentials: row.credentials!,
    clusterUid: null,
    findings: findingsForTest(change),
    at: admin.clock.now(),
  });
}

/** As it is where the first deployment that needs the image prefix is made just when that is taken away. */
export async function takePrefixAwayForTest(db: Db): Promise<void> {
  await db.target.updateMany({ data: { settings: { publicHost: null, imagePrefix: null } } });
}
