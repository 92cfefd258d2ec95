import { spawnSync } from 'node:child_process';
import { afterEach } from 'vitest';
import { launchRedis, type RedisServer } from './redis-process.js';

export { freePort, type RedisServer } from './redis-process.js';

/** Whether Redis is installed. If it is not, tests that need it are skipped with a message. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) console.warn('skipped: redis-server is not installed (apt-get install redis-server)');

const running: RedisServer[] = [];

/**
 * Starts a Redis on a free port of this machine, and stops it after the test.
 *
 * @param settings - Settings such as `['--appendonly', 'no']`, which override those of the tests.
 */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const server = await launchRedis(settings);
  running.push(server);
  return server;
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});
