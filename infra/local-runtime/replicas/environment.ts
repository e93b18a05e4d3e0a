import { CommandFailure } from "#infra/local-runtime/failure.ts";
import { isReservedEnvName } from "#lib/replicas/reserved-env.ts";

/**
 * A replica's whole environment, built from a list: nothing of the runtime's own (its database address, its key)
 * gets in.
 *
 * @throws CommandFailure `start_failed` for a name that would change how the program itself is loaded
 */
export function replicaEnvironment(options: {
  socket: string;
  replicaId: string;
  env: { name: string; value: string }[];
}): Record<string, string> {
  const reserved = options.env.find(({ name }) => isReservedEnvName(name));
  if (reserved) {
    throw new CommandFailure(
      "start_failed",
      `The environment name ${reserved.name} is the system's own. Choose another name.`,
    );
  }
  return {
    ...Object.fromEntries(options.env.map(({ name, value }) => [name, value])),
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    SLUICE_SOCKET: options.socket,
    SLUICE_REPLICA: options.replicaId,
  };
}
