import type { OneSignalResponse } from '../onesignal/transport.js';
import { type Case, expectRejection, expectSame } from './trial.js';

const statuses = [200, 201, 202, 400, 401, 403, 404, 409, 410, 422, 429, 500, 501, 503];
const errors = { errors: [{ code: 'invalid', title: 'Not like this' }] };

/** Cases about responses: one for every status, and a rejection only if there is none. */
export const responseCases: readonly Case[] = [
  {
    name: 'returns status and JSON body of every answer, without retrying',
    async run({ send, arrivals }) {
      for (const [index, status] of statuses.entries()) {
        const response = await send(() => Response.json(errors, { status }));
        expectSame('the status', response.status, status);
        expectSame(`the body of a ${status}`, parsed(response.body), errors);
        expectSame(`requests for a ${status}`, arrivals().length - index, 1);
      }
    },
  },
  {
    name: 'returns the headers, as pairs or as a record',
    async run({ send }) {
      const response = await send(() => new Response(null, { status: 429, headers: { 'Retry-After': '7' } }));
      expectSame('the header retry-after', headerOf(response, 'retry-after'), '7');
    },
  },
  {
    name: 'returns the text of a body that is not JSON, with every status',
    async run({ send }) {
      // Without the text, a proxy's 404 would look like OneSignal's, and the user would count as unknown.
      for (const status of statuses) {
        const response = await send(() => new Response('<h1>Not here: ü</h1>', { status }));
        expectSame('the status', response.status, status);
        expectSame(`the body of a ${status}`, response.body, '<h1>Not here: ü</h1>');
      }
    },
  },
  {
    name: 'returns undefined, null or an empty string for an empty body, with every status',
    async run({ send }) {
      for (const status of [...statuses, 204]) {
        const response = await send(() => new Response(null, { status }));
        expectSame('the status', response.status, status);
        expectSame(`the body of a ${status}`, response.body ?? '', '');
      }
    },
  },
  {
    name: 'unpacks a body in gzip, if it accepts gzip',
    async run({ send }) {
      const response = await send(({ headers }) =>
        /\bgzip\b/.test(headers.get('accept-encoding') ?? '')
          ? gzipped(JSON.stringify(errors), 404)
          : Response.json(errors, { status: 404 }),
      );
      expectSame('the status', response.status, 404);
      expectSame('the body', parsed(response.body), errors);
    },
  },
  {
    name: 'does not follow a redirect, which would send the body to another host',
    async run({ path, send, arrivals }) {
      const elsewhere = `${path}/elsewhere`;
      await send(() => Response.json({}), { path: elsewhere });
      for (const status of [301, 302, 307, 308]) {
        const response = await send(() => new Response(null, { status, headers: { location: elsewhere } }));
        // Browsers report the status of a redirect as 0.
        expectSame(`the status of a ${status}`, response.status || status, status);
      }
      expectSame('requests', arrivals().length, 4);
    },
  },
  {
    name: 'rejects if the connection ends without an answer, with an error that has no response',
    async run({ send, arrivals }) {
      const thrown = await expectRejection(
        'a cut connection',
        send(() => Response.error()),
      );
      expectSame('requests', arrivals().length, 1);
      expectSame('response in the error', Object.hasOwn(Object(thrown), 'response'), false);
    },
  },
  {
    name: 'rejects if the answer is cut off',
    async run({ send }) {
      const half = (): Response =>
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(new TextEncoder().encode('{"half":'));
            },
            pull(controller) {
              controller.error(new Error('The contract cuts this answer off on purpose.'));
            },
          }),
        );
      await expectRejection('an answer that is cut off', send(half));
    },
  },
];

function gzipped(text: string, status: number): Response {
  const body = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(body, { status, headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } });
}

/** The library accepts JSON that a transport has parsed as well as JSON that it left as text. */
function parsed(body: unknown): unknown {
  return typeof body === 'string' ? JSON.parse(body) : body;
}

function headerOf({ headers }: OneSignalResponse, name: string): unknown {
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  const value = pairs.find(([key]) => String(key).toLowerCase() === name)?.[1];
  return Array.isArray(value) ? value[0] : value;
}
