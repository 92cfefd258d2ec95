import { describe, expect, test } from 'vitest';
import { readDeadLetters, redeliverDeadLetters } from '../../src/fleet/index.js';
import { onQueue } from '../../src/fleet/options.js';
import { beat } from '../../src/fleet/scripts/beat.js';
import { exchange } from '../../src/fleet/scripts/exchange.js';
import { push } from '../../src/fleet/scripts/push.js';
import { release } from '../../src/fleet/scripts/release.js';
import { repair } from '../../src/fleet/scripts/repair.js';
import { connectIoredis } from '../redis/clients.js';
import { hasRedis, startRedis } from '../redis-server.js';

const partitions = 2;
const user = 'digest-of-user';

describe.skipIf(!hasRedis)('the script that acknowledges and takes events', () => {
  test('refuses the acknowledgement of an event that another session holds', async () => {
    const run = onQueue({ connection: await connectIoredis((await startRedis()).url) });
    const begin = async () => Object(await run(beat, ['', 60_000, partitions, 1_000, 60_000]))[0];
    /** Acknowledges the events with these ids as done, and takes the next event. Returns its id. */
    const exchangeAs = async (session: string, turn: number, done: readonly string[]): Promise<string[]> => {
      const acknowledged = done.flatMap((id) => [0, id, user, 'done', 0]);
      const args = [session, turn, 60_000, 100, 100, 10, 1_000, done.length, ...acknowledged, 0, 10];
      const [, id] = Object(await run(exchange, args));
      return id === undefined ? [] : [id];
    };
    const underWay = () => run("return redis.call('ZCARD', KEYS[1] .. 'taken:0')", []);
    const owner = await begin();
    const other = await begin();
    await run(push, [0, user, '{"type":"identify"}']);
    const taken = await exchangeAs(owner, 1, []);
    expect(taken).toHaveLength(1);
    await exchangeAs(other, 1, taken);
    // It is still in flight, so if the owner ended, it would be delivered again.
    expect(await underWay()).toBe(1);
    await exchangeAs(owner, 2, taken);
    expect(await underWay()).toBe(0);
  });

  test('takes events up to a number of bytes, and the rest later', async () => {
    const run = onQueue({ connection: await connectIoredis((await startRedis()).url) });
    const [session] = Object(await run(beat, ['', 60_000, partitions, 1_000, 60_000]));
    await run(
      push,
      ['a', 'b', 'c'].flatMap((name) => [0, user, JSON.stringify(name.repeat(100))]),
    );
    const takeUpTo = async (turn: number, bytes: number) => {
      const reply: unknown[] = Object(await run(exchange, [session, turn, 60_000, 100, 100, 10, bytes, 0, 0, 10]));
      return reply.slice(1).flatMap((part, index) => (index % 4 === 3 ? String(part).at(-2) : []));
    };
    expect(await takeUpTo(1, 0)).toEqual([]);
    expect(await takeUpTo(2, 150)).toEqual(['a', 'b']);
    expect(await takeUpTo(3, 150)).toEqual(['c']);
  });

  test.each(['the session that holds it', 'the next session'])(
    'marks an event as a repair if the repair is requested while it is in flight, for %s',
    async (taker) => {
      const run = onQueue({ connection: await connectIoredis((await startRedis()).url) });
      const begin = async () => Object(await run(beat, ['', 60_000, partitions, 1_000, 60_000]))[0];
      /** Returns the id of the event that it took, and whether it is a repair. */
      const exchangeAs = async (session: string, turn: number, done: readonly unknown[]): Promise<unknown[]> => {
        const acknowledged = done.flatMap((id) => [0, String(id), user, 'done', 0]);
        const args = [session, turn, 60_000, 100, 100, 10, 1_000, done.length, ...acknowledged, 0, 10];
        const [, id, , isRepair] = Object(await run(exchange, args));
        return [id, isRepair];
      };
      await run(push, [0, user, '{"type":"identify"}']);
      const frozen = await begin();
      const [id] = await exchangeAs(frozen, 1, []);
      await run(release, [frozen, 60_000, 1, 0, 1]);
      const next = await begin();
      expect(await exchangeAs(next, 1, [])).toEqual([id, 0]);
      await run(repair, [0, 1]);
      if (taker === 'the next session') {
        await run(release, [next, 60_000, 1, 0, 1]);
        expect(await exchangeAs(await begin(), 1, [])).toEqual([id, 1]);
      } else expect(await exchangeAs(next, 2, [id])).toEqual([id, 1]);
    },
  );
});

describe.skipIf(!hasRedis)('the script that renews leases', () => {
  test('frees a partition that an ended session did not know it owned', async () => {
    const run = onQueue({ connection: await connectIoredis((await startRedis()).url) });
    const owned = async (session: string): Promise<unknown[]> => {
      const [id, , , ...claims] = Object(await run(beat, [session, 60_000, partitions, 1_000, 60_000]));
      return [id, claims.filter((_: unknown, index: number) => index % 2 === 0)];
    };
    const [first, all] = await owned('');
    expect(all).toEqual([0, 1]);
    const [second] = await owned('');
    // The answer that assigned partition 1 did not arrive.
    await run(release, [String(first), 60_000, 1, 0]);
    expect(await owned(String(second))).toEqual([second, [0, 1]]);
  });
});

describe.skipIf(!hasRedis)('after Redis has lost its data', () => {
  test('neither a session nor an event has an id that was given before', async () => {
    const redis = await connectIoredis((await startRedis()).url);
    const run = onQueue({ connection: redis });
    const ids = async (): Promise<unknown[]> => {
      await run(push, [0, user, '{"type":"identify"}']);
      const [session] = Object(await run(beat, ['', 60_000, partitions, 0, 60_000]));
      const [, dead] = Object(await run(exchange, [session, 1, 60_000, 100, 100, 10, 1_000, 0, 0, 10]));
      await run(exchange, [session, 2, 60_000, 100, 100, 0, 0, 1, 0, dead, user, 'dead', '{}']);
      const letters = await readDeadLetters({ connection: redis });
      await redeliverDeadLetters({ connection: redis, ids: letters.map(({ id }) => id) });
      const [, again] = Object(await run(exchange, [session, 3, 60_000, 100, 100, 10, 1_000, 0, 0, 10]));
      return [session, dead, again];
    };
    const before = await ids();
    await redis.flushall();
    const all = [...before, ...(await ids())];
    expect(all.every((id) => typeof id === 'string')).toBe(true);
    expect(new Set(all).size).toBe(6);
  });

  test('an event whose time of arrival is lost is retried like any other', async () => {
    const redis = await connectIoredis((await startRedis()).url);
    const run = onQueue({ connection: redis });
    await run(push, [0, user, '{"type":"identify"}']);
    const [session] = Object(await run(beat, ['', 60_000, partitions, 0, 60_000]));
    const exchangeAs = async (turn: number, done: readonly unknown[]): Promise<unknown> => {
      const acknowledged = done.flatMap((id) => [0, String(id), user, 'retry', 0]);
      const args = [session, turn, 60_000, 100, 100, 10, 1_000, done.length, ...acknowledged];
      const [, id] = Object(await run(exchange, turn === 2 ? args : [...args, 0, 10]));
      return id;
    };
    const id = await exchangeAs(1, []);
    await exchangeAs(2, [id]);
    await redis.del('segment-onesignal:{segment-events}:retried:0');
    expect(await exchangeAs(3, [])).toBe(id);
  });
});
