import { find, type Cloud } from "#e2e/cloud/stand-in/cloud.ts";
import type { FieldTable } from "#e2e/cloud/stand-in/fields.ts";
import { GoogleApiError } from "#e2e/cloud/stand-in/google-api-error.ts";
import type { Kind, Live, Run } from "#e2e/cloud/stand-in/kind.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

const fields: FieldTable = {
  bucket: { isSame: (asked, live) => bucketName(asked) === bucketName(live) },
  role: {},
  member: {},
};

type Policy = { bindings?: { role: string; members: string[] }[]; etag?: string };

export const bucketIamMember: Kind = {
  fields,
  immovable: ["bucket", "role", "member"],
  patience: { create: 1200, update: 1200, delete: 1200 },
  idOf: (_cloud, { bucket, role, member }) => `b/${bucketName(bucket)}/${String(role)}/${String(member)}`,
  // An import separates the three by spaces.
  idFrom: (_cloud, text) => text.split(" ").join("/"),
  fromId(id) {
    const [, bucket = "", role = "", member = ""] = /^b\/([^/]+)\/(.+)\/([^/]+)$/.exec(id) ?? [];
    return { bucket, role, member };
  },
  async create(run, _inputs, id) {
    const { bucket, role, member } = partsOf(id);
    await changePolicy(run, bucket, (bindings) => {
      const others = bindings.filter((one) => one.role !== role);
      const members = bindings.find((one) => one.role === role)?.members ?? [];
      return [...others, { role, members: [...new Set([...members, member])] }];
    });
    return { bucket: `b/${bucket}`, role, member };
  },
  async read({ cloud, signal }, id) {
    const { bucket, role, member } = partsOf(id);
    const policy = (await find(cloud, policyUrl(cloud, bucket), signal)) as Policy | null;
    const isThere = policy?.bindings?.some((one) => one.role === role && one.members.includes(member));
    return isThere ? { bucket: `b/${bucket}`, role, member, etag: policy!.etag } : null;
  },
  update: () => Promise.reject(new Error("a right on a bucket can't be changed")),
  async remove(run, id) {
    const { bucket, role, member } = partsOf(id);
    await changePolicy(run, bucket, (bindings) =>
      bindings
        .map((one) =>
          one.role === role ? { ...one, members: one.members.filter((each) => each !== member) } : one,
        )
        .filter(({ members }) => members.length > 0),
    ).catch((error: unknown) => {
      if (!(error instanceof GoogleApiError && error.code === 404)) throw error;
    });
  },
  outputs: ({ etag }: Live) => ({ etag: etag ?? "" }),
};

const bucketName = (bucket: unknown) => String(bucket).replace(/^b\//, "");

const partsOf = (id: string) =>
  bucketIamMember.fromId(id) as { bucket: string; role: string; member: string };

function policyUrl(cloud: Cloud, bucket: string): string {
  return `${cloud.endpoints.storage}b/${encodeURIComponent(bucket)}/iam`;
}

/** Reads, changes and writes a policy; what another one changed meanwhile is read again. */
async function changePolicy(
  { cloud, signal }: Run,
  bucket: string,
  next: (bindings: Policy["bindings"] & object) => Policy["bindings"] & object,
): Promise<void> {
  const url = policyUrl(cloud, bucket);
  for (;;) {
    const policy: Policy & Fields = await cloud.request(
      "GET",
      `${url}?optionsRequestedPolicyVersion=3`,
      undefined,
      signal,
    );
    const body = { bindings: next(policy.bindings ?? []), etag: policy.etag, version: 3 };
    try {
      await cloud.request("PUT", url, body, signal);
      return;
    } catch (error) {
      const isRaced = error instanceof GoogleApiError && [409, 412].includes(error.code);
      if (!isRaced || !error.message.includes("pre-conditions")) throw error;
    }
  }
}
