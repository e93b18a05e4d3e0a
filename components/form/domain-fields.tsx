"use client";

import { useFormTools } from "#components/form/form-context.tsx";
import { useGoogle } from "#components/form/use-google.ts";
import { TextField } from "#components/ui/field.tsx";

/** The domain that Google gets a certificate for, and the DNS record that it needs. */
export function DomainFields() {
  const { at, isThere } = useFormTools();
  const { google, changeGoogle } = useGoogle();
  const name = google.domain.trim() || "the domain";
  return (
    <>
      <TextField
        label="Domain"
        mono
        autoComplete="off"
        spellCheck={false}
        placeholder="model.example.com"
        value={google.domain}
        onChange={(event) => changeGoogle({ domain: event.target.value })}
        {...at("google.domain")}
      />
      <p className="text-small text-muted">
        It needs a DNS record of type A at <span className="code break-all">{name}</span>
        {isThere
          ? " with the endpoint’s address. "
          : ", with the address that the deployment gets: it is shown as soon as it is reserved. "}
        Google makes the certificate after that, which takes from some minutes to an hour; a CAA record, where
        there is one, must allow <span className="code">pki.goog</span>. Until then it answers by HTTP with a
        redirect alone, and reads degraded.
        {isThere && " On a change, the earlier domain’s certificate stays until the new one is active."}
      </p>
    </>
  );
}
