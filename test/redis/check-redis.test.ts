import { describe, expect, test } from 'vitest';
import { checkRedis } from '../../src/redis/index.js';
import { hasRedis, startRedis } from '../redis-server.js';
import { clients, connectIoredis } from './clients.js';

/** A node-redis client that answers INFO with this string. */
const answering = (info: () => Promise<string>) => ({ evalSha: async () => null, eval: async () => null, info });
const told = (version: string) => answering(async () => `# Server\r\nredis_version:${version}\r\naof_enabled:1\r\n`);

describe.skipIf(!hasRedis).each(clients)('checkRedis over %s', (_, connect) => {
  test('has no warnings about a Redis that keeps everything', async () => {
    const redis = await connect((await startRedis()).url);
    expect(await checkRedis(redis, { strict: true })).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      warnings: [],
    });
  });

  test('warns about a Redis that may lose data, and throws if strict', async () => {
    const redis = await connect((await startRedis(['--appendonly', 'no', '--maxmemory-policy', 'volatile-lru'])).url);
    const { warnings } = await checkRedis(redis);
    expect(warnings).toEqual([
      {
        code: 'not_persistent',
        message: 'Redis loses its latest writes when it stops: "appendonly" is "no". Set it to "yes".',
      },
      {
        code: 'evicts_keys',
        message:
          'Redis deletes keys when its memory is full: "maxmemory-policy" is "volatile-lru". Set it to "noeviction".',
      },
    ]);
    await expect(checkRedis(redis, { strict: true })).rejects.toMatchObject({
      name: 'ConfigurationError',
      option: 'redis',
      message: warnings.map(({ message }) => message).join(' '),
    });
  });

  test('checks the rest if CONFIG is forbidden, and says what it could not check if INFO is too', async () => {
    const server = await startRedis(['--appendonly', 'no']);
    const admin = await connectIoredis(server.url);
    await admin.acl('SETUSER', 'managed', 'on', '>pass', '~*', '+@all', '-config');
    await admin.acl('SETUSER', 'narrow', 'on', '>pass', '~*', '+@all', '-info', '-config');
    const managed = await connect(server.url.replace('//', '//managed:pass@'));
    expect((await checkRedis(managed)).warnings).toMatchObject([{ code: 'not_persistent' }]);
    const narrow = await connect(server.url.replace('//', '//narrow:pass@'));
    expect(await checkRedis(narrow, { strict: true })).toEqual({
      version: undefined,
      warnings: [
        { code: 'not_checked', message: 'Redis does not report its version. Check by hand that it is 6.2 or newer.' },
        { code: 'not_checked', message: 'Redis does not report "appendonly". Check by hand that it is "yes".' },
        {
          code: 'not_checked',
          message: 'Redis does not report "maxmemory-policy". Check by hand that it is "noeviction".',
        },
      ],
    });
  });
});

test.each(['2.8.0', '5.0.14', '6.0.20', '6.1.9'])('Redis %s is refused', async (version) => {
  await expect(checkRedis(told(version))).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: `Redis ${version} is too old. Upgrade to 6.2 or newer.`,
  });
});

test.each(['6.2.0', '7.0.15', '8.2.1', '10.0.0', '255.255.255'])('Redis %s is accepted', async (version) => {
  expect(await checkRedis(told(version))).toMatchObject({ version, warnings: [{ code: 'not_checked' }] });
});

test('rejects with the error of the client if Redis cannot be reached', async () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:6379');
  await expect(checkRedis(answering(() => Promise.reject(refused)))).rejects.toBe(refused);
  const unauthorized = new Error('NOAUTH Authentication required.');
  await expect(checkRedis(answering(() => Promise.reject(unauthorized)))).rejects.toBe(unauthorized);
});
