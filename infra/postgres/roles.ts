import { createHmac, pbkdf2Sync, randomBytes, createHash } from "node:crypto";
import pg from "pg";

/** A role's password, the same at every start as long as the secret is. */
export function passwordOf(role: string, secret: Buffer): string {
  return createHmac("sha256", secret).update(`postgres role ${role}`).digest("hex");
}

/**
 * Makes a role that may log in with a password, or sets the password of the one there is.
 *
 * @param client someone who may create roles
 */
export async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const name = client.escapeIdentifier(role);
  const { rowCount } = await client.query("select 1 from pg_roles where rolname = $1", [role]);
  // As a verifier: a server that logs its statements must not log the password.
  const verifier = client.escapeLiteral(scramVerifier(password));
  await client.query(`${rowCount ? "alter" : "create"} role ${name} login password ${verifier}`);
}

/** What Postgres itself would keep of a password, by RFC 5802 and RFC 7677. */
function scramVerifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const keyed = (text: string) => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(keyed("Client Key")).digest("base64");
  const server = keyed("Server Key").toString("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${stored}:${server}`;
}
