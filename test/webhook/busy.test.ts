import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBodyBudget } from '../../src/receiving/body-budget.js';
import { createTurns } from '../../src/receiving/turns.js';
import { createWebhookHandler } from '../../src/webhook/index.js';
import { createKeeping, type Handler, post, statusAndBody } from './receiver.js';

const megabyte = new Uint8Array(1_000_000).fill(0x20);
const options = { allowUnsigned: true, maxBytes: 1_000_000, maxBufferedBytes: 3_000_000 } as const;

/** Sends one megabyte of a body, and then nothing until the body is ended or broken off. */
function sendHalf(handler: Handler, chunk = megabyte) {
  let end = (): void => {};
  let breakOff = (): void => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(chunk);
      end = () => controller.close();
      breakOff = () => controller.error(new Error('gone'));
    },
  });
  const request = new Request('http://receiver.test/segment', { method: 'POST', body, duplex: 'half' });
  return { answered: handler(request), end, breakOff };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the memory of all bodies together is bounded', () => {
  test('a body beyond the bound is a 503 that asks for a retry, and is accepted when there is room', async () => {
    const { handler } = createKeeping(options);
    const slow = [sendHalf(handler), sendHalf(handler)];
    await settled();
    const refused = await handler(post(megabyte));
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await statusAndBody(refused)).toEqual({
      status: 503,
      body: { message: 'The receiver is busy. Send the request again.' },
    });
    for (const { end } of slow) end();
    expect((await Promise.all(slow.map(({ answered }) => answered))).map(({ status }) => status)).toEqual([400, 400]);
    expect((await handler(post(`[]${' '.repeat(999_000)}`))).status).toBe(200);
  });

  test('small bodies are still accepted while large ones wait', async () => {
    const { handler } = createKeeping(options);
    const slow = [sendHalf(handler), sendHalf(handler)];
    await settled();
    expect((await handler(post('[]'))).status).toBe(200);
    for (const { breakOff } of slow) breakOff();
    await Promise.all(slow.map(({ answered }) => answered));
  });

  test('the length that a client announces does not count, only the bytes that it sends', async () => {
    const { handler } = createKeeping(options);
    const slow = Array.from({ length: 50 }, () => sendHalf(handler, Uint8Array.of(0x5b)));
    await settled();
    expect((await handler(post(`[]${' '.repeat(999_000)}`))).status).toBe(200);
    for (const { end } of slow) end();
    await Promise.all(slow.map(({ answered }) => answered));
  });

  test('the memory is released for every kind of answer', async () => {
    const { handler } = createKeeping(options);
    const full = `[]${' '.repeat(999_000)}`;
    for (let round = 0; round < 5; round += 1) {
      expect((await handler(post(megabyte))).status).toBe(400);
      expect((await handler(post(new Uint8Array(1_000_001)))).status).toBe(413);
      expect((await handler(post(`${full}}`))).status).toBe(400);
      const gone = sendHalf(handler);
      await settled();
      gone.breakOff();
      expect((await gone.answered).status).toBe(400);
      expect((await handler(post(full))).status).toBe(200);
    }
  });

  test('the memory is held until the events are delivered', async () => {
    let finish = (): void => {};
    const delivering = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const handler = createWebhookHandler(
      {
        async deliver(inputs) {
          if (inputs.length > 0) await delivering;
          return inputs.map(() => ({ status: 'delivered', applied: [], dropped: [], warnings: [] }));
        },
      },
      options,
    );
    const body = `[{}]${' '.repeat(999_000)}`;
    const first = [handler(post(body)), handler(post(body))];
    await settled();
    expect((await handler(post(body))).status).toBe(503);
    finish();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await handler(post(body))).status).toBe(200);
  });

  test('a body counts as at least 16 kB, so that tiny ones are bounded too', () => {
    const open = createBodyBudget(1_000_000);
    const shares = Array.from({ length: 61 }, () => open());
    expect(open).toThrow(expect.objectContaining({ status: 503 }));
    shares[0]?.close();
    shares[0]?.close();
    open();
    expect(open).toThrow(expect.objectContaining({ status: 503 }));
  });
});

describe('work takes turns', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function deferred() {
    let end = (): void => {};
    const promise = new Promise<void>((resolve) => {
      end = resolve;
    });
    return { promise, end };
  }

  test('first come, first served, with no more at a time than allowed', async () => {
    const turns = createTurns(2);
    const works = Array.from({ length: 5 }, deferred);
    const begun: number[] = [];
    const done = works.map(({ promise }, index) =>
      turns.take(1_000, () => {
        begun.push(index);
        return promise;
      }),
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(begun).toEqual([0, 1]);
    works[1]?.end();
    await vi.advanceTimersByTimeAsync(0);
    expect(begun).toEqual([0, 1, 2]);
    for (const { end } of works) end();
    await Promise.all(done);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('work whose turn does not come in time is refused with 503, and never starts', async () => {
    const turns = createTurns(1);
    const first = deferred();
    const begun: string[] = [];
    const held = turns.take(1_000, () => first.promise);
    const late = turns.take(500, async () => void begun.push('late')).catch((thrown: unknown) => Object(thrown).status);
    await vi.advanceTimersByTimeAsync(500);
    expect(await late).toBe(503);
    first.end();
    await held;
    await turns.take(1_000, async () => void begun.push('next'));
    expect(begun).toEqual(['next']);
  });

  test('work that fails passes its turn on', async () => {
    const turns = createTurns(1);
    await expect(turns.take(1_000, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await turns.take(1_000, async () => 'next')).toBe('next');
  });
});
