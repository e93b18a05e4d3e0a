import { kindFiles } from "#e2e/cloud/stand-in/kind-files.ts";
import { readDeclarations, type Declarations } from "#e2e/stand-in/type-declarations.ts";

/** What the SDK for Google's cloud declares of the provider and of the kinds that it is used for. */
export const cloudDeclarations = (): Declarations =>
  readDeclarations({ packageName: "@pulumi/gcp", files: ["provider", ...Object.values(kindFiles)] });
