import { optionsOf } from '../known-options.js';
import { mustBe, refuse } from '../option-rules.js';
import { adaptClient, type RedisClient } from './client.js';

/** Options of {@link checkRedis}. */
export interface RedisCheckOptions {
  /**
   * Whether settings with which Redis may lose data are an error instead of a warning.
   *
   * @defaultValue false
   */
  strict?: boolean | undefined;
}

/** What {@link checkRedis} found: `{ version: '7.0.15', warnings: [] }` if all is well. */
export interface RedisCheck {
  /** Version of Redis; `undefined` if Redis does not report it. */
  version: string | undefined;
  /** Settings with which Redis may lose data, and what could not be checked. */
  warnings: RedisWarning[];
}

/**
 * What {@link checkRedis} warns about:
 *
 * - `not_persistent`: the append-only file is off, so Redis loses recent writes when it stops.
 * - `evicts_keys`: Redis deletes keys when its memory is full.
 * - `not_checked`: Redis does not report one of its settings.
 *
 * A minor release may add codes: give a `switch` over them a `default`.
 */
export type RedisWarningCode = 'not_persistent' | 'evicts_keys' | 'not_checked';

/** One problem, to be logged. */
export interface RedisWarning {
  /** Kind of the problem. */
  code: RedisWarningCode;
  /** What is wrong, and what to do. */
  message: string;
}

/** The oldest version that the stores are made for. */
const oldest = { major: 6, minor: 2 };
const checkOptions = optionsOf({ strict: mustBe('true or false', (value) => typeof value === 'boolean') });

/**
 * Checks at startup that Redis can be relied on: its version, whether it writes an append-only file, and that it evicts
 * no keys.
 *
 * It sends only the command INFO, so it also works where CONFIG is forbidden. A setting that Redis does not report, or
 * not to this user, becomes a warning with the code `not_checked`, even with `strict`. In a cluster, one node is
 * checked.
 *
 * @param redis - Your client of ioredis or node-redis, connected.
 * @param options - Whether warnings about lost data are errors.
 * @returns The version and the warnings.
 * @throws `ConfigurationError` if the client is of another kind, an option is invalid, Redis is older than 6.2 or, with
 * `strict`, Redis may lose data. Also the client's error, if Redis does not answer.
 *
 * @example
 * ```ts
 * import { Redis } from 'ioredis';
 * import { checkRedis } from 'segment-onesignal/redis';
 *
 * export async function start(redis: Redis) {
 *   const { warnings } = await checkRedis(redis, { strict: process.env.NODE_ENV === 'production' });
 *   for (const { message } of warnings) console.warn(message);
 * }
 * ```
 *
 * @see {@link https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/ | Redis: Persistence}
 * @see {@link https://redis.io/docs/latest/develop/reference/eviction/ | Redis: Key eviction}
 */
export async function checkRedis(redis: RedisClient, options: RedisCheckOptions = {}): Promise<RedisCheck> {
  checkOptions(options, '');
  const fields = fieldsOf(await infoOf(redis));
  const version = fields.get('redis_version');
  if (version !== undefined && isTooOld(version))
    refuse('invalid', 'redis', `Redis ${version} is too old. Upgrade to 6.2 or newer.`);
  const losses = [persistenceWarning(fields), evictionWarning(fields)].flatMap((warning) => warning ?? []);
  const lossMessages = losses.filter(({ code }) => code !== 'not_checked').map(({ message }) => message);
  if (options.strict && lossMessages.length > 0) refuse('invalid', 'redis', lossMessages.join(' '));
  return { version, warnings: version === undefined ? [notChecked('its version', '6.2 or newer'), ...losses] : losses };
}

function persistenceWarning(fields: ReadonlyMap<string, string>): RedisWarning | undefined {
  const enabled = fields.get('aof_enabled');
  if (enabled === undefined) return notChecked('"appendonly"', '"yes"');
  if (enabled === '1') return undefined;
  return {
    code: 'not_persistent',
    message: 'Redis loses its latest writes when it stops: "appendonly" is "no". Set it to "yes".',
  };
}

function evictionWarning(fields: ReadonlyMap<string, string>): RedisWarning | undefined {
  const policy = fields.get('maxmemory_policy');
  if (policy === undefined) return notChecked('"maxmemory-policy"', '"noeviction"');
  if (policy === 'noeviction') return undefined;
  return {
    code: 'evicts_keys',
    message: `Redis deletes keys when its memory is full: "maxmemory-policy" is "${policy}". Set it to "noeviction".`,
  };
}

function notChecked(setting: string, right: string): RedisWarning {
  return { code: 'not_checked', message: `Redis does not report ${setting}. Check by hand that it is ${right}.` };
}

/** Nothing if Redis refuses the command. Errors of the connection are thrown. */
async function infoOf(redis: RedisClient): Promise<string> {
  const client = adaptClient(redis);
  try {
    return String(await client.info());
  } catch (thrown) {
    if (thrown instanceof Error && /^(NOPERM|ERR) /.test(thrown.message)) return '';
    throw thrown;
  }
}

function fieldsOf(info: string): Map<string, string> {
  return new Map([...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]));
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldest.major || (major === oldest.major && minor < oldest.minor);
}
