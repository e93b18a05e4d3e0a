import * as z from "zod";

/** What is stored of an archive's contents. */
export const archiveContents = z.strictObject({
  /** the one folder that everything was in, which is no part of the paths; null: there is none */
  folder: z.string().nullable(),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int(), type: z.string() })),
  /** the first of what is not served, and how many there are */
  leftOut: z.strictObject({ count: z.int(), first: z.array(z.string()) }),
});
export type ArchiveContents = z.infer<typeof archiveContents>;

/** An uploaded archive of static files, as its owner sees it. */
export const archiveView = archiveContents.extend({
  id: z.string(),
  /** the file's, as it was sent */
  name: z.string(),
  /** of the archive */
  bytes: z.int(),
  /** the deployment that it belongs to; null: none yet, and it goes after a day */
  deploymentId: z.string().nullable(),
  createdAt: z.string().meta({ format: "date-time" }),
});
export type ArchiveView = z.infer<typeof archiveView>;

type Row = {
  id: string;
  name: string;
  bytes: number;
  deploymentId: string | null;
  contents: unknown;
  createdAt: Date;
};

/** The columns of a view: all but the content itself. */
export const archiveColumns = {
  id: true,
  name: true,
  bytes: true,
  deploymentId: true,
  contents: true,
  createdAt: true,
} as const;

export function toArchiveView({ id, name, bytes, deploymentId, contents, createdAt }: Row): ArchiveView {
  const read = archiveContents.parse(contents);
  return { id, name, bytes, deploymentId, createdAt: createdAt.toISOString(), ...read };
}
