import http from "node:http";
import https from "node:https";
import type { EndpointView } from "#lib/deployments/view.ts";
import { connectPinned } from "#lib/tls/connect-pinned.ts";

export type EndpointRequest = {
  method: string;
  /** as it stands in the request line */
  path: string;
  headers: Record<string, string | number>;
  body?: string | Buffer;
  signal: AbortSignal;
};

/**
 * One request to a deployment's endpoint, on a connection of its own. The address is the endpoint's; over HTTPS
 * nobody else's certificate will do, or, where it has none of its own, only one that the authorities vouch for. Redirects
 * aren't followed.
 *
 * @throws what the connection throws
 */
export function sendToEndpoint(
  endpoint: EndpointView,
  request: EndpointRequest,
): Promise<http.IncomingMessage> {
  const { method, path, headers, body, signal } = request;
  const url = new URL(endpoint.url);
  const options = {
    host: endpoint.ip,
    port: endpoint.port,
    method,
    path,
    signal,
    headers: { ...headers, host: url.host },
  } as const;
  const connect = () => {
    if (endpoint.certificate)
      return https.request({ ...options, ...connectPinned(endpoint.certificate, signal) });
    if (url.protocol === "http:") return http.request({ ...options, agent: false });
    return https.request({ ...options, agent: false, servername: url.hostname, rejectUnauthorized: true });
  };
  return new Promise((resolve, reject) => {
    const sent = connect();
    sent.on("response", resolve);
    sent.on("error", reject);
    sent.end(body);
  });
}
