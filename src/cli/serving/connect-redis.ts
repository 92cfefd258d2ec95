import type { Redis } from 'ioredis';
import { CommandError, messageOf } from '../command-error.js';
import { exitCodes } from '../exit-codes.js';
import type { Settings } from '../settings/settings.js';
import type { Terminal } from '../terminal/terminal.js';

/** A frozen Redis takes connections, but does not answer. */
const maxConnectMs = 10_000;

/**
 * Connects to the Redis of a flag, or else of `REDIS_URL`.
 *
 * @param flag - The URL, or `true` if the flag has none: a URL with a password is better kept out of the arguments.
 * @param isReceiver - Whether commands fail at once while Redis is away, in place of holding events in memory.
 * @throws `CommandError` that names the host only.
 */
export async function connectRedis(
  flag: string | true | undefined,
  { redisUrl }: Settings,
  isReceiver: boolean,
  { stderr, signal }: Terminal,
): Promise<Redis> {
  const url = typeof flag === 'string' ? flag : redisUrl;
  if (url === undefined)
    throw new CommandError('No Redis URL is set. Pass --redis redis://127.0.0.1:6379, or set REDIS_URL.');
  // The URL is not repeated, because it may have a password in it.
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol))
    throw new CommandError('The URL of Redis must begin with redis:// or rediss://, such as redis://127.0.0.1:6379.');
  // Loaded on demand: most commands need no Redis. In the bundle, the module has its default export only.
  const { default: Client } = await import('ioredis');
  const connection = new Client(url, { lazyConnect: true, enableOfflineQueue: !isReceiver });
  let isConnected = false;
  let problem: Error | undefined;
  connection.on('error', (error: Error) => {
    problem ??= error;
    if (isConnected) stderr.write(`Redis: ${error.message}\n`);
  });
  try {
    await Promise.race([connectTo(connection), giveUp(signal)]);
  } catch (thrown) {
    connection.disconnect();
    // What is thrown says only that the connection is closed.
    const reason = messageOf(problem ?? thrown).replace(/\.$/, '');
    throw new CommandError(
      `Cannot connect to Redis at ${new URL(url).host}: ${reason}. Check that it is running and that the URL is right.`,
      exitCodes.failed,
    );
  }
  isConnected = true;
  return connection;
}

/** If Redis does not have the database, the client goes on with the first one and says nothing. */
async function connectTo(connection: Redis): Promise<void> {
  await connection.connect();
  const { db } = connection.options;
  if (db) await connection.select(db);
}

function giveUp(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const rejectWith = (reason: string) => () => reject(new Error(reason));
    setTimeout(rejectWith(`no answer within ${maxConnectMs / 1_000} seconds`), maxConnectMs).unref();
    signal.addEventListener('abort', rejectWith('stopped while waiting'), { once: true });
  });
}
