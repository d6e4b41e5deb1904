/** Several files as one: a ZIP archive without compression, which pictures would not gain from. */

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

export function checksum(data: Uint8Array): number {
  let sum = ~0;
  for (const byte of data) sum = TABLE[(sum ^ byte) & 0xff]! ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** Little-endian numbers, two or four bytes each. */
function numbers(...fields: [value: number, bytes: 2 | 4][]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [, bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [value, bytes] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

/** 1 January 1980, as archives count: the same files make the same archive. */
const DAY = 0x21;
/** Names are UTF-8. */
const UTF8 = 0x800;

/** The archive of these files; those of the same name get a number. */
export function archive(files: [name: string, content: Uint8Array<ArrayBuffer>][]): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const index: Uint8Array<ArrayBuffer>[] = [];
  const names = new Set<string>();
  let place = 0;
  for (const [given, content] of files) {
    const cut = given.lastIndexOf(".") > 0 ? given.lastIndexOf(".") : given.length;
    let free = given;
    for (let n = 2; names.has(free); n++) free = `${given.slice(0, cut)} (${n})${given.slice(cut)}`;
    names.add(free);
    const name = new TextEncoder().encode(free);
    const about: [number, 2 | 4][] = [
      [20, 2], [UTF8, 2], [0, 2], [0, 2], [DAY, 2],
      [checksum(content), 4], [content.length, 4], [content.length, 4], [name.length, 2], [0, 2],
    ]; // prettier-ignore
    parts.push(numbers([0x04034b50, 4], ...about), name, content);
    index.push(numbers([0x02014b50, 4], [20, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [place, 4]), name);
    place += 30 + name.length + content.length;
  }
  const size = index.reduce((sum, part) => sum + part.length, 0);
  const end = numbers(
    [0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [place, 4], [0, 2],
  ); // prettier-ignore
  return new Blob([...parts, ...index, end], { type: "application/zip" });
}

/** Fetches the files of this server and saves them as one; those of others cannot be read, and are left out. */
export async function download(files: [name: string, address: string][], name: string): Promise<void> {
  const got = await Promise.all(
    files.map(async ([file, address]): Promise<[string, Uint8Array<ArrayBuffer>] | null> => {
      const answer = await fetch(address).catch(() => null);
      return answer?.ok ? [file, new Uint8Array(await answer.arrayBuffer())] : null;
    }),
  );
  const link = document.createElement("a");
  link.href = URL.createObjectURL(archive(got.filter((each) => each !== null)));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
