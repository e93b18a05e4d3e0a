import { quote } from "#infra/haproxy/quote.ts";

/**
 * What holds for every HTTP endpoint. Retries only where nothing was sent: the connection to the replica failed;
 * then another one is tried at once. Streams may pause for long.
 */
export function httpDefaults(): string[] {
  return [
    "defaults",
    "  mode http",
    "  option http-keep-alive",
    "  option http-no-delay",
    "  option abortonclose",
    // A reload closes a client's idle connection after its next answer, not while a request may be under way.
    "  option idle-close-on-response",
    "  option dontlognull",
    "  option redispatch 1",
    "  retries 3",
    "  retry-on conn-failure",
    "  timeout http-request 30s",
    "  timeout http-keep-alive 30s",
    "  timeout connect 2s",
    "  timeout check 3s",
    "  timeout queue 60s",
    "  timeout client 10m",
    "  timeout server 10m",
    "  timeout tunnel 1h",
    "  unique-id-format %[uuid]",
    ...[
      problem(400, "malformed", "The load balancer can't read this request."),
      problem(408, "malformed", "The request took too long to arrive."),
      problem(502, "unavailable", "The replica ended or broke off before it had answered."),
      problem(503, "unavailable", "No replica takes requests now, or all were busy for a minute. Try again."),
      problem(504, "unavailable", "The replica took too long to answer."),
    ].map(
      ({ status, body }) =>
        `  http-error status ${status} content-type application/problem+json string ${quote(body)}`,
    ),
  ];
}

/** What holds for every endpoint of layer 4: connections are passed on as they come, and may be idle for long. */
export function tcpDefaults(): string[] {
  return [
    "defaults",
    "  mode tcp",
    "  option redispatch 1",
    "  option clitcpka",
    "  option srvtcpka",
    "  retries 3",
    "  timeout connect 2s",
    "  timeout check 3s",
    "  timeout queue 60s",
    "  timeout client 10m",
    "  timeout server 10m",
  ];
}

/** An answer that the load balancer gives itself, as the portal's API words problems (RFC 9457). */
export function problem(status: number, code: string, detail: string): { status: number; body: string } {
  return { status, body: JSON.stringify({ type: "about:blank", title: detail, status, code }) };
}
