import { adaptClient, type RedisClient } from './client.js';

/** Runs a Lua script. Redis runs one at a time, so nothing can come between its commands. */
export type RunScript = (script: string, keys: readonly string[], args?: readonly string[]) => Promise<unknown>;

/**
 * Sends the digest of a script instead of its text, and the text if Redis does not know it: the first time, and after a
 * restart, a failover or `SCRIPT FLUSH`.
 *
 * Reads are scripts too. A client that sends plain reads to replicas, or caches them, might return old values.
 *
 * @internal
 */
export function createScriptRunner(redis: RedisClient): RunScript {
  const client = adaptClient(redis);
  const digests = new Map<string, Promise<string>>();

  return async (script, keys, args = []) => {
    const digest = digests.get(script) ?? sha1Of(script);
    digests.set(script, digest);
    try {
      return await client.evalSha(await digest, keys, args);
    } catch (thrown) {
      if (!isUnknownScript(thrown)) throw thrown;
      return client.eval(script, keys, args);
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
