import { NextResponse, type NextRequest } from "next/server";
import { contentSecurityPolicy } from "#lib/web/content-security-policy.ts";

/**
 * Security headers for every page, with a nonce for its scripts that is new with each request. (Answers of the
 * API set their own; they don't pass here, because a proxy holds a copy of each request's body.) Nobody is let in or kept out here: verbs and pages do that.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === "development");
  const headers = new Headers(request.headers);
  // Next reads the nonce out of this header and puts it on its own scripts.
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("referrer-policy", "same-origin");
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("x-frame-options", "DENY");
  response.headers.set("cross-origin-opener-policy", "same-origin");
  response.headers.set("permissions-policy", "camera=(), microphone=(), geolocation=()");
  return response;
}

export const config = {
  matcher: [{ source: "/((?!api/|_next/static|_next/image).*)" }],
};
