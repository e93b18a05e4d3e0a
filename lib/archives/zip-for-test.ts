import { crc32, deflateRawSync } from "node:zlib";

export type ZipEntry = {
  name: string | Buffer;
  content?: string | Buffer;
  /** Unix's mode of the file; 0: nothing is said */
  mode?: number;
  /** bits of the general purpose flag: 1 is encrypted */
  flags?: number;
  /** 8, deflated, unless told; 0 is stored */
  method?: number;
  /** lies about the size that it unpacks to */
  claims?: number;
  crc?: number;
};

/** A zip archive as tools write it, or as somebody would who means harm. */
export function zipForTest(entries: ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const { local, listed } = written(entry, at);
    locals.push(local);
    central.push(listed);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

function written(entry: ZipEntry, at: number): { local: Buffer; listed: Buffer } {
  const { mode = 0, flags = 0, method = 8 } = entry;
  const name = Buffer.from(entry.name);
  const content = Buffer.from(entry.content ?? "");
  const packed = method === 8 ? deflateRawSync(content) : content;
  // What both headers say alike: flags, method, time, checksum, sizes, length of the name.
  const said = Buffer.alloc(24);
  said.writeUInt16LE(flags, 0);
  said.writeUInt16LE(method, 2);
  said.writeUInt32LE(entry.crc ?? crc32(content), 8);
  said.writeUInt32LE(packed.length, 12);
  said.writeUInt32LE(entry.claims ?? content.length, 16);
  said.writeUInt16LE(name.length, 20);
  const local = Buffer.alloc(6);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  const listed = Buffer.alloc(8);
  listed.writeUInt32LE(0x02014b50, 0);
  // Made on Unix, where the upper half of the attributes is a mode.
  listed.writeUInt16LE((3 << 8) | 20, 4);
  listed.writeUInt16LE(20, 6);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((mode << 16) >>> 0, 6);
  rest.writeUInt32LE(at, 10);
  return {
    local: Buffer.concat([local, said, name, packed]),
    listed: Buffer.concat([listed, said, rest, name]),
  };
}
