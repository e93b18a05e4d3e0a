import http from "node:http";

/** Whether a replica says on its own socket that it is well: any 2xx or 3xx. */
export function isHealthy(socketPath: string, path: string, boundMs = 3_000): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path, agent: false, timeout: boundMs }, (response) => {
      response.resume();
      const { statusCode = 500 } = response;
      resolve(statusCode >= 200 && statusCode < 400);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
