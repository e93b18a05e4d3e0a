import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { fromBufferPromise, getFileNameLowLevel, type Entry, type ZipFile } from "yauzl";
import { archiveRefusal } from "#lib/archives/archive-error.ts";
import { checkedPath, isServed, refuseLong } from "#lib/archives/entry-path.ts";
import { archiveLimits, inMebibytes } from "#lib/archives/limits.ts";
import { SluiceError } from "#lib/errors.ts";

/** An archive whose list of files was read and found good. Their contents are unpacked one by one. */
export type OpenZip = {
  /** the one folder that everything was in, which is no part of the paths */
  folder: string | null;
  files: ZippedFile[];
  /** paths of what is not served */
  leftOut: string[];
};

export type ZippedFile = {
  path: string;
  /** @param most bytes that it may have @throws SluiceError `invalid` */
  unpack(most: number): Promise<Buffer>;
};

/** Entries of any kind: folders and what is left out count too. */
const mostEntries = 20_000;

/**
 * Reads an archive's list of files. Nothing that it says of sizes is believed: they are counted as it is unpacked.
 *
 * @throws SluiceError `invalid` where it isn't a zip, or has what can't be served
 */
export async function openZip(zip: Buffer): Promise<OpenZip> {
  const files: ZippedFile[] = [];
  const leftOut: string[] = [];
  const seen = new Set<string>();
  try {
    // Names are decoded here, so that each problem has a sentence.
    const file = await fromBufferPromise(zip, { lazyEntries: true, autoClose: false, decodeStrings: false });
    let entries = 0;
    for await (const entry of file.eachEntry()) {
      if (++entries > mostEntries) throw archiveRefusal(`The archive has more than ${mostEntries} entries.`);
      const path = pathOf(entry);
      if (path === null) continue;
      if (!isServed(path)) {
        leftOut.push(path);
        continue;
      }
      const same = path.normalize("NFC").toLowerCase();
      if (seen.has(same)) throw archiveRefusal(`The archive has ${path} twice, or in capitals too.`);
      seen.add(same);
      refuseUnservable(entry, path);
      files.push({ path, unpack: (most) => unpack({ zip, file, entry, path }, most) });
      if (files.length > archiveLimits.files)
        throw archiveRefusal(`The archive has more than ${archiveLimits.files} files.`);
    }
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    throw archiveRefusal("This isn't a zip archive, or it is damaged. Pack the files again.", error);
  }
  if (files.length === 0) throw archiveRefusal(noFiles(leftOut.length));
  return { ...withoutFolder(files), leftOut };
}

const noFiles = (hidden: number) =>
  hidden > 0 ? "The archive has nothing but hidden files." : "The archive has no files.";

/** @returns null for a folder */
function pathOf(entry: Entry): string | null {
  const name = nameOf(entry);
  const isFolder = name.endsWith("/") || typeOf(entry) === types.folder;
  const path = checkedPath(name.endsWith("/") ? name.slice(0, -1) : name);
  return isFolder ? null : path;
}

/** What kind of thing Unix says that it is (`S_IFMT` of stat(2)). Other systems say nothing, and mean a file. */
const types = { unsaid: 0, file: 0o100000, folder: 0o040000, link: 0o120000 };

/** The attributes' upper half is the mode. */
function typeOf({ externalFileAttributes }: Entry): number {
  return (externalFileAttributes >>> 16) & 0o170000;
}

const unicodePath = 0x7075;

/** Many tools write UTF-8 and don't say so; what isn't that is in the old code page 437. */
function nameOf({ fileNameRaw, extraFields, generalPurposeBitFlag }: Entry): string {
  if (!extraFields.some(({ id }) => id === unicodePath)) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(fileNameRaw);
    } catch {
      // An older tool wrote it.
    }
  }
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}

function refuseUnservable(entry: Entry, path: string): void {
  refuseLong(path);
  const type = typeOf(entry);
  if (type === types.link)
    throw archiveRefusal(`The archive has a link, ${path}. Pack the file that it leads to.`);
  if (type !== types.unsaid && type !== types.file)
    throw archiveRefusal(`The archive has ${path}, which is neither a file nor a folder.`);
  if (entry.isEncrypted())
    throw archiveRefusal(
      `${path} is encrypted. Pack the files without a password: anybody may read them anyway.`,
    );
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    throw archiveRefusal(`${path} is compressed in a way that isn't common. Pack the files as a plain zip.`);
}

const inflate = promisify(inflateRaw);

type Place = { zip: Buffer; file: ZipFile; entry: Entry; path: string };

async function unpack({ zip, file, entry, path }: Place, most: number): Promise<Buffer> {
  const content = await inflated({ zip, file, entry, path }, most);
  if (content.length > most) throw tooLarge();
  if (content.length !== entry.uncompressedSize || crc32(content) !== entry.crc32)
    throw archiveRefusal(`${path} is damaged in the archive. Pack the files again.`);
  return content;
}

async function inflated({ zip, file, entry, path }: Place, most: number): Promise<Buffer> {
  try {
    const { fileDataStart } = await file.readLocalFileHeaderPromise(entry, { minimal: true });
    const bytes = zip.subarray(fileDataStart, fileDataStart + entry.compressedSize);
    if (entry.compressionMethod === 0) return bytes;
    // It stops as soon as there is a byte too much.
    return await inflate(bytes, { maxOutputLength: Math.max(most, 1) });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw archiveRefusal(`${path} is damaged in the archive. Pack the files again.`, error);
  }
}

function tooLarge(): SluiceError {
  return archiveRefusal(
    `Unpacked, the archive's files have more than ${inMebibytes(archiveLimits.unpackedBytes)}.`,
  );
}

/** Most tools pack a folder with its name, which nobody wants in each address. */
function withoutFolder(files: ZippedFile[]): Pick<OpenZip, "folder" | "files"> {
  const folder = files[0]!.path.split("/", 1)[0]!;
  if (!files.every(({ path }) => path.startsWith(`${folder}/`))) return { folder: null, files };
  return { folder, files: files.map((file) => ({ ...file, path: file.path.slice(folder.length + 1) })) };
}
