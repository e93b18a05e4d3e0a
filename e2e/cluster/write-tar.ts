import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

export type TarEntry = { name: string; mode: number } & (
  | { kind: "folder" }
  | { kind: "link"; target: string }
  | { kind: "text"; text: string }
  | { kind: "file"; path: string; size: number }
);

const block = 512;

/**
 * Writes a tar archive (POSIX ustar, with GNU's entry for long names) that is the same for the same content:
 * everything belongs to root and was made at second 0.
 *
 * @returns the SHA-256 of the archive, in hex
 */
export async function writeTar(file: string, entries: TarEntry[]): Promise<string> {
  const handle = await open(file, "w", 0o600);
  const hash = createHash("sha256");
  const put = (bytes: Buffer) => append(handle, hash, bytes);
  try {
    for (const entry of entries) {
      const name = entry.kind === "folder" ? `${entry.name}/` : entry.name;
      if (Buffer.byteLength(name) > 100) {
        const long = Buffer.from(`${name}\0`);
        await put(header("././@LongLink", "L", 0o644, long.length, ""));
        await put(padded(long));
      }
      await put(
        header(
          name,
          typeOf[entry.kind],
          entry.mode,
          sizeOf(entry),
          entry.kind === "link" ? entry.target : "",
        ),
      );
      if (entry.kind === "text") await put(padded(Buffer.from(entry.text)));
      if (entry.kind === "file") {
        let written = 0;
        for await (const part of createReadStream(entry.path, { highWaterMark: 1 << 20 })) {
          await put(part as Buffer);
          written += (part as Buffer).length;
        }
        if (written !== entry.size) throw new Error(`${entry.path} changed while it was being read.`);
        await put(Buffer.alloc((block - (written % block)) % block));
      }
    }
    await put(Buffer.alloc(2 * block));
  } finally {
    await handle.close();
  }
  return hash.digest("hex");
}

const typeOf = { folder: "5", link: "2", text: "0", file: "0" } as const;

function sizeOf(entry: TarEntry): number {
  if (entry.kind === "file") return entry.size;
  return entry.kind === "text" ? Buffer.byteLength(entry.text) : 0;
}

async function append(handle: FileHandle, hash: Hash, bytes: Buffer): Promise<void> {
  hash.update(bytes);
  await handle.writeFile(bytes);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((block - (bytes.length % block)) % block)]);
}

function header(name: string, type: string, mode: number, size: number, target: string): Buffer {
  if (Buffer.byteLength(target) > 100) throw new Error(`The link's target is too long for a tar: ${target}`);
  const bytes = Buffer.alloc(block);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  bytes.write(name, 0, 100); // the long ones have their entry before
  bytes.write(octal(mode, 7), 100);
  bytes.write(octal(0, 7), 108); // owner
  bytes.write(octal(0, 7), 116); // group
  bytes.write(octal(size, 11), 124);
  bytes.write(octal(0, 11), 136); // time
  bytes.fill(" ", 148, 156); // what the sum is counted with
  bytes.write(type, 156);
  bytes.write(target, 157);
  bytes.write("ustar\0" + "00", 257);
  bytes.write(
    `${octal(
      bytes.reduce((sum, byte) => sum + byte, 0),
      6,
    )} `,
    148,
  );
  return bytes;
}
