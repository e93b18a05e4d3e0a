import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { portsOf } from "#infra/local-runtime/choose-port.ts";
import type { DesiredState } from "#infra/local-runtime/desired-state.ts";
import type { Folders } from "#infra/local-runtime/folders.ts";
import { certificateFiles } from "#infra/local-runtime/haproxy/certificates.ts";
import type { Ledger } from "#infra/local-runtime/ledger.ts";
import { listeningPorts } from "#infra/local-runtime/ports.ts";
import { replicaProcesses } from "#infra/local-runtime/process-table.ts";
import type { Inventory } from "#infra/local-runtime/protocol.ts";

/**
 * What exists of a deployment, read from the process table, the kernel's list of listening ports and the disk:
 * never from what the runtime believes.
 */
export function takeInventory(
  parts: { folders: Folders; desired: DesiredState; ledger: Ledger; balancerPids: number[] },
  deploymentId: string,
): Inventory {
  const { folders, desired, ledger } = parts;
  const sockets = path.join(folders.sockets, path.sep);
  const processes = replicaProcesses()
    .filter(({ replica, socket }) => replica.startsWith(`${deploymentId}/`) && socket.startsWith(sockets))
    .map(({ pid, replica }) => ({ pid, what: `replica ${replica.slice(deploymentId.length + 1)}` }));
  const files = [desired.file(deploymentId), folders.keys(deploymentId)]
    .concat(filesIn(folders.logs(deploymentId)), filesIn(folders.work(deploymentId)))
    .concat(folders.replicaSockets(deploymentId), certificateFiles(folders, deploymentId))
    .filter((file) => existsSync(file));
  return { processes, ports: endpointPorts(), files };

  function endpointPorts(): Inventory["ports"] {
    const port = desired.get(deploymentId)?.endpoint?.port ?? ledger.lastPort(deploymentId);
    const redirect = desired.get(deploymentId)?.endpoint?.redirectFrom ?? null;
    const others = new Set(
      desired.all().flatMap((other) => (other.id === deploymentId ? [] : portsOf(other))),
    );
    const listening = listeningPorts(parts.balancerPids);
    return [
      { port, what: "endpoint" },
      { port: redirect, what: "redirect to the endpoint" },
    ].flatMap(({ port: found, what }) =>
      found !== null && !others.has(found) && listening.has(found) ? [{ port: found, what }] : [],
    );
  }
}

/** The folder itself and what is in it. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return [folder, ...readdirSync(folder, { recursive: true }).map((name) => path.join(folder, String(name)))];
}
