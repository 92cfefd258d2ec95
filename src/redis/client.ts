import { mustBe, type Rule, refuse } from '../option-rules.js';

/** The part of an ioredis `Redis` or `Cluster` (5 or newer) that the stores use. */
export interface IoredisClient {
  /** Runs a command by name. Clients that have it, and `evalsha`, are taken for ioredis. */
  call(command: string, ...args: string[]): Promise<unknown>;
  /** Runs a script that Redis knows. */
  evalsha(sha1: string, keyCount: number, ...args: string[]): Promise<unknown>;
  /** Runs a script, which Redis then knows. */
  eval(script: string, keyCount: number, ...args: string[]): Promise<unknown>;
  /** Returns information about Redis. Only {@link checkRedis} needs it. */
  info(): Promise<string>;
}

/** Input of a script of {@link NodeRedisClient}. */
export interface NodeRedisScriptInput {
  /** `KEYS` of the script. */
  keys: string[];
  /** `ARGV` of the script. */
  arguments: string[];
}

/** The part of a client, cluster, pool or sentinel of node-redis (the package `redis`, 4 or newer) that the stores use. */
export interface NodeRedisClient {
  /** Runs a script that Redis knows. Clients that have it are taken for node-redis. */
  evalSha(sha1: string, input: NodeRedisScriptInput): Promise<unknown>;
  /** Runs a script, which Redis then knows. */
  eval(script: string, input: NodeRedisScriptInput): Promise<unknown>;
  /** Returns information about Redis. Only {@link checkRedis} needs it. */
  info(): Promise<unknown>;
}

/** A client of ioredis or node-redis, which you create, connect and close. */
export type RedisClient = IoredisClient | NodeRedisClient;

/** What the two kinds of clients have in common. */
export interface RedisAdapter {
  evalSha(sha1: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  eval(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  info(): Promise<unknown>;
}

const clientForm = 'a client of ioredis 5 or newer, or of node-redis 4 or newer';

/** The value must be a {@link RedisClient}. @internal */
export const clientRule: Rule = /* @__PURE__ */ mustBe(clientForm, (value) => isNodeRedis(value) || isIoredis(value));

/**
 * Recognizes a client by its methods, so that neither package is a dependency. Clients of other packages also have a
 * method `evalsha`, but with other arguments.
 *
 * @throws {@link ConfigurationError} if it is neither.
 * @internal
 */
export function adaptClient(redis: RedisClient): RedisAdapter {
  if (isNodeRedis(redis))
    return {
      evalSha: (sha1, keys, args) => redis.evalSha(sha1, { keys: [...keys], arguments: [...args] }),
      eval: (script, keys, args) => redis.eval(script, { keys: [...keys], arguments: [...args] }),
      info: () => redis.info(),
    };
  if (isIoredis(redis))
    return {
      evalSha: (sha1, keys, args) => redis.evalsha(sha1, keys.length, ...keys, ...args),
      eval: (script, keys, args) => redis.eval(script, keys.length, ...keys, ...args),
      info: () => redis.info(),
    };
  return refuse('invalid', 'redis', `"redis" must be ${clientForm}.`);
}

function isNodeRedis(redis: unknown): redis is NodeRedisClient {
  return hasMethods(redis, ['evalSha', 'eval', 'info']);
}

function isIoredis(redis: unknown): redis is IoredisClient {
  return hasMethods(redis, ['call', 'evalsha', 'eval', 'info']);
}

function hasMethods(client: unknown, names: readonly string[]): boolean {
  return names.every((name) => typeof Object(client)[name] === 'function');
}
