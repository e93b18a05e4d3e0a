import * as pulumi from "@pulumi/pulumi";

/** Inputs of a bucket, and of Google's way to it. */
type Inputs = { name?: string; bucketName?: string };

/**
 * Puts the static files into their bucket: before Google's way to it is made, and before the bucket's label says that
 * they are another archive's. So a run that fails at it does it again.
 *
 * @param put null: this run has no files to put
 */
export function putFilesHook(
  name: string,
  put: ((bucket: string) => Promise<void>) | null,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, async ({ newInputs }) => {
    const { name: own, bucketName } = (newInputs ?? {}) as Inputs;
    const bucket = bucketName ?? own;
    if (put && bucket) await put(bucket);
  });
}
