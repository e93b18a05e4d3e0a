import { randomInt } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";

type Taken = { port: number; release: () => Promise<void> };

/** Listens on a free port, so that nobody else can. */
export async function takePort(port = 0): Promise<Taken> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const taken = server.address() as AddressInfo;
  return { port: taken.port, release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** One that nobody gets who asks the system for any port, so that it stays free until somebody comes back for it. */
export async function takeQuietPort(attempts = 20): Promise<Taken> {
  try {
    return await takePort(randomInt(20_000, 30_000));
  } catch (error) {
    if (attempts <= 1) throw error;
    return takeQuietPort(attempts - 1);
  }
}
