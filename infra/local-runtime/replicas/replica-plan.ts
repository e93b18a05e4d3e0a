import path from "node:path";
import { safePath } from "#infra/haproxy/quote.ts";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import type { Folders } from "#infra/local-runtime/folders.ts";
import type { RuntimeOptions } from "#infra/local-runtime/options.ts";
import type { ModelServerCommand } from "#infra/local-runtime/protocol.ts";
import { replicaEnvironment } from "#infra/local-runtime/replicas/environment.ts";
import type { ReplicaPlan } from "#infra/local-runtime/replicas/replica.ts";
import { startProcess } from "#infra/local-runtime/replicas/spawn.ts";
import type { SecretReader } from "#infra/local-runtime/secret-reader.ts";

/**
 * What a replica is started with. Its secrets are opened only when a process is started.
 *
 * @param of `command` is `null` where its model server is no longer wanted: then nothing can be started
 */
export function replicaPlan(
  { folders, options, secrets }: { folders: Folders; options: RuntimeOptions; secrets: SecretReader },
  of: {
    deploymentId: string;
    variant: string;
    id: string;
    ordinal: number;
    config: string;
    command: ModelServerCommand | null;
  },
): ReplicaPlan {
  const { deploymentId, variant, id, ordinal, config, command } = of;
  const socket = folders.replicaSocket(id);
  const logFile = path.join(folders.logs(deploymentId), `${variant}-${ordinal}.log`);
  return {
    id,
    ordinal,
    socket,
    logFile,
    config,
    healthPath: safePath(command?.healthPath ?? "/healthz"),
    timing: options.timing,
    async start() {
      if (!command) throw new CommandFailure("start_failed", "This model server is no longer wanted.");
      const env = await secrets.resolve(deploymentId, command.env);
      return startProcess({
        command: options.modelCommand(command.model).command,
        environment: replicaEnvironment({ socket, replicaId: id, env }),
        logFile,
        workFolder: folders.work(deploymentId),
      });
    },
  };
}
