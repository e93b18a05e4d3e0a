import { DomainFields } from "#components/form/domain-fields.tsx";
import { useFormTools } from "#components/form/form-context.tsx";
import type { FormState } from "#components/form/form-state.ts";
import { movedWords } from "#components/form/move-to-place.ts";
import { MovedNote } from "#components/form/moved-note.tsx";
import { SelectField, TextArea, TextField } from "#components/ui/field.tsx";

export const tlsWords = {
  none: "HTTP",
  "self-signed": "HTTPS, self-signed for trial",
  given: "HTTPS with your certificate",
  google: "HTTPS with Google’s certificate",
} as const;

/** Whether the endpoint speaks HTTPS, with which certificate, and what a plain HTTP port does. */
export function HttpsFields() {
  const { form, change, at, refused, place } = useFormTools();
  const modes = Object.entries(tlsWords).filter(([mode]) => mode !== "google" || place.kind === "gke");
  return (
    <>
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <SelectField
          label="Protocol"
          value={form.tlsMode}
          hint={form.tlsMode === "none" ? undefined : refused.redirectFrom}
          onChange={(event) => change({ tlsMode: event.target.value as FormState["tlsMode"] })}
          {...at("endpoint.tls", "endpoint.tls.mode")}
        >
          {modes.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </SelectField>
        {form.tlsMode !== "none" && !refused.redirectFrom && (
          <TextField
            label="Redirect from HTTP port"
            optional
            inputMode="numeric"
            placeholder="none"
            hint="A second port that sends callers by HTTP to the HTTPS address."
            value={form.redirectFrom}
            onChange={(event) => change({ redirectFrom: event.target.value })}
            {...at("endpoint.redirectFrom")}
          />
        )}
      </div>
      <MovedNote>{movedWords(form.moved.tlsMode, form.tlsMode)}</MovedNote>
      {form.tlsMode === "google" && <DomainFields />}
      {form.tlsMode === "self-signed" && (
        <p className="text-small text-muted">
          Sluice makes the certificate. Callers must be told to trust it: it is shown with the examples. It is
          made anew by a change of the deployment in its last month.
        </p>
      )}
      {form.tlsMode === "given" && <GivenCertificate />}
    </>
  );
}

function GivenCertificate() {
  const { form, change, at } = useFormTools();
  return (
    <>
      <TextArea
        label="Certificate"
        rows={5}
        spellCheck={false}
        placeholder={form.hasCertificate ? "the stored one stays" : "-----BEGIN CERTIFICATE-----"}
        hint="PEM: the endpoint’s own first, then those that issued it."
        value={form.certificate}
        onChange={(event) => change({ certificate: event.target.value })}
        {...at("endpoint.tls.certificate")}
      />
      <TextArea
        label="Private key"
        rows={4}
        spellCheck={false}
        autoComplete="off"
        placeholder={form.hasCertificate ? "the stored one stays" : "-----BEGIN PRIVATE KEY-----"}
        hint="PEM without a passphrase. It is sealed at once and never shown again."
        value={form.tlsKey}
        onChange={(event) => change({ tlsKey: event.target.value })}
        {...at("endpoint.tls.key")}
      />
    </>
  );
}
