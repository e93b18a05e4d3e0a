import { describe, expect, test } from "vitest";
import { openZip } from "#lib/archives/open-zip.ts";
import { zipForTest, type ZipEntry } from "#lib/archives/zip-for-test.ts";

const pathsOf = async (...entries: ZipEntry[]) => {
  const { folder, files, leftOut } = await openZip(zipForTest(entries));
  return { folder, paths: files.map(({ path }) => path), leftOut };
};
const file = (name: string | Buffer, content = "x"): ZipEntry => ({ name, content });

test("files are unpacked as they were packed, compressed or not", async () => {
  const zip = zipForTest([file("index.html", "<h1>Hi</h1>"), { name: "a/b.bin", content: "raw", method: 0 }]);
  const { files } = await openZip(zip);
  const contents = await Promise.all(files.map(({ unpack }) => unpack(1000)));
  expect(contents.map(String)).toEqual(["<h1>Hi</h1>", "raw"]);
});

test("the one folder that everything is in is no part of the paths; of two folders, both are", async () => {
  expect(await pathsOf({ name: "site/" }, file("site/index.html"), file("site/css/a.css"))).toEqual({
    folder: "site",
    paths: ["index.html", "css/a.css"],
    leftOut: [],
  });
  expect(await pathsOf(file("site/index.html"), file("other/a.css"))).toMatchObject({
    folder: null,
    paths: ["site/index.html", "other/a.css"],
  });
});

test("what is hidden and what systems add is left out, and hides no folder", async () => {
  const hidden = ["site/.git/config", "__MACOSX/site/._index.html", "site/.DS_Store", "site/img/Thumbs.db"];
  expect(await pathsOf(file("site/index.html"), ...hidden.map((name) => file(name)))).toEqual({
    folder: "site",
    paths: ["index.html"],
    leftOut: hidden,
  });
});

test("what is left out may be a link, or have a long path", async () => {
  const link = { ...file("app/.bin/tsc"), mode: 0o120777 };
  const long = file(`app/.git/${"a".repeat(300)}`);
  expect(await pathsOf(file("app/index.html"), link, long)).toMatchObject({
    paths: ["index.html"],
    leftOut: [link.name, long.name],
  });
});

test("names are read as UTF-8 where they are that, else as the old code page", async () => {
  const old = Buffer.from([0x81, 0x2e, 0x74, 0x78, 0x74]);
  expect((await pathsOf(file("größe.txt"), file(old))).paths).toEqual(["größe.txt", "ü.txt"]);
});

describe("refused with what is wrong with it:", () => {
  test.each<[string, ZipEntry[], RegExp]>([
    ["a path upwards", [file("../x")], /"\.\.\/x": its path leads elsewhere/],
    ["one upwards in the middle", [file("a/../../x")], /leads elsewhere/],
    ["an absolute path", [file("/etc/passwd")], /begin inside the archive/],
    ["a drive", [file("C:/x")], /begin inside the archive/],
    ["a backslash", [file("a\\x")], /backslash/],
    ["a zero byte", [file("a\0.html")], /control character/],
    ["a path with an empty part", [file("a//x")], /is empty/],
    ["a hidden path upwards", [file("index.html"), file(".git/../../x")], /leads elsewhere/],
    ["a long path", [file("a".repeat(201))], /201 characters, and at most 200/],
    ["a link", [{ ...file("a"), mode: 0o120777 }], /has a link, a/],
    ["a device", [{ ...file("a"), mode: 0o060666 }], /neither a file nor a folder/],
    ["a file twice", [file("a"), file("a")], /has a twice/],
    [
      "a name that differs by capitals",
      [file("a.html"), file("A.HTML")],
      /has A\.HTML twice, or in capitals/,
    ],
    ["an encrypted file", [{ ...file("a"), flags: 1 }], /a is encrypted/],
    ["a rare compression", [{ ...file("a"), method: 14 }], /compressed in a way/],
    ["no file", [{ name: "a/" }], /has no files/],
    ["hidden files alone", [file(".env")], /nothing but hidden/],
    ["too many files", Array.from({ length: 1001 }, (_, n) => file(`${n}`)), /more than 1000 files/],
  ])("%s", async (_what, entries, words) => {
    await expect(openZip(zipForTest(entries))).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringMatching(words) as string,
    });
  });

  test.each([
    ["no zip", Buffer.from("<html></html>")],
    ["half of one", zipForTest([file("a", "x".repeat(99))]).subarray(0, 60)],
    ["nothing", Buffer.alloc(0)],
  ])("%s", async (_what, bytes) => {
    await expect(openZip(bytes)).rejects.toMatchObject({ code: "invalid", message: /isn't a zip archive/ });
  });
});

describe("a header isn't believed:", () => {
  const unpacked = async (entry: ZipEntry, most: number) => {
    const { files } = await openZip(zipForTest([entry]));
    return files[0]!.unpack(most);
  };

  test("what unpacks to more than may be is stopped, whatever size it claims", async () => {
    const bomb = { name: "bomb", content: "0".repeat(5_000_000), claims: 10 };
    await expect(unpacked(bomb, 100_000)).rejects.toMatchObject({
      code: "invalid",
      message: "Unpacked, the archive's files have more than 50 MiB.",
    });
    await expect(unpacked({ name: "stored", content: "0".repeat(500), method: 0 }, 499)).rejects.toThrow(
      /MiB/,
    );
  });

  test.each([
    ["another size", { claims: 10 }],
    ["another checksum", { crc: 1 }],
  ])("%s than the content's means damage", async (_what, lie) => {
    const entry = { name: "a.txt", content: "twenty bytes of text", ...lie };
    await expect(unpacked(entry, 1000)).rejects.toThrow(/a\.txt is damaged/);
  });
});
