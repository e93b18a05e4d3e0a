import { CopyButton } from "#components/ui/copy-button.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { TimeLeft, useNow } from "#components/ui/time.tsx";
import type { CertificateView } from "#lib/tls/read-certificate.ts";

/** What a caller looks at before trusting an endpoint's certificate. */
export function CertificateFacts({ certificate }: { certificate: CertificateView }) {
  const hasEnded = Date.parse(certificate.expiresAt) <= useNow();
  return (
    <section aria-label="Certificate" className="flex flex-col gap-2 border-t pt-4">
      <h3 className="flex items-center gap-1 font-medium">
        Certificate <CopyButton text={certificate.pem} what="certificate" />
      </h3>
      <DefinitionList
        items={[
          ["Subject", certificate.subject],
          ["Names", certificate.names.join(", ") || "none"],
          [
            "Expires",
            <span key="expires" className="figures">
              {certificate.expiresAt.slice(0, 10)},{" "}
              {hasEnded ? (
                "which is over"
              ) : (
                <>
                  <TimeLeft until={certificate.expiresAt} /> left
                </>
              )}
            </span>,
          ],
          [
            "SHA-256",
            <span key="fingerprint" className="code text-small break-all">
              {certificate.fingerprint}
            </span>,
          ],
        ]}
      />
    </section>
  );
}
