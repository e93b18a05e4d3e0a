import { connect, type NetConnectOpts } from "node:net";

/**
 * Sends one line to one of HAProxy's sockets and reads the whole answer.
 *
 * @param at a unix socket's path, or a host and a port
 * @param until stops reading once the answer matches, for commands after which HAProxy keeps the connection
 * @throws Error if nothing answers within `boundMs`
 */
export function ask(
  at: string | NetConnectOpts,
  command: string,
  options: { boundMs?: number; until?: RegExp } = {},
): Promise<string> {
  const { boundMs = 5_000, until } = options;
  return new Promise((resolve, reject) => {
    const socket = typeof at === "string" ? connect(at) : connect(at);
    let answer = "";
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`The load balancer didn't answer "${command.slice(0, 40)}" within ${boundMs} ms.`));
    }, boundMs);
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer.trim());
    };
    socket.setEncoding("utf8");
    socket.on("connect", () => socket.write(`${command}\n`));
    socket.on("data", (chunk: string) => {
      answer += chunk;
      if (until?.test(answer)) end();
    });
    socket.on("end", end);
    socket.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

/**
 * Asks the master process. After a reload it keeps its side of a connection open (2.8.25), so it is told to quit.
 *
 * @param worker asks that worker instead; the answer is empty if it has ended
 */
export async function askMaster(socketPath: string, command: string, worker?: number): Promise<string> {
  const noWorker = /^Can't find the target PID/;
  const line = worker === undefined ? `${command}; quit` : `@!${worker} ${command}; quit`;
  const answer = await ask(socketPath, line, { until: noWorker });
  return noWorker.test(answer) ? "" : answer;
}
