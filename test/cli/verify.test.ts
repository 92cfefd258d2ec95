import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { sign } from '../../src/webhook/index.js';
import { createFolder } from './folder.js';
import { cli } from './run-cli.js';

const secret = 'shh';
const body = '{"type":"identify","userId":"u1"}';

async function verify(captured: string | Uint8Array, headers: string, variable = secret) {
  const cwd = createFolder({ headers });
  writeFileSync(join(cwd, 'body'), captured);
  const { exitCode, stdout } = await cli(['verify', 'headers', 'body'], {
    cwd,
    env: { SEGMENT_SHARED_SECRET: variable },
  });
  return { exitCode, stdout };
}

test.each([
  ['lines', (signature: string) => `POST /segment HTTP/1.1\r\nHost: x\r\nX-Signature: ${signature}\r\n`],
  ["curl's output", (signature: string) => `> POST / HTTP/1.1\n> x-signature: ${signature}\n`],
  ['JSON', (signature: string) => JSON.stringify({ 'X-Signature': signature })],
])('accepts a signature that matches, from %s', async (_, write) => {
  expect(await verify(body, write(await sign(body, secret)))).toEqual({
    exitCode: 0,
    stdout: 'OK: X-Signature matches the body and secret 1 of 1.\n',
  });
});

test.each(['', body.slice(1)])('a file without headers is not reported as a missing signature: %j', async (headers) => {
  const cwd = createFolder({ headers, body });
  const { exitCode, stderr } = await cli(['verify', 'headers', 'body'], {
    cwd,
    env: { SEGMENT_SHARED_SECRET: secret },
  });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringMatching(/^Error: headers has no headers\. /),
  });
});

test('says that the header is missing', async () => {
  const { exitCode, stdout } = await verify(body, 'Host: x');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('The header X-Signature is missing. Set the shared secret');
});

test.each([
  ['sha1=14cba10a0efe3a51852ac2b6e012406470ee4833', 'begins with "sha1="'],
  ['FMuhCg7+OlGFKsK24BJAZHDuSDM=', 'is base64'],
  ['a'.repeat(64), 'has 64 hex digits'],
  ['14cba1', 'has 6 characters'],
])('says what is wrong with the format of %s', async (signature, finding) => {
  const { exitCode, stdout } = await verify(body, `X-Signature: ${signature}`);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`X-Signature ${finding}`);
});

test.each([
  ['a line break at its end', `${body}\n`, 'without the line break at its end'],
  ['a byte order mark', `\uFEFF${body}`, 'without the byte order mark'],
  ['spaces', JSON.stringify(JSON.parse(body), null, 2), 'the same JSON without spaces'],
  ['gzip', gzipSync(body), 'the decompressed body'],
  ['a batch', `[${body},{"type":"page"}]`, 'covers only the first of 2 events'],
])('recognizes a body that was changed to one with %s', async (_, captured, finding) => {
  const { exitCode, stdout } = await verify(captured, `X-Signature: ${await sign(body, secret)}`);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(finding);
});

test('recognizes line breaks that were changed', async () => {
  const lines = '{\n"type":"page",\n"x": 1}';
  const { stdout } = await verify(lines.replaceAll('\n', '\r\n'), `X-Signature: ${await sign(lines, secret)}`);
  expect(stdout).toContain('they were turned into \\r\\n');
});

test('recognizes a secret in quotes', async () => {
  const { stdout } = await verify(body, `X-Signature: ${await sign(body, secret)}`, `"${secret}"`);
  expect(stdout).toContain('the secret without the quotes around it');
});

test('lists the possible causes if none can be recognized, and never shows the secret', async () => {
  const { exitCode, stdout } = await verify(body, `X-Signature: ${await sign(body, 'another')}`, 'my-own-secret');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('was made with another secret or for another body');
  expect(stdout).not.toContain('my-own-secret');
});

test('without a secret it says where to set it', async () => {
  const cwd = createFolder({ headers: '', body });
  const { exitCode, stderr } = await cli(['verify', 'headers', 'body'], { cwd });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'Error: No secret is set. Set SEGMENT_SHARED_SECRET, or secrets in the config file.\n',
  });
});
