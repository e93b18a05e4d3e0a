import { createServer } from "node:net";

/** @throws Error with what to do, if the portal couldn't listen there */
export async function requireFreePort(address: string, port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, address, port)));
    server.listen(port, address, () => server.close(() => resolve()));
  });
}

function explain(cause: NodeJS.ErrnoException, address: string, port: number): Error {
  const why: Record<string, string> = {
    EADDRINUSE: `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=3001 npm start`,
    EACCES: `This user may not listen on port ${port}. Choose one above 1023: PORT=3000 npm start`,
    EADDRNOTAVAIL: `This machine has no address ${address}. Set SLUICE_BIND to one that it has, or leave it away.`,
  };
  const message =
    why[cause.code ?? ""] ?? `Sluice can't listen on ${address}, port ${port}: ${cause.message}`;
  return new Error(message, { cause });
}
