import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { Folders } from "#infra/local-runtime/folders.ts";
import type { EndpointCommand } from "#infra/local-runtime/protocol.ts";
import type { SecretReader } from "#infra/local-runtime/secret-reader.ts";
import { writeAtomically } from "#infra/local-runtime/write-atomically.ts";

type Tls = NonNullable<EndpointCommand["tls"]>;

/**
 * The files that HAProxy reads certificates and keys from: the only place on the disk where a key stands in plain,
 * 0600. Each certificate has a file of its own name, so that another one changes the configuration and comes by a
 * reload, and the one before is there until then.
 */
export class Certificates {
  readonly #folders: Folders;
  readonly #secrets: SecretReader;

  constructor(folders: Folders, secrets: SecretReader) {
    this.#folders = folders;
    this.#secrets = secrets;
  }

  file(deploymentId: string, { certificate, keyId }: Tls): string {
    const hash = createHash("sha256").update(keyId).update(certificate).digest("hex").slice(0, 12);
    return path.join(this.#folders.haproxy, `${deploymentId}.${hash}.pem`);
  }

  /** Those of a deployment that are on the disk. */
  files(deploymentId: string): string[] {
    return certificateFiles(this.#folders, deploymentId);
  }

  /** Makes the file, if it isn't there. @throws CommandFailure `secret_unreadable` */
  async ensure(deploymentId: string, tls: Tls | null | undefined): Promise<void> {
    if (!tls || existsSync(this.file(deploymentId, tls))) return;
    const entry = { name: "of the certificate's key", secretId: tls.keyId };
    const [key] = await this.#secrets.resolve(deploymentId, [entry]);
    writeAtomically(this.file(deploymentId, tls), `${tls.certificate.trim()}\n${key?.value.trim()}\n`);
  }

  /** Removes all but this one's. */
  keepOnly(deploymentId: string, tls: Tls | null | undefined): void {
    const kept = tls ? this.file(deploymentId, tls) : null;
    for (const file of this.files(deploymentId)) if (file !== kept) rmSync(file, { force: true });
  }
}

export function certificateFiles(folders: Folders, deploymentId: string): string[] {
  return readdirSync(folders.haproxy)
    .filter((name) => name.startsWith(`${deploymentId}.`) && /\.pem(\.new)?$/.test(name))
    .map((name) => path.join(folders.haproxy, name));
}
