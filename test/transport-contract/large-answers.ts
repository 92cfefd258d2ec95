import type { ServerResponse } from 'node:http';
import { createGzip, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import type { OneSignalRequest, OneSignalResponse } from '../../src/onesignal/transport.js';
import { type LocalServer, startLocalServer } from '../local-server.js';

const request: OneSignalRequest = {
  method: 'PATCH',
  path: '/apps/a/users/by/external_id/u1',
  body: { properties: {} },
};

/** Writes for as long as the other side reads. */
function writeEndlessly(stream: NodeJS.WritableStream, response: ServerResponse): void {
  const chunk = Buffer.alloc(100_000, ' ');
  const write = (): void => {
    while (!response.destroyed && stream.write(chunk));
  };
  stream.on('drain', write);
  write();
}

/** Tests of answers that none of the library's transports reads to the end. */
export function describeLargeAnswers(send: (baseUrl: string, request: OneSignalRequest) => Promise<OneSignalResponse>) {
  describe('an answer of more than 1 MB', () => {
    let server: LocalServer;
    beforeEach(async () => {
      server = await startLocalServer();
    });

    const head = { 'content-type': 'application/json' };
    const answers: Record<string, LocalServer['answer']> = {
      'without end': (response) => {
        response.writeHead(200, head).write('{}');
        writeEndlessly(response, response);
      },
      'without end, compressed': (response) => {
        response.writeHead(200, { ...head, 'content-encoding': 'gzip' });
        const gzip = createGzip();
        gzip.pipe(response);
        gzip.write('{}');
        writeEndlessly(gzip, response);
      },
      'that announces its length': (response) => {
        response.writeHead(200, { ...head, 'content-length': 1_000_000_000 }).write('{}');
        writeEndlessly(response, response);
      },
    };

    test.each(Object.entries(answers))('%s is read no further, and is not JSON', async (_kind, answer) => {
      const closed = new Promise((resolve) => {
        server.answer = (response, received) => {
          response.on('close', () => resolve('closed'));
          answer(response, received);
        };
      });
      const { status, body } = await send(server.url, request);
      expect(status).toBe(200);
      expectNotJson(body);
      expect(await closed).toBe('closed');
    });

    test.each([
      ['plain', (text: string) => Buffer.from(text), {}],
      ['compressed', gzipSync, { 'content-encoding': 'gzip' }],
    ])('is not JSON even if its beginning is JSON: %s', async (_how, pack, headers) => {
      for (const text of [
        `{"a":1}${' '.repeat(1_000_001)}`,
        '1'.repeat(1_000_001),
        `{"a":"${'b'.repeat(1_000_000)}"}`,
      ]) {
        server.answer = (response) => response.writeHead(404, { ...head, ...headers }).end(pack(text));
        const { status, body } = await send(server.url, request);
        expect(status).toBe(404);
        expectNotJson(body);
      }
    });

    test.each([
      ['plain', (text: string) => Buffer.from(text), {}],
      ['compressed', gzipSync, { 'content-encoding': 'gzip' }],
    ])('begins at 1,000,001 bytes: %s', async (_how, pack, headers) => {
      const text = `{"a":"${'ü'.repeat(499_996)}"}`;
      expect(Buffer.byteLength(text)).toBe(1_000_000);
      server.answer = (response) => response.writeHead(200, { ...head, ...headers }).end(pack(text));
      expect((await send(server.url, request)).body).toEqual(JSON.parse(text));
    });

    test('does not disturb the next request', async () => {
      server.answer = answers['without end'] ?? (() => undefined);
      await send(server.url, request);
      server.answer = (response) => response.writeHead(202, head).end('{"b":2}');
      expect(await send(server.url, request)).toMatchObject({ status: 202, body: { b: 2 } });
    });
  });
}

function expectNotJson(body: unknown): void {
  expect(body).toEqual(expect.any(String));
  expect(String(body).length).toBeGreaterThan(0);
  expect(String(body).length).toBeLessThanOrEqual(1_000_001);
  expect(() => JSON.parse(String(body))).toThrow();
}
