import { createDestination, createOneSignalTransport, type Destination, type Transport } from 'segment-onesignal';
import type { Config } from 'segment-onesignal/config';
import { CommandError } from '../command-error.js';
import { readBytes } from '../read-file.js';
import type { Terminal } from '../terminal/terminal.js';
import { loadConfig } from './config-file.js';
import { readEnv } from './env-file.js';
import type { SettingsFlags } from './flags.js';
import { loadMapping } from './mapping-file.js';

/** Settings from every source, merged. None of them is checked yet. */
export interface Settings extends Config {
  /** The config file that was found. */
  readonly configFile?: string | undefined;
  /** `REDIS_URL`. It may have a password in it. */
  readonly redisUrl?: string | undefined;
}

/**
 * Merges flags, environment variables, the file of `--env-file` and the config file. The first of them that has a
 * setting wins.
 */
export async function readSettings(flags: SettingsFlags, terminal: Terminal): Promise<Settings> {
  const { file: configFile, config } = await loadConfig(flags.config, terminal.cwd);
  const env = await readEnv(flags.envFile, terminal);
  const apiKey =
    flags.apiKeyFile === undefined
      ? (env.ONESIGNAL_API_KEY ?? config.apiKey)
      : await readKey(flags.apiKeyFile, terminal);
  return {
    ...config,
    configFile,
    appId: flags.appId ?? env.ONESIGNAL_APP_ID ?? config.appId,
    apiKey,
    baseUrl: flags.baseUrl ?? env.ONESIGNAL_BASE_URL ?? config.baseUrl,
    secrets: listOf(env.SEGMENT_SHARED_SECRET) ?? config.secrets,
    tokens: listOf(env.WEBHOOK_TOKEN) ?? config.tokens,
    writeKeys: listOf(env.WEBHOOK_WRITE_KEY) ?? config.writeKeys,
    redisUrl: env.REDIS_URL,
    mapping: flags.mapping === undefined ? config.mapping : await loadMapping(flags.mapping, terminal.cwd),
    delivery:
      flags.missingUser === undefined ? config.delivery : { ...config.delivery, missingUser: flags.missingUser },
  };
}

async function readKey(file: string, terminal: Terminal): Promise<string> {
  const key = (await readBytes(file, terminal)).toString('utf8').trim();
  if (key === '') throw new CommandError(`${file === '-' ? 'Stdin' : file} is empty. It must contain the API key.`);
  return key;
}

/** Returns the app and the key, or says where to set the one that is missing. */
export function requireAccess({ appId, apiKey, baseUrl }: Settings): { appId: string; apiKey: string } {
  if (appId === undefined)
    throw new CommandError(
      'No OneSignal app is set. Pass --app-id, or set ONESIGNAL_APP_ID or appId in the config file.',
    );
  if (baseUrl !== undefined && !/^https?:\/\//i.test(baseUrl))
    throw new CommandError('The base URL must begin with http:// or https://, such as http://127.0.0.1:4010.');
  if (apiKey !== undefined) return { appId, apiKey };
  // A sandbox takes any key.
  if (baseUrl !== undefined && isLoopback(baseUrl)) return { appId, apiKey: 'os_v2_app_sandbox' };
  throw new CommandError(
    'No API key is set. Set ONESIGNAL_API_KEY, pass --api-key-file, or set apiKey in the config file.',
  );
}

/** Creates the transport that the settings describe. */
export function createTransport(settings: Settings): Transport {
  const { authScheme, baseUrl } = settings;
  return createOneSignalTransport({ apiKey: requireAccess(settings).apiKey, authScheme, baseUrl });
}

/** Creates the destination that the settings describe. */
export function createDestinationFrom(settings: Settings): Destination {
  const { appId } = requireAccess(settings);
  const { mapping, delivery } = settings;
  return createDestination({ appId, transport: createTransport(settings), mapping, delivery });
}

function listOf(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value];
}

function isLoopback(baseUrl: string): boolean {
  return URL.canParse(baseUrl) && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(baseUrl).hostname);
}
