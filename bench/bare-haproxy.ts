import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { descendantsOf } from "./processes.ts";

export type BareHaproxy = { url: string; pids: number[]; stop: () => Promise<void> };

/**
 * The reference: the same HAProxy with nothing but a frontend and the same replicas — no key, no log, no metrics,
 * no routes, no limits.
 */
export async function startBareHaproxy(options: {
  executable: string;
  folder: string;
  port: number;
  sockets: readonly string[];
}): Promise<BareHaproxy> {
  const { executable, folder, port, sockets } = options;
  const file = path.join(folder, "bare-haproxy.cfg");
  const lines = [
    "defaults",
    "  mode http",
    "  timeout connect 5s",
    "  timeout client 60s",
    "  timeout server 60s",
    "frontend bare",
    `  bind 127.0.0.1:${port}`,
    "  default_backend replicas",
    "backend replicas",
    "  balance leastconn",
    ...sockets.map((socket, i) => `  server replica${i} "unix@${socket}"`),
  ];
  await writeFile(file, `${lines.join("\n")}\n`);
  const child = spawn(executable, ["-W", "-f", file], { stdio: "ignore" });
  for (let tries = 0; !(await accepts(port)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error("The bare HAProxy didn't start.");
    await pause(50);
  }
  const pids = [child.pid!, ...descendantsOf(child.pid!).map(({ pid }) => pid)];
  const stop = async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  };
  return { url: `http://127.0.0.1:${port}`, pids, stop };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
