import { adaptClient, type RedisClient } from './client.js';

/** Runs a Lua script. Redis runs one at a time, so nothing can come between its commands. */
export type RunScript = (script: string, keys: readonly string[], args?: readonly string[]) => Promise<unknown>;

/**
 * Beginning of a script that has to write even if the memory of Redis is full. Before the first write of a script, Redis
 * refuses the commands that need memory. This first write needs none, and does nothing.
 *
 * @see {@link https://redis.io/docs/latest/develop/programmability/eval-intro/ | Redis: Scripting with Lua}
 * @internal
 */
export const evenIfFull = `redis.pcall('HDEL', KEYS[1], '')\n`;

/**
 * Sends the digest of a script instead of its text, and the text if Redis does not know it: the first time, and after a
 * restart, a failover or `SCRIPT FLUSH`.
 *
 * Reads are scripts too. A client that sends plain reads to replicas, or caches them, might return old values.
 *
 * @param beginning - Comes before each script.
 * @internal
 */
export function createScriptRunner(redis: RedisClient, beginning = ''): RunScript {
  const client = adaptClient(redis);
  const digests = new Map<string, Promise<string>>();

  return async (script, keys, args = []) => {
    const digest = digests.get(script) ?? sha1Of(beginning + script);
    digests.set(script, digest);
    try {
      return await client.evalSha(await digest, keys, args);
    } catch (thrown) {
      if (!isUnknownScript(thrown)) throw thrown;
      return client.eval(beginning + script, keys, args);
    }
  };
}

function isUnknownScript(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.startsWith('NOSCRIPT');
}

async function sha1Of(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
