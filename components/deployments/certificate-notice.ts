import type { Tone } from "#components/ui/callout.tsx";
import type { CertificateView } from "#lib/tls/read-certificate.ts";
import type { Tls } from "#lib/deployments/spec.ts";

/** How long before its end a certificate is spoken of. */
const warnDays = 14;
const dayMs = 86_400_000;

type Notice = { tone: Tone; title: string; text: string };

/** What is said on the overview of a certificate that ends soon or has ended; `null` while it has time. */
export function certificateNotice(
  { expiresAt }: Pick<CertificateView, "expiresAt">,
  mode: Tls["mode"],
  now: Date,
): Notice | null {
  const leftMs = Date.parse(expiresAt) - now.getTime();
  if (leftMs > warnDays * dayMs) return null;
  const day = expiresAt.slice(0, 10);
  const way = ways[mode];
  if (leftMs <= 0) {
    const title = `The endpoint’s certificate ended on ${day}`;
    return { tone: "bad", title, text: `It still answers, but callers refuse it. ${way}` };
  }
  const title = `The endpoint’s certificate ends on ${day}`;
  return { tone: "warn", title, text: `From then on callers refuse it. ${way}` };
}

const another = "Give it another one: Settings → Endpoint, HTTPS.";

const ways: Record<Tls["mode"], string> = {
  none: another,
  given: another,
  "self-signed":
    "A new one is made when you apply the settings, even as they are: Settings → Endpoint, HTTPS. Callers then have to trust that one.",
};
