import { type Case, expectRejection, expectSame } from './trial.js';

const noContent = (): Response => new Response(null, { status: 204 });

/** Cases about aborts. The library limits the duration of a request with its signal and nothing else. */
export const abortCases: readonly Case[] = [
  {
    name: 'rejects a request that is aborted before it is sent, without sending it',
    async run({ send, arrivals }) {
      await expectRejection('an aborted request', send(noContent, {}, AbortSignal.abort()));
      expectSame('requests', arrivals().length, 0);
    },
  },
  {
    name: 'rejects when it is aborted while waiting for an answer',
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
              // By now the first half has been sent.
              controller.abort();
              await new Promise(() => {});
            },
          }),
        );
      await expectRejection('an aborted request', send(endless, {}, controller.signal));
    },
  },
  {
    name: 'still works after an abort',
    async run({ send }) {
      await expectRejection('an aborted request', send(noContent, {}, AbortSignal.abort()));
      const { status } = await send(noContent);
      expectSame('the status', status, 204);
    },
  },
];
