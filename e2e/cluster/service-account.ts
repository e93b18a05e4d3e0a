import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ClusterError } from "#e2e/cluster/cluster-error.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { run } from "#infra/tools/run.ts";
import { kubeconfigCommand, serviceAccountManifest } from "#lib/targets/kubernetes/service-account.ts";

/**
 * Makes the account that an admin makes for Sluice: applies what is there to paste, and runs the command that prints
 * a kubeconfig, both as they stand.
 *
 * @param kubectl the program
 * @param admin the file of an administrator's kubeconfig
 * @returns the kubeconfig of the account, which has the rights of our ClusterRole and no others
 */
export async function makeServiceAccount(kubectl: string, admin: string): Promise<string> {
  const bin = await mkdtemp(path.join(tmpdir(), "sluice-kubectl-"));
  const asAdmin = async (program: string, args: string[], input?: string) => {
    // What kubectl remembers of a cluster goes with it.
    const env = { KUBECONFIG: admin, KUBECACHEDIR: bin, PATH: `${bin}:${process.env.PATH ?? ""}` };
    const { code, output } = await run(program, args, { env, input });
    if (code !== 0) throw new ClusterError("refused", `${args.join(" ")}: ${output}`);
    return output;
  };
  try {
    await symlink(kubectl, path.join(bin, "kubectl"));
    await asAdmin(kubectl, ["apply", "-f", "-"], serviceAccountManifest());
    const script = path.join(bin, "kubeconfig.sh");
    await writeFile(script, kubeconfigCommand);
    return await waitUntil("the account's token", async () => {
      const kubeconfig = await asAdmin("sh", [script]);
      if (/token: "[^"]+"/.test(kubeconfig)) return kubeconfig;
      throw new ClusterError("refused", kubeconfig); // without a token in it
    });
  } finally {
    await rm(bin, { recursive: true });
  }
}
