import { createServer } from "node:http";

/** How many events a stream has, and the pause between them, in milliseconds. */
const events = 300;
const pauseMs = 10;

/**
 * A server on the unix socket in its first argument that answers anything with a stream of events, each the
 * moment of its writing on the machine's monotonic clock, in nanoseconds.
 */
const server = createServer((request, response) => {
  request.resume();
  if (request.url === "/healthz") return void response.end("ok");
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store, no-transform" });
  let left = events;
  const timer = setInterval(() => {
    response.write(`data: ${process.hrtime.bigint()}\n\n`);
    if (--left > 0) return;
    clearInterval(timer);
    response.end();
  }, pauseMs);
  response.on("close", () => clearInterval(timer));
});
server.keepAliveTimeout = 600_000;
server.listen(process.argv[2], () => process.stdout.write("listening\n"));
process.on("SIGTERM", () => process.exit(0));
