import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import type { Tls, TlsInput } from "#lib/deployments/spec.ts";
import { newId } from "#lib/ids.ts";
import { invalid } from "#lib/parse-input.ts";
import { seal } from "#lib/secrets/seal.ts";
import { certificateProblem } from "#lib/tls/certificate-problem.ts";
import { normalizedKey, readChain, readKey } from "#lib/tls/read-certificate.ts";
import { stillServes } from "#lib/tls/still-serves.ts";

const none: Tls = { mode: "none" };

/**
 * Puts a new key sealed into the table of secrets, and its id beside the certificate. What isn't given stays as it
 * was; a self-signed certificate is made anew where there is none, where it is for other hosts, or in its last month.
 *
 * @param before of the revision before
 * @throws SluiceError `invalid` at the certificate or its key
 */
export async function sealTls(
  tx: Tx,
  ctx: SealingContext,
  deploymentId: string,
  given: TlsInput,
  before: Tls = none,
): Promise<Tls> {
  const now = ctx.clock.now();
  const { tls, key } = await resolve(given, before, now, ctx.endpointHost);
  if (key !== null && tls.mode !== "none") {
    const sealed = seal(ctx.sealingKey, deploymentId, key);
    await tx.secret.create({
      data: { id: tls.keyId, deploymentId, name: "the certificate's key", sealed, createdAt: now },
    });
  }
  return tls;
}

/** As it would be stored, for a preview: nothing is made, so a new self-signed certificate is empty. */
export async function previewTls(
  ctx: { clock: SealingContext["clock"]; endpointHost?: string },
  given: TlsInput,
  before: Tls = none,
): Promise<Tls> {
  const isNew = given.mode === "self-signed" && !keepsOwn(before, ctx.endpointHost, ctx.clock.now());
  if (isNew) return { mode: "self-signed", certificate: "", keyId: newId("sec") };
  return (await resolve(given, before, ctx.clock.now(), ctx.endpointHost)).tls;
}

async function resolve(
  given: TlsInput,
  before: Tls,
  now: Date,
  host = "localhost",
): Promise<{ tls: Tls; key: string | null }> {
  switch (given.mode) {
    case "none":
      return { tls: none, key: null };
    case "self-signed": {
      if (keepsOwn(before, host, now)) return { tls: before, key: null };
      // The library takes a third of a second to load, and most deployments don't need it.
      const { selfSigned } = await import("#lib/tls/self-signed.ts");
      const { certificate, key } = await selfSigned(host, now);
      return { tls: { mode: "self-signed", certificate, keyId: newId("sec") }, key };
    }
    case "given":
      return resolveGiven(given, before, now);
  }
}

function keepsOwn(before: Tls, host = "localhost", now: Date): boolean {
  return before.mode === "self-signed" && stillServes(before.certificate, host, now);
}

function resolveGiven(
  given: Extract<TlsInput, { mode: "given" }>,
  before: Tls,
  now: Date,
): { tls: Tls; key: string | null } {
  const stored = before.mode === "given" ? before : null;
  // One that expires while it serves mustn't stand in the way of another change.
  if (stored && given.certificate === undefined && given.key === undefined) return { tls: stored, key: null };
  const certificate = given.certificate ?? stored?.certificate ?? "";
  const problem = certificateProblem(certificate, given.key ?? null, stored?.certificate ?? null, now);
  if (problem) throw invalid([problem]);
  const keyId = given.key === undefined ? (stored?.keyId ?? newId("sec")) : newId("sec");
  const chain = readChain(certificate).join("");
  const key = given.key === undefined ? null : readKey(given.key);
  return { tls: { mode: "given", certificate: chain, keyId }, key: key && normalizedKey(key) };
}
