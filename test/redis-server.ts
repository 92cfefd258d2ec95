import { spawnSync } from 'node:child_process';
import { afterEach } from 'vitest';
import { launchRedis, type RedisServer } from './redis-process.js';

export { freePort, type RedisServer } from './redis-process.js';

/** Whether Redis is installed; tests that need it are skipped, and say so, where it is not. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) console.warn('skipped: redis-server is not installed (apt-get install redis-server)');

const running: RedisServer[] = [];

/**
 * Starts a Redis on a free port of this machine; after the test it ends.
 *
 * @param settings - Settings such as `['--appendonly', 'no']`, which win over those of the tests.
 */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const server = await launchRedis(settings);
  running.push(server);
  return server;
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});
