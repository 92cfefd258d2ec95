import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach } from 'vitest';

/** A Redis of one test, with persistence, so that it may die and come back. */
export interface RedisServer {
  port: number;
  url: string;
  /** As the kernel kills it for want of memory: no goodbye, nothing saved that was not saved already. */
  kill(): Promise<void>;
  /** Starts it again on the same port with what it had saved. */
  start(): Promise<void>;
  /** Stops it where it is: connections stay open, but nothing is answered until it is resumed. */
  freeze(): void;
  resume(): void;
}

/** Whether Redis is installed; tests that need it are skipped, and say so, where it is not. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) console.warn('skipped: redis-server is not installed (apt-get install redis-server)');

const running: { server: RedisServer; folder: string }[] = [];

/**
 * Starts a Redis on a free port of this machine; after the test it ends.
 *
 * @param settings - Settings such as `['--appendonly', 'no']`, which win over those of the tests.
 */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  let child: ChildProcess | undefined;
  const server: RedisServer = {
    port,
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const options = [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--dir',
        folder,
        '--appendonly',
        'yes',
        '--save',
        '',
        ...settings,
      ];
      child = spawn('redis-server', options, { stdio: 'ignore' });
      while (!(await answers(port))) await sleep(20);
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    freeze: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
  };
  running.push({ server, folder });
  await server.start();
  return server;
}

afterEach(async () => {
  for (const { server, folder } of running.splice(0)) {
    await server.kill();
    rmSync(folder, { recursive: true });
  }
});

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('there is no free port');
  return address.port;
}

/** It accepts connections before it has read its files; only then it answers. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    socket.once('data', (reply) => {
      socket.destroy();
      resolve(String(reply).startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
}
