import { randomUUID } from "node:crypto";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { request, type BrowserContextOptions } from "@playwright/test";
import { PortalApi } from "#e2e/portal/api.ts";

const root = path.join(import.meta.dirname, "../..");

export type Session = Exclude<BrowserContextOptions["storageState"], string | undefined>;
/** Somebody with an account of their own, signed in, with an API key. */
export type Person = { name: string; email: string; password: string; session: Session; api: PortalApi };

/** A one-time link, made as an admin makes it on the machine: by the command. Without an address, for the admin. */
export function signInLink(email?: string): string {
  const run = spawnSync("npm", ["run", "--silent", "sign-in-link", ...(email ? ["--", email] : [])], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, SLUICE_HOME: process.env.SLUICE_TEST_HOME },
  });
  if (run.status !== 0) throw new Error(`npm run sign-in-link failed: ${run.stderr}`);
  return run.stdout.trimEnd().split("\n").at(-1) ?? "";
}

/** The people of a run. Each spec has a member of its own, so that no spec sees what another one made. */
export class People {
  #admin: Promise<PortalApi> | undefined;
  readonly #members = new Map<string, Promise<Person>>();

  /** The API as an admin who was there before. */
  admin(): Promise<PortalApi> {
    this.#admin ??= spendLink(signInLink()).then(({ key }) => new PortalApi(key));
    return this.#admin;
  }

  /** The person of this name; made when first asked for. */
  of(name: string, role: "member" | "admin" = "member"): Promise<Person> {
    const known = this.#members.get(name) ?? this.#invite(name, role);
    this.#members.set(name, known);
    return known;
  }

  /** Tears down what they made and left running. */
  async leave(): Promise<void> {
    for (const member of this.#members.values()) {
      const { name, api } = await member;
      // An admin sees everybody's.
      const own = (await api.list()).filter(({ owner }) => owner.name === name);
      for (const deployment of own) await api.destroy(deployment.id);
    }
  }

  async #invite(name: string, role: "member" | "admin"): Promise<Person> {
    const email = `${name}-${randomUUID().slice(0, 8)}@example.test`;
    const admin = await this.admin();
    const answer = await admin.send<{ link: string }>("POST", "/people/invitations", { email, role });
    if (answer.status !== 201) throw new Error(`Not invited: ${JSON.stringify(answer.body)}`);
    const password = randomUUID();
    const { session, key } = await spendLink(answer.body.link, { name, password });
    return { name, email, password, session, api: new PortalApi(key) };
  }
}

/** Spends a link as its page does, and makes an API key as the account's page does. */
async function spendLink(link: string, account: { name?: string; password?: string } = {}) {
  const origin = process.env.SLUICE_TEST_URL ?? "";
  const browser = await request.newContext({ baseURL: origin, extraHTTPHeaders: { origin } });
  try {
    const token = link.split("/").at(-1);
    const signedIn = await browser.post("/api/auth/sign-in/link", { data: { token, ...account } });
    if (!signedIn.ok()) throw new Error(`The link ${link} wasn't taken: ${await signedIn.text()}`);
    const made = await browser.post("/api/v1/api-keys", { data: { name: "browser tests" } });
    if (!made.ok()) throw new Error(`No API key was made: ${await made.text()}`);
    const { key } = (await made.json()) as { key: string };
    return { session: await browser.storageState(), key };
  } finally {
    await browser.dispose();
  }
}
