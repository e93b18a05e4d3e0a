import { openDb } from "#lib/db.ts";
import { portalPortSetting } from "#lib/deployments/port-conflict.ts";

/** Writes down which port is the portal's own, so that no endpoint asks for it. */
export async function recordPort(databaseUrl: string, port: number): Promise<void> {
  const db = openDb(databaseUrl, 1);
  try {
    const value = String(port);
    await db.setting.upsert({
      where: { name: portalPortSetting },
      create: { name: portalPortSetting, value },
      update: { value },
    });
  } finally {
    await db.$disconnect();
  }
}
