import * as z from "zod";
import { SluiceError } from "#lib/errors.ts";
import { CredentialsError } from "#lib/targets/gke/credentials-error.ts";
import { parseServiceAccountKey, toKeyFile } from "#lib/targets/gke/credentials.ts";
import { tokenUriOf } from "#lib/targets/gke/endpoint-override.ts";
import type { ProjectSettings } from "#lib/targets/gke/project-settings.ts";
import { imagePrefix, proxyImage, targetName } from "#lib/targets/target-input.ts";

// A blank around what was pasted can't be seen, so it isn't held against anybody.
// Old projects are in a domain: example.com:project.
const project = z
  .string("Give the project's id.")
  .trim()
  .regex(
    /^([a-z0-9.-]{1,100}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    "A project's id, such as my-project-123456: not its title, not its number.",
  );
const location = z
  .string("Give a region or a zone.")
  .trim()
  .regex(/^[a-z]+-[a-z]+\d{1,2}(-[a-z])?$/, "A region such as us-central1, or a zone such as us-central1-a.");
/** The key file's text; an empty field of a form is one that isn't given. */
const key = z.string().nullish();
/** Whose credentials ask: an uploaded key's, or what the worker's own machine has. */
const account = z.enum(["key", "worker"], "Write key or worker.");
// An empty field of a form is one that isn't given.
const nodeServiceAccount = z
  .string()
  .trim()
  .regex(
    /^$|^[a-z0-9][a-z0-9.-]{0,100}@[a-z0-9.-]{1,200}\.gserviceaccount\.com$/,
    "A service account's address, such as sluice-nodes@my-project.iam.gserviceaccount.com.",
  );

const settings = {
  /** Whom nodes of own clusters act as; without it only clusters that are there already can be used. */
  nodeServiceAccount: nodeServiceAccount.nullish(),
  /** Where the images of the built-in models were pushed to. */
  imagePrefix: imagePrefix.nullish(),
  /** HAProxy's image, where the official one can't be pulled. */
  proxyImage: proxyImage.nullish(),
};

export const registerProjectInput = z.strictObject({
  kind: z.literal("gke"),
  name: targetName,
  project,
  location,
  account: account.default("key"),
  key,
  ...settings,
});

export const changeProjectInput = z.strictObject({
  name: targetName.optional(),
  /** they never change: others are refused */
  project: z.string().trim().optional(),
  location: z.string().trim().optional(),
  account: account.optional(),
  key,
  ...settings,
});

export const projectSettingNames = ["nodeServiceAccount", "imagePrefix", "proxyImage"] as const;
type Given = { [K in (typeof projectSettingNames)[number]]?: string | null | undefined };

/** Settings as they are stored: an empty one is none, and an image prefix has no slash at its end. */
export function toProjectSettings(
  place: Pick<ProjectSettings, "project" | "location" | "account">,
  given: Given,
): ProjectSettings {
  return {
    ...place,
    nodeServiceAccount: given.nodeServiceAccount || null,
    imagePrefix: given.imagePrefix?.replace(/\/$/, "") || null,
    proxyImage: given.proxyImage || null,
  };
}

/**
 * What is kept of a key file that was sent, and whose it is.
 *
 * @param googleEndpoint where its tokens are asked for instead of at Google
 * @throws SluiceError `invalid` at `key`, with the problem's own code
 */
export function readKeyInput(
  file: string,
  googleEndpoint: string | undefined,
): { minimal: string; email: string } {
  try {
    const read = parseServiceAccountKey(file, { tokenUri: tokenUriOf(googleEndpoint ?? null) });
    return { minimal: toKeyFile(read), email: read.clientEmail };
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    throw keyProblem(error.message, error.code);
  }
}

/** What is wrong with who is to ask. */
export function keyProblem(message: string, code: string): SluiceError {
  return new SluiceError("invalid", message, { fields: [{ field: "key", message, code }] });
}

export const noKey = () =>
  keyProblem("Upload the key file of a service account, or choose the worker's own account.", "missing_key");

export const keyBesideWorker = () =>
  keyProblem("With the worker's own account no key is taken. Leave one of the two out.", "not_both");
