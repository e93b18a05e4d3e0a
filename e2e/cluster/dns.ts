import { writeFile } from "node:fs/promises";
import path from "node:path";
import { addresses, ports } from "#e2e/cluster/addresses.ts";
import type { Parts } from "#e2e/cluster/control-plane.ts";
import { startProgram } from "#e2e/cluster/program.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

/** Starts the DNS that pods ask. Answers are good for a second, so that no test waits for an old one to go. */
export async function startDns({ folder, bin, programs }: Parts): Promise<void> {
  const ready = `127.0.0.1:${ports.dnsReady}`;
  const file = path.join(folder, "Corefile");
  const kubeconfig = JSON.stringify(path.join(folder, "kubeconfig"));
  await writeFile(
    file,
    `.:53 {
  bind ${addresses.node}
  ready ${ready}
  errors
  cache 1
  kubernetes cluster.local {
    kubeconfig ${kubeconfig} test
    ttl 1
  }
}
`,
  );
  const program = await startProgram(folder, "coredns", path.join(bin, "coredns"), ["-conf", file]);
  programs.push(program);
  await waitUntil("the cluster's DNS", async () => {
    await program.check();
    return (await fetch(`http://${ready}/ready`)).ok;
  });
}
