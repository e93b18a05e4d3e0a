"use client";

import { useState } from "react";
import { KeyRound } from "lucide-react";
import { Tabs } from "radix-ui";
import { CertificateFacts } from "#components/deployments/certificate-facts.tsx";
import { freshKey, type MadeKey } from "#components/deployments/fresh-key.ts";
import { snippet, type Language } from "#components/deployments/snippets.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Age } from "#components/ui/time.tsx";
import { useAct, type Answer } from "#components/ui/use-act.ts";
import type { EndpointKeyView } from "#lib/deployments/endpoint-keys.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import type { CertificateView } from "#lib/tls/read-certificate.ts";
import type { Preset } from "#lib/models/catalogue.ts";

export type MakeKey = (deploymentId: string, name: string) => Promise<Answer<MadeKey>>;
export type RevokeKey = (deploymentId: string, keyId: string) => Promise<Answer>;

const languages: [Language, string][] = [
  ["curl", "curl"],
  ["python", "Python"],
  ["typescript", "TypeScript"],
];

const PLACEHOLDER = "YOUR_KEY";

type Props = {
  deploymentId: string;
  endpoint: EndpointView;
  example: Preset["example"];
  /** what it shows over HTTPS */
  certificate: CertificateView | null;
  /** that the certificate is for, where the address is another */
  certificateName: string | null;
  portal: string;
  keys: EndpointKeyView[];
  makeKey: MakeKey;
  revokeKey: RevokeKey;
};

/** How to call it: code that works as pasted, and the keys that open a private endpoint. */
export function CallPanel(props: Props) {
  const { deploymentId, endpoint, example, certificate, certificateName, portal, keys, makeKey, revokeKey } =
    props;
  const { ip, port } = endpoint;
  const [made, setMade] = useState<MadeKey | null>(null);
  const key = freshKey(made, keys);
  const isPrivate = endpoint.access === "private";
  return (
    <Panel title="Call it">
      <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="min-w-0">
          <Tabs.Root defaultValue="curl">
            <Tabs.List aria-label="Language" className="mb-2 flex gap-1">
              {languages.map(([language, title]) => (
                <Tabs.Trigger
                  key={language}
                  value={language}
                  className="rounded-md px-3 py-1 text-muted hover:text-ink data-[state=active]:bg-accent-soft data-[state=active]:font-medium data-[state=active]:text-accent-strong max-sm:py-2"
                >
                  {title}
                </Tabs.Trigger>
              ))}
            </Tabs.List>
            {languages.map(([language, title]) => (
              <Tabs.Content key={language} value={language} tabIndex={-1}>
                <CodeBlock
                  label={`${title} example`}
                  copy={`${title} example`}
                  text={snippet(language, {
                    url: endpoint.url,
                    example,
                    portal,
                    certificate: endpoint.certificate ?? null,
                    named: certificateName === null ? null : { name: certificateName, ip, port },
                    key: isPrivate ? (key ?? PLACEHOLDER) : null,
                  })}
                />
              </Tabs.Content>
            ))}
          </Tabs.Root>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          {isPrivate ? (
            <Keys {...{ deploymentId, keys, makeKey, revokeKey, fresh: key, onMade: setMade }} />
          ) : (
            <p className="text-small text-faint">The endpoint is open: no key is asked for.</p>
          )}
          {certificate && <CertificateFacts certificate={certificate} />}
        </div>
      </div>
    </Panel>
  );
}

function Keys(props: {
  deploymentId: string;
  keys: EndpointKeyView[];
  makeKey: MakeKey;
  revokeKey: RevokeKey;
  fresh: string | null;
  onMade: (made: MadeKey) => void;
}) {
  const { deploymentId, keys, makeKey, revokeKey, fresh, onMade } = props;
  const { pending, act } = useAct();
  const living = keys.filter((each) => each.revokedAt === null);
  const make = async () => {
    const made = await act(() => makeKey(deploymentId, `key ${keys.length + 1}`));
    if (made) onMade(made);
  };
  return (
    <div className="flex flex-col gap-3">
      {fresh ? (
        <Callout tone="ok" title="Your new key, shown this once">
          <span className="flex items-center gap-1">
            <span className="code min-w-0 break-all text-ink">{fresh}</span>
            <CopyButton text={fresh} what="key" />
          </span>
          It stands in the examples, and opens the endpoint within seconds. Keep it somewhere safe.
        </Callout>
      ) : (
        <p className="text-muted">
          The endpoint is private. Make a key and it is put into the examples; an API key of yours opens it
          too.
        </p>
      )}
      <Button
        className="self-start"
        pending={pending}
        onClick={make}
        icon={<KeyRound aria-hidden className="size-4" />}
      >
        Create a key
      </Button>
      {living.length > 0 && (
        <ul aria-label="Keys" className="divide-y rounded-md border">
          {living.map((each) => (
            <li key={each.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
              <span className="font-medium">{each.name}</span>
              <span className="code text-faint">{each.prefix}…</span>
              <span className="ml-auto text-small text-faint">
                <Age at={each.createdAt} suffix=" old" />
              </span>
              <ConfirmButton
                verb="Revoke"
                object={each.name}
                run={() => revokeKey(deploymentId, each.id)}
                done={`${each.name} is revoked.`}
              >
                Programs that use it are refused at once.
              </ConfirmButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
