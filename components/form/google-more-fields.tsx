"use client";

import { useFormTools } from "#components/form/form-context.tsx";
import { FormSection } from "#components/form/form-section.tsx";
import { useGoogle } from "#components/form/use-google.ts";
import { moreWords } from "#components/form/google-words.ts";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { releaseChannels } from "#lib/deployments/google-spec.ts";

const channelWords: Record<(typeof releaseChannels)[number], string> = {
  RAPID: "Rapid: new versions first",
  REGULAR: "Regular: some months later",
  STABLE: "Stable: the longest tried",
};

const networkFields = [
  ["network", "Network", "default"],
  ["subnetwork", "Subnet", "default"],
  ["podsRange", "Range for pods", "pods"],
  ["servicesRange", "Range for Services", "services"],
] as const;

const fields = [
  "google.cluster.releaseChannel",
  "google.cluster.network",
  "google.logSampleRate",
  "google.maxRatePerEndpoint",
];

/** What has a good default and is seldom changed. */
export function GoogleMoreFields() {
  const { form } = useFormTools();
  const { google } = useGoogle();
  const isOwn = google.mode === "own";
  // At layer 4 nobody sees requests, to log them or to spread them by.
  if (!isOwn && form.layer === "4") return null;
  return (
    <FormSection
      title={isOwn ? (form.layer === "4" ? "Network" : "Network and logging") : "Logging"}
      summary={moreWords(google, isOwn, form.layer)}
      fields={fields}
    >
      <div className="flex flex-col gap-4">
        {isOwn && <ChannelField />}
        {isOwn && <NetworkFields />}
        <BalancingFields />
      </div>
    </FormSection>
  );
}

function ChannelField() {
  const { at } = useFormTools();
  const { google, changeGoogle } = useGoogle();
  return (
    <SelectField
      label="Release channel"
      hint="Google updates the cluster and its nodes by itself, as the channel says."
      value={google.releaseChannel}
      onChange={(event) => changeGoogle({ releaseChannel: event.target.value })}
      {...at("google.cluster.releaseChannel")}
    >
      {releaseChannels.map((channel) => (
        <option key={channel} value={channel}>
          {channelWords[channel]}
        </option>
      ))}
    </SelectField>
  );
}

function NetworkFields() {
  const { at, isThere } = useFormTools();
  const { google, changeGoogle } = useGoogle();
  const { error, ...mark } = at("google.cluster.network");
  return (
    <fieldset className="min-w-0" disabled={isThere} {...mark} tabIndex={-1}>
      <legend className="mb-1 font-medium">
        Network<span className="ml-2 font-normal text-faint">optional</span>
      </legend>
      <p className="mb-2 text-small text-faint">
        {isThere
          ? "The network can’t be changed: another one is another cluster, and so another deployment."
          : "Empty, it gets a network of its own, which goes with it. To use one that is there, give all four names: the subnet needs two secondary ranges."}
      </p>
      <div className="grid items-start gap-3 sm:grid-cols-2">
        {networkFields.map(([field, label, placeholder]) => (
          <TextField
            key={field}
            label={label}
            mono
            autoComplete="off"
            spellCheck={false}
            placeholder={isThere ? "its own" : placeholder}
            value={google[field]}
            onChange={(event) => changeGoogle({ [field]: event.target.value })}
            {...at(`google.cluster.network.${field}`)}
          />
        ))}
      </div>
      {error && <p className="mt-1 text-small text-bad">{error}</p>}
    </fieldset>
  );
}

function BalancingFields() {
  const { at, form } = useFormTools();
  const { google, changeGoogle } = useGoogle();
  if (form.layer === "4") return null;
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2">
      <TextField
        label="Requests logged, in %"
        optional
        inputMode="decimal"
        placeholder="100"
        hint="By Google’s load balancer, into Cloud Logging, which is paid for by volume. 0: none."
        value={google.logPercent}
        onChange={(event) => changeGoogle({ logPercent: event.target.value })}
        {...at("google.logSampleRate")}
      />
      <TextField
        label="Requests a second per replica"
        optional
        inputMode="numeric"
        placeholder="100"
        hint="What one is expected to take, by which Google spreads them over zones. It is no limit."
        value={google.maxRatePerEndpoint}
        onChange={(event) => changeGoogle({ maxRatePerEndpoint: event.target.value })}
        {...at("google.maxRatePerEndpoint")}
      />
    </div>
  );
}
