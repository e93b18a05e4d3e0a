import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { runtimeSocketPath } from "#infra/local-runtime/socket-path.ts";

/** Where the runtime keeps what. Everything is the owner's alone. */
export type Folders = ReturnType<typeof folders>;

export function folders(home: string) {
  const root = path.join(home, "runtime");
  const socket = runtimeSocketPath(home);
  const sockets = path.dirname(socket);
  return {
    root,
    socket,
    sockets,
    adminSocket: path.join(sockets, "a.sock"),
    masterSocket: path.join(sockets, "m.sock"),
    deployments: path.join(root, "deployments"),
    ledger: path.join(root, "ledger.json"),
    haproxy: path.join(root, "haproxy"),
    /** the map file of a deployment's keys */
    keys: (id: string) => path.join(root, "haproxy", `${id}.keys`),
    logs: (id: string) => path.join(root, "logs", id),
    work: (id: string) => path.join(root, "work", id),
    /** Short, since a unix socket's path has at most 107 bytes. */
    replicaSocket: (replicaId: string) =>
      path.join(sockets, `${short(replicaId.split("/")[0] ?? "")}${short(replicaId)}.s`),
    /** Those of a deployment that are on the disk, whichever replicas made them. */
    replicaSockets: (deploymentId: string) =>
      readdirSync(sockets)
        .filter((name) => name.startsWith(short(deploymentId)) && name.endsWith(".s"))
        .map((name) => path.join(sockets, name)),
  };
}

function short(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** @throws Error if a folder for sockets is another person's: they could stand in for a replica */
export function makeFolders(of: Folders): void {
  for (const folder of [of.root, of.sockets, of.deployments, of.haproxy]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== process.getuid?.()) {
      throw new Error(
        `${folder} isn't a folder of the user that runs Sluice. Remove it, or set another SLUICE_HOME.`,
      );
    }
    chmodSync(folder, 0o700);
  }
}
