"use client";

import { useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { Play, Square } from "lucide-react";
import { BodyFileField, type BodyFile } from "#components/console/body-file.tsx";
import { readHeaders, sendCall, type Call, type Outcome } from "#components/console/call.ts";
import { CallHistory, type PastCall } from "#components/console/call-history.tsx";
import { OutcomeView } from "#components/console/outcome.tsx";
import { useRequestTiming } from "#components/console/use-request-timing.ts";
import { Button } from "#components/ui/button.tsx";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { SelectField, TextArea, TextField } from "#components/ui/field.tsx";
import { formatLatency } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import type { Preset } from "#lib/models/catalogue.ts";

const methods = ["POST", "GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const KEPT = 20;

type Props = { deploymentId: string; example: Preset["example"]; streams: boolean };

/** Calls a deployment's own endpoint. It opens with the model's working example. */
export function Console({ deploymentId, example, streams }: Props) {
  const [method, setMethod] = useState<string>(example.method);
  const [path, setPath] = useState(example.path);
  const [contentType, setContentType] = useState(example.contentType);
  const [body, setBody] = useState(example.body);
  const [file, setFile] = useState<BodyFile | null>(null);
  const [headerText, setHeaderText] = useState("");
  const [asStream, setAsStream] = useState(streams);
  const [past, setPast] = useState<PastCall[]>([]);
  const [shown, setShown] = useState<number | null>(null);
  const [sending, setSending] = useState<AbortController | null>(null);
  const count = useRef(0);
  const current = past.find((call) => call.id === shown);
  useRequestTiming(deploymentId, current, (id, timing) =>
    setPast((calls) => calls.map((call) => (call.id === id ? withTiming(call, timing) : call))),
  );

  const { headers, bad } = readHeaders(headerText);
  const hasBody = method !== "GET" && method !== "HEAD";
  const send = async () => {
    if (sending || bad.length > 0) return;
    const abort = new AbortController();
    setSending(abort);
    const id = ++count.current;
    const call: Call = {
      method,
      path,
      headers: asStream ? { accept: "text/event-stream", ...headers } : headers,
      contentType: file?.type || contentType,
      ...(hasBody && (example.sampleFile ? { bodyBase64: file?.base64 } : { body })),
    };
    const tell = (outcome: Outcome) =>
      setPast((calls) =>
        [{ id, method, path, outcome }, ...calls.filter((each) => each.id !== id)].slice(0, KEPT),
      );
    setShown(id);
    await sendCall(deploymentId, call, abort.signal, tell);
    setSending(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };
  const shortcut = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    }
  };

  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Panel title="Request">
        <form method="post" onSubmit={submit} onKeyDown={shortcut} className="flex flex-col gap-4">
          <div className="grid grid-cols-[7rem_minmax(0,1fr)] gap-3">
            <SelectField label="Method" value={method} onChange={(event) => setMethod(event.target.value)}>
              {methods.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </SelectField>
            <TextField label="Path" mono value={path} onChange={(event) => setPath(event.target.value)} />
          </div>
          {hasBody &&
            (example.sampleFile ? (
              <BodyFileField sample={example.sampleFile} value={file} onChange={setFile} />
            ) : (
              <>
                <TextArea
                  label="Body"
                  rows={8}
                  spellCheck={false}
                  value={body}
                  onChange={(event) => setBody(event.target.value)}
                />
                <TextField
                  label="Content type"
                  mono
                  value={contentType}
                  onChange={(event) => setContentType(event.target.value)}
                />
              </>
            ))}
          <Disclosure
            title="Headers"
            summary={Object.keys(headers).join(", ") || "none besides the console’s own"}
          >
            <TextArea
              label="More headers, one a line"
              rows={3}
              placeholder="x-beta: yes"
              error={bad.length > 0 ? `Write “name: value”: ${bad[0]}` : null}
              value={headerText}
              onChange={(event) => setHeaderText(event.target.value)}
            />
          </Disclosure>
          {streams && (
            <label className="flex items-center gap-2">
              <input
                type="checkbox"
                checked={asStream}
                onChange={(event) => setAsStream(event.target.checked)}
                className="size-4 accent-accent"
              />
              Show each part as soon as the model has it
            </label>
          )}
          <div className="flex flex-wrap items-center gap-3">
            <Button
              type="submit"
              look="primary"
              pending={sending !== null}
              disabled={hasBody && Boolean(example.sampleFile) && !file}
              icon={<Play aria-hidden className="size-4" />}
            >
              {sending ? "Waiting…" : "Send"}
            </Button>
            {sending && (
              <Button onClick={() => sending.abort()} icon={<Square aria-hidden className="size-4" />}>
                Stop
              </Button>
            )}
            <span className="text-small text-faint">
              or press <kbd className="code">Ctrl Enter</kbd>. The portal’s own key is used.
            </span>
          </div>
        </form>
      </Panel>
      <div className="flex min-w-0 flex-col gap-4">
        <Panel title="Answer">
          <div aria-busy={sending !== null}>
            <p role="status" className="sr-only">
              {current && !sending && said(current.outcome)}
            </p>
            {current ? (
              <OutcomeView key={current.id} outcome={current.outcome} />
            ) : (
              <EmptyState title={sending ? "Waiting for the answer…" : "Nothing sent yet"}>
                {!sending && "The example is ready to send."}
              </EmptyState>
            )}
          </div>
        </Panel>
        <CallHistory calls={past} shown={shown} onShow={setShown} />
      </div>
    </div>
  );
}

/** The outcome in a sentence, for those who hear the page. */
function said(outcome: Outcome): string {
  if (outcome.kind === "refused") return `Not answered: ${outcome.message}`;
  return `Answered with ${outcome.status} in ${formatLatency(outcome.totalMs)}.`;
}

function withTiming(call: PastCall, timing: { name: string; ms: number }[]): PastCall {
  if (call.outcome.kind !== "stream") return call;
  return { ...call, outcome: { ...call.outcome, timing } };
}
