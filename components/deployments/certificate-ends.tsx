import Link from "next/link";
import { certificateNotice } from "#components/deployments/certificate-notice.ts";
import { buttonClass } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import type { Tls } from "#lib/deployments/spec.ts";
import { routes } from "#lib/routes.ts";
import type { CertificateView } from "#lib/tls/read-certificate.ts";

/** That the certificate that an endpoint shows ends soon, or has ended, and what to do. */
export function CertificateEnds(props: {
  deploymentId: string;
  certificate: CertificateView;
  mode: Tls["mode"];
  now: Date;
}) {
  const notice = certificateNotice(props.certificate, props.mode, props.now);
  if (!notice) return null;
  const settings = (
    <Link href={routes.settings(props.deploymentId)} className={buttonClass()}>
      Open the settings
    </Link>
  );
  return (
    <Callout tone={notice.tone} title={notice.title} actions={settings}>
      {notice.text}
    </Callout>
  );
}
