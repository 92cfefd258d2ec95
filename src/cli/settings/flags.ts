import { type Command, InvalidArgumentError, Option } from 'commander';

/** Where settings come from, as typed. */
export interface SettingsFlags {
  readonly config?: string | undefined;
  readonly envFile?: string | undefined;
  readonly mapping?: string | undefined;
  readonly appId?: string | undefined;
  readonly apiKeyFile?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly missingUser?: 'skip' | 'create' | 'retry' | undefined;
}

/** Adds the flags of every command that maps events. */
export function addMappingFlags(command: Command): Command {
  return command
    .addOption(new Option('-m, --mapping <file>', 'mapping options: a .ts, .js, .mjs or .json file'))
    .addOption(new Option('-c, --config <file>', 'config file (default: the nearest segment-onesignal.config.*)'))
    .addOption(new Option('--env-file <file>', 'read environment variables from a file, such as .env'));
}

/** Adds the flags of every command that talks to OneSignal. */
export function addAccessFlags(command: Command): Command {
  return addMappingFlags(command)
    .addOption(new Option('--app-id <uuid>', 'OneSignal app (default: ONESIGNAL_APP_ID)'))
    .addOption(new Option('--api-key-file <file>', 'file with the API key, - for stdin (default: ONESIGNAL_API_KEY)'))
    .addOption(new Option('--base-url <url>', 'API to call, such as a sandbox (default: ONESIGNAL_BASE_URL)'));
}

/** Adds the flag of commands that write to OneSignal. */
export function addDeliveryFlags(command: Command): Command {
  return addAccessFlags(command).addOption(
    new Option('--missing-user <action>', 'what to do for users that OneSignal does not know').choices([
      'skip',
      'create',
      'retry',
    ]),
  );
}

/** Adds the flags that choose events of an archive. */
export function addFilterFlags(command: Command): Command {
  return command
    .option('--since <time>', 'only events at or after this time, such as 2026-11-01')
    .option('--until <time>', 'only events before this time')
    .option('--user <id...>', 'only events of these users')
    .option('--event <name...>', 'only tracks with these names')
    .addOption(new Option('--type <type...>', 'only events of these types').choices(eventTypes));
}

const eventTypes = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'delete'];

/** Reads a flag's value as an integer ≥ `least`. */
export function integerFrom(least: number, most = Number.MAX_SAFE_INTEGER): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return number;
    const range = most === Number.MAX_SAFE_INTEGER ? `≥ ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`It must be an integer ${range}.`);
  };
}

/** Reads a flag's value as a port. */
export const readPort = integerFrom(0, 65_535);
