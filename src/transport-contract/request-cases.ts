import type { OneSignalRequest } from '../onesignal/transport.js';
import { type Case, expectSame } from './trial.js';

const noContent = (): Response => new Response(null, { status: 204 });

/** Cases about requests. */
export function requestCases(apiKey: string): Case[] {
  return [
    {
      name: 'sends method, path and JSON body unchanged',
      async run({ path, send, arrivals }) {
        for (const method of ['POST', 'PATCH'] as const) {
          await send(noContent, { method, body: { properties: { tags: { city: 'Žilina ☕ 日本', left: '' } } } });
          const arrival = arrivals().at(-1);
          expectSame('the method', arrival?.method, method);
          expectSame('the path', arrival?.path, path);
          expectSame('the body', arrival?.text, '{"properties":{"tags":{"city":"Žilina ☕ 日本","left":""}}}');
          const contentType = arrival?.headers.get('content-type')?.split(';')[0];
          expectSame('the header content-type', contentType, 'application/json');
        }
      },
    },
    {
      name: 'sends no body if there is none',
      async run({ send, arrivals }) {
        for (const method of ['GET', 'DELETE'] as const) {
          await send(noContent, { method, body: undefined });
          expectSame('the method', arrivals().at(-1)?.method, method);
          expectSame('the body', arrivals().at(-1)?.text, '');
        }
      },
    },
    {
      name: 'does not change a percent-encoded path',
      async run({ path, send }) {
        const encoded = `${path}%2F%20%C3%BC%3F%23%25`;
        let arrived: string | undefined;
        await send(
          (arrival) => {
            arrived = arrival.path;
            return noContent();
          },
          { path: encoded } satisfies Partial<OneSignalRequest>,
        );
        expectSame('the path', arrived, encoded);
      },
    },
    {
      name: 'sends the key as Key or Basic authorization',
      async run({ send, arrivals }) {
        await send(noContent);
        const header = arrivals()[0]?.headers.get('authorization') ?? undefined;
        expectSame('the header authorization', header?.replace(/^(Key|Basic) /, ''), apiKey);
      },
    },
    {
      name: 'sends a body of one megabyte completely',
      async run({ send, arrivals }) {
        const body = { events: Array.from({ length: 1000 }, (_, index) => ({ index, text: 'é'.repeat(500) })) };
        await send(noContent, { method: 'POST', body });
        expectSame('the body', arrivals()[0]?.text === JSON.stringify(body), true);
      },
    },
    {
      name: 'does not mix up the answers of concurrent requests',
      async run({ path, send }) {
        const paths = Array.from({ length: 20 }, (_, index) => `${path}-${index}`);
        const responses = await Promise.all(
          paths.map((own) => send((arrival) => Response.json({ path: arrival.path }), { path: own })),
        );
        expectSame(
          'the bodies',
          responses.map(({ body }) => (typeof body === 'string' ? JSON.parse(body) : body)),
          paths.map((own) => ({ path: own })),
        );
      },
    },
  ];
}
