import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ArchiveLine, type ReadArchiveOptions, readArchive } from '../../../src/cli/archive/read-archive.js';
import { CommandError } from '../../../src/cli/command-error.js';
import { withoutRoot } from '../without-root.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

async function read(inputs: readonly string[], options?: ReadArchiveOptions): Promise<ArchiveLine[]> {
  const lines: ArchiveLine[] = [];
  for await (const line of readArchive(inputs, options)) lines.push(line);
  return lines;
}

const short = ({ line, event, error }: ArchiveLine) => [line, error ?? event];

test('reads NDJSON, plain or gzipped, regardless of the file name', async () => {
  const text = '{"a":1}\n{"a":2}\n';
  const paths = [await write('plain.gz', text), await write('packed.json', gzipSync(text))];
  expect((await read(paths)).map(({ event }) => event)).toEqual([{ a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }]);
});

test('reads all members of a gzip file', async () => {
  const path = await write('two.gz', Buffer.concat([gzipSync('{"a":1}\n{"a"'), gzipSync(':2}\n')]));
  expect((await read([path])).map(short)).toEqual([
    [1, { a: 1 }],
    [2, { a: 2 }],
  ]);
});

test('reads past a byte order mark, CRLF and blank lines, and counts lines as an editor does', async () => {
  const path = await write('windows.json', '\ufeff\r\n{"a":1}\r\n\r\n  \r\n{"a":"ü"}\r\n');
  expect((await read([path])).map(short)).toEqual([
    [2, { a: 1 }],
    [5, { a: 'ü' }],
  ]);
});

test('reports a broken line in its place and keeps reading', async () => {
  const path = await write('broken.json', '{"a":1}\n{"email":"ada@example.com"\n{"a":2}\n');
  expect((await read([path])).map(short)).toEqual([
    [1, { a: 1 }],
    [2, 'Not JSON'],
    [3, { a: 2 }],
  ]);
});

test('reads a last line without a newline, and reports a truncated one', async () => {
  const whole = await write('whole.json', '{"a":1}\n{"a":2}');
  const cut = await write('cut.json', '{"a":1}\n{"a":');
  expect((await read([whole])).map(short)).toEqual([
    [1, { a: 1 }],
    [2, { a: 2 }],
  ]);
  expect((await read([cut])).map(short)).toEqual([
    [1, { a: 1 }],
    [2, 'The file ends in the middle of this event'],
  ]);
});

test.each([5, 40_000, 200_000])('reads a truncated gzip file of %i lines up to the cut', async (count) => {
  const text = Array.from({ length: count }, (_, index) => `{"index":${index},"half":${index / 2}}\n`).join('');
  const whole = gzipSync(text);
  const path = await write('cut.gz', whole.subarray(0, whole.length - 9));
  const lines = await read([path]);
  expect(lines.at(-1)?.error).toBe('The gzip data is damaged or truncated');
  // Deflate data ends with the end of its last block.
  expect(lines.length).toBeGreaterThan(count - 3);
  expect(lines.slice(0, -1).every(({ event }, index) => Object(event).index === index)).toBe(true);
});

test('reports a gzip file as truncated even if the cut is after a whole line', async () => {
  const whole = gzipSync('{"a":1}\n');
  const path = await write('cut.gz', whole.subarray(0, whole.length - 8));
  expect((await read([path])).map(short)).toEqual([
    [1, { a: 1 }],
    [0, 'The gzip data is damaged or truncated'],
  ]);
});

test('reports damaged gzip data and reads the next file', async () => {
  const damaged = gzipSync('{"a":1}\n'.repeat(1000));
  damaged.fill(0xff, 12);
  const paths = [await write('1.gz', damaged), await write('2.gz', gzipSync('{"a":2}\n'))];
  expect((await read(paths)).map(short)).toEqual([
    [0, 'The gzip data is damaged or truncated'],
    [1, { a: 2 }],
  ]);
});

test('reads arrays, on one line or indented, and names the line of each element', async () => {
  const oneLine = await write('1.json', '[{"a":1},{"a":"]},{"},{"a":[{"b":2}]}]');
  const indented = await write('2.json', JSON.stringify([{ a: 1 }, { a: { b: ['"'] } }], null, 2));
  expect((await read([oneLine])).map(short)).toEqual([
    [1, { a: 1 }],
    [1, { a: ']},{' }],
    [1, { a: [{ b: 2 }] }],
  ]);
  expect((await read([indented])).map(short)).toEqual([
    [2, { a: 1 }],
    [5, { a: { b: ['"'] } }],
  ]);
});

test('reads indented documents, one or several', async () => {
  const path = await write(
    'event.json',
    `${JSON.stringify({ a: 1 }, null, 2)}\n${JSON.stringify({ a: 2 }, null, 2)}\n`,
  );
  expect((await read([path])).map(short)).toEqual([
    [1, { a: 1 }],
    [4, { a: 2 }],
  ]);
});

test('reports broken array elements and a truncated array', async () => {
  const path = await write('array.json', '[{"a":1}, oops, {"a" 2},\n{"a":3},\n{"a":');
  expect((await read([path])).map(short)).toEqual([
    [1, { a: 1 }],
    [1, 'Not JSON'],
    [1, 'Not JSON'],
    [2, { a: 3 }],
    [3, 'The file ends in the middle of this event'],
  ]);
});

test('reports an event of more than 1 MB and keeps reading', async () => {
  const long = JSON.stringify({ a: 'x'.repeat(3_000_000) });
  const lines = await write('lines.json', `{"a":1}\n${long}\n{"a":2}\n`);
  const array = await write('array.json', `[{"a":1},\n${long},\n{"a":2}]`);
  const expected = [
    [1, { a: 1 }],
    [2, 'Longer than 1 MB'],
    [3, { a: 2 }],
  ];
  expect((await read([lines])).map(short)).toEqual(expected);
  expect((await read([array])).map(short)).toEqual(expected);
});

test('reads input that arrives byte by byte in the same way as a file', async () => {
  const texts = ['\ufeff{"a":"ü"}\r\n\n{"a":2}', '[{"a":"\\""},\n 1, "x" ]', '{\n"a":1}\n{"b":2}', '', '\n', '{', '['];
  for (const text of texts) {
    const whole = await read([await write('file.json', text)]);
    const bytes = async function* () {
      for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
    };
    expect((await read(['-'], { stdin: bytes() })).map(short)).toEqual(whole.map(short));
  }
});

test("reads Segment's S3 layout by day and name, across sources", async () => {
  const names = [
    'segment-logs/b/1456617600000/1.gz',
    'segment-logs/a/1456704000000/1.gz',
    'segment-logs/a/1456617600000/2.gz',
  ];
  for (const name of names) await write(name, gzipSync(`{"name":"${name}"}\n`));
  await write('segment-logs/_SUCCESS', '');
  const lines = await read([join(folder, 'segment-logs')]);
  expect(lines.map(({ file }) => relative(folder, file))).toEqual([names[0], names[2], names[1]]);
});

test('reads globs, and a folder whose name looks like a glob, with each file once', async () => {
  const first = await write('a (1)/1.json', '{"a":1}');
  const second = await write('a (1)/2.json', '{"a":2}');
  const all = await read([first, join(folder, 'a (1)'), second]);
  expect(all.map(({ event }) => event)).toEqual([{ a: 1 }, { a: 2 }]);
  expect((await read([join(folder, '*/[12].json')])).map(({ event }) => event)).toEqual([{ a: 1 }, { a: 2 }]);
});

test.skipIf(process.platform === 'win32')(
  'reads each file once, even through links, and never reads a device',
  async () => {
    const file = await write('logs/b.json', '{"a":1}');
    await symlink('.', join(folder, 'logs/again'));
    await symlink(file, join(folder, 'logs/c.json'));
    await symlink('/dev/zero', join(folder, 'logs/zero.json'));
    await symlink('none', join(folder, 'logs/broken.json'));
    const signal = AbortSignal.timeout(2_000);
    expect((await read([join(folder, 'logs'), file], { signal })).map(({ event }) => event)).toEqual([{ a: 1 }]);
  },
);

test('throws if an input does not exist', async () => {
  await expect(read([join(folder, 'no.json')])).rejects.toThrow(CommandError);
  await expect(read([join(folder, '*.json')])).rejects.toThrow('No file matches');
  await expect(read([folder])).rejects.toThrow(
    `The folder "${folder}" contains no .json, .jsonl, .ndjson or .gz files.`,
  );
});

test.skipIf(process.platform === 'win32')(
  'reports files that it has no permission to read, and reads the rest',
  async () => {
    await chmod(folder, 0o755);
    await write('logs/a/1.json', '{"a":1}');
    await chmod(await write('logs/b/1.json', '{"b":1}'), 0o000);
    const locked = dirname(await write('logs/c/1.json', '{"c":1}'));
    await chmod(locked, 0o000);
    const denied = 'Cannot be read: permission denied';
    const listed = async (inputs: readonly string[]) =>
      (await read(inputs, { cwd: folder })).map(({ file, event, error }) => [file, error ?? event]);
    await withoutRoot(async () => {
      const all = [
        ['logs/a/1.json', { a: 1 }],
        ['logs/b/1.json', denied],
        ['logs/c', denied],
      ];
      expect(await listed(['logs'])).toEqual(all);
      expect(await listed(['logs/*/*.json'])).toEqual(all);
      expect(await listed(['logs/c'])).toEqual([['logs/c', denied]]);
      await expect(listed(['logs/c/1.json'])).rejects.toThrow('Cannot read "logs/c/1.json": permission denied.');
    });
    await chmod(locked, 0o755);
  },
);

test('continues after a position', async () => {
  const paths = [
    await write('1.json', '{"a":1}\n\noops\n{"a":2}\n'),
    await write('2.gz', gzipSync('[{"a":3},{"a":4}]')),
  ];
  const all = await read(paths);
  expect(all).toHaveLength(5);
  for (const [index, { position }] of all.entries())
    expect(await read(paths, { after: position })).toEqual(all.slice(index + 1));
});

test('reports progress until it reaches the size on disk', async () => {
  const paths = [await write('1.json', '{"a":1}\n'.repeat(20_000)), await write('2.gz', gzipSync('{"a":2}\n'))];
  const seen: number[] = [];
  let total: number | undefined;
  const onProgress: ReadArchiveOptions['onProgress'] = ({ bytesRead, bytesTotal }) => {
    seen.push(bytesRead);
    total = bytesTotal;
  };
  await read(paths, { onProgress });
  expect(seen.at(-1)).toBe(total);
  expect(seen.length).toBeGreaterThan(2);
});

test('stops when the signal aborts, even while it waits for input', async () => {
  const controller = new AbortController();
  const stdin = async function* () {
    yield Buffer.from('{"a":1}\n{"a":2}\n');
    await new Promise(() => {});
  };
  const lines = readArchive(['-'], { stdin: stdin(), signal: controller.signal });
  expect((await lines.next()).value?.event).toEqual({ a: 1 });
  await lines.next();
  const waiting = lines.next();
  controller.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});
