export type Part = { contentType: string; bytes: Buffer };

/** The parts of a multipart/related body (RFC 2387); none where it is malformed. */
export function readMultipart(contentType: string, body: Buffer): Part[] {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = Buffer.from(`--${quoted ?? plain ?? ""}`);
  if (boundary.length === 2) return [];
  const parts: Part[] = [];
  let at = body.indexOf(boundary);
  while (at >= 0) {
    const start = at + boundary.length;
    const next = body.indexOf(boundary, start);
    if (next < 0) break;
    const headersEnd = body.indexOf("\r\n\r\n", start);
    if (headersEnd < 0 || headersEnd > next) return [];
    const headers = body.subarray(start, headersEnd).toString();
    const [, type = ""] = /content-type:\s*([^\r\n]+)/i.exec(headers) ?? [];
    // The line break before a boundary belongs to the boundary.
    parts.push({ contentType: type.trim(), bytes: body.subarray(headersEnd + 4, next - 2) });
    at = next;
  }
  return parts;
}
