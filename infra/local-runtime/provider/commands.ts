import { localTypes } from "#lib/targets/local/plan.ts";

/** What the engine knows of a resource: plain values, ids of secrets but never a secret. */
export type Inputs = Record<string, unknown>;

/** One command of the runtime's protocol: where it goes and what it carries. */
export type Command = { path: string; body: Inputs };

/** Inputs that say which thing it is; the rest says how it should be. */
const identity = ["deploymentId", "variant"];

/** @param urn such as `urn:pulumi:dep-x::sluice::sluice:local:Pool::main` */
export function typeOf(urn: string): string {
  return urn.split("::")[2] ?? "";
}

/** @throws Error on a type that isn't one of the local target's */
export function commandFor(type: string, inputs: Inputs): Command {
  const body = Object.fromEntries(Object.entries(inputs).filter(([name]) => !identity.includes(name)));
  const deployment = `/deployments/${encodeURIComponent(String(inputs.deploymentId))}`;
  const variant = encodeURIComponent(String(inputs.variant));
  switch (type) {
    case localTypes.endpoint:
      // The engine drops null inputs; the protocol wants the field.
      return { path: `${deployment}/endpoint`, body: { ...body, port: inputs.port ?? null } };
    case localTypes.modelServer:
      return { path: `${deployment}/model-servers/${variant}`, body };
    case localTypes.pool:
      return { path: `${deployment}/pools/${variant}`, body };
    case localTypes.routes:
      return { path: `${deployment}/routes`, body };
    default:
      throw new Error(`The local target has no resource of type ${type}.`);
  }
}
