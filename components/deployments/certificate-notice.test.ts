import { expect, test } from "vitest";
import { certificateNotice } from "#components/deployments/certificate-notice.ts";

const expiresAt = "2026-06-15T12:00:00.000Z";
const noticeAt = (now: string, mode: "given" | "self-signed" = "given") =>
  certificateNotice({ expiresAt }, mode, new Date(now));

test("a certificate is spoken of in its last two weeks, and once it has ended, with what to do", () => {
  expect(noticeAt("2026-06-01T11:59:59Z")).toBeNull();
  expect(noticeAt("2026-06-01T12:00:00Z")).toMatchObject({
    tone: "warn",
    title: "The endpoint’s certificate ends on 2026-06-15",
  });
  expect(noticeAt("2026-06-15T11:59:59Z")?.tone).toBe("warn");
  const ended = noticeAt("2026-06-15T12:00:00Z");
  expect(ended).toMatchObject({ tone: "bad", title: "The endpoint’s certificate ended on 2026-06-15" });
  expect(ended?.text).toContain("Give it another one: Settings → Endpoint, HTTPS.");
});

test("a self-signed one needs no other: applying the settings makes it", () => {
  expect(noticeAt("2026-06-16T00:00:00Z", "self-signed")?.text).toContain("A new one is made");
});
