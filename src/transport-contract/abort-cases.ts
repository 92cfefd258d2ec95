import { type Case, expectRejection, expectSame } from './trial.js';

const noContent = (): Response => new Response(null, { status: 204 });

/** Aborts: the library bounds every request by its signal, and only by that. */
export const abortCases: readonly Case[] = [
  {
    name: 'rejects a request that is aborted before it is sent, and sends nothing',
    async run({ send, arrivals }) {
      await expectRejection('an aborted request', send(noContent, {}, AbortSignal.abort()));
      expectSame('requests', arrivals().length, 0);
    },
  },
  {
    name: 'rejects when it is aborted while it waits for an answer',
    async run({ send }) {
      const controller = new AbortController();
      const never = (): Promise<Response> => {
        controller.abort();
        return new Promise(() => {});
      };
      await expectRejection('an aborted request', send(never, {}, controller.signal));
    },
  },
  {
    name: 'rejects when it is aborted while the body arrives',
    async run({ send }) {
      const controller = new AbortController();
      const endless = (): Response =>
        new Response(
          new ReadableStream({
            start(stream) {
              stream.enqueue(new TextEncoder().encode('{"half":'));
            },
            async pull() {
              // Only now is the first half on its way.
              controller.abort();
              await new Promise(() => {});
            },
          }),
        );
      await expectRejection('an aborted request', send(endless, {}, controller.signal));
    },
  },
  {
    name: 'works on after an abort',
    async run({ send }) {
      await expectRejection('an aborted request', send(noContent, {}, AbortSignal.abort()));
      const { status } = await send(noContent);
      expectSame('the status', status, 204);
    },
  },
];
