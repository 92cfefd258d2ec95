import { checkDestinationNames } from './check-options.js';
import { createDestination, type DestinationOptions } from './create-destination.js';
import { createOneSignalTransport } from './onesignal/client.js';
import { mustBe, refuse } from './option-rules.js';
import type { Destination } from './pipeline.js';
import { isRecord, recordOf } from './record.js';

/** The environment variables that {@link createDestinationFromEnv} reads. */
export interface OneSignalEnv {
  /** App ID in OneSignal, a UUID (dashboard, Settings > Keys & IDs). */
  readonly ONESIGNAL_APP_ID?: string | undefined;
  /** App API key, or a legacy REST API key (dashboard, Settings > Keys & IDs). */
  readonly ONESIGNAL_API_KEY?: string | undefined;
  /** Base URL of the API, such as that of a sandbox. By default OneSignal's own. */
  readonly ONESIGNAL_BASE_URL?: string | undefined;
}

/** Options of {@link createDestinationFromEnv}: those of a destination, and where to read its app id and key. */
export interface DestinationFromEnvOptions extends Pick<DestinationOptions, 'mapping' | 'delivery' | 'hooks'> {
  /**
   * The environment variables, such as the `env` that Workers hand to a handler.
   *
   * @defaultValue `process.env`, where it exists
   */
  env?: OneSignalEnv | Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Creates a destination with the app id in `ONESIGNAL_APP_ID` and the key in `ONESIGNAL_API_KEY`. `ONESIGNAL_BASE_URL`
 * sends its requests to a sandbox or a proxy.
 *
 * @param options - How to map and deliver, and where to read the variables.
 * @throws {@link ConfigurationError} if a variable is not set or an option is invalid or unknown.
 *
 * @example
 * ```ts
 * import { createDestinationFromEnv } from 'segment-onesignal';
 *
 * export const start = () => createDestinationFromEnv({ mapping: { exclude: ['ssn'] } });
 * ```
 */
export function createDestinationFromEnv(options: DestinationFromEnvOptions = {}): Destination {
  mustBe('an object', isRecord)(options, 'options');
  refuseNames(options);
  const { env = processEnv(), ...rest } = options;
  if (!isRecord(env)) {
    const message = 'This runtime has no process.env. Pass the variables as createDestinationFromEnv({ env }).';
    return refuse('missing', 'env', message);
  }
  const appId = read(env, 'appId', 'ONESIGNAL_APP_ID');
  const apiKey = read(env, 'apiKey', 'ONESIGNAL_API_KEY');
  return createDestination({
    ...rest,
    appId,
    transport: createOneSignalTransport({ apiKey, baseUrl: baseUrlIn(env) }),
  });
}

/** Refuses unknown names, what would have no effect here, and the variables themselves, such as the `env` of a Worker. */
function refuseNames(options: DestinationFromEnvOptions): void {
  for (const name of Object.keys(options)) {
    if (name.startsWith('ONESIGNAL_')) {
      const message = `Unknown option "${name}". Pass the variables as createDestinationFromEnv({ env }).`;
      refuse('unknown_option', name, message);
    }
    if (['appId', 'apiKey', 'authScheme', 'transport'].includes(name)) {
      const message = `Unknown option "${name}": createDestinationFromEnv reads variables. Pass it to createDestination.`;
      refuse('unknown_option', name, message);
    }
  }
  checkDestinationNames({ ...options }, ['env', 'mapping', 'delivery', 'hooks']);
}

/** Read through `globalThis`, because Workers and browsers have no `process`. */
function processEnv(): unknown {
  return recordOf(Reflect.get(globalThis, 'process')).env;
}

function baseUrlIn({ ONESIGNAL_BASE_URL: value }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function read(env: Readonly<Record<string, unknown>>, option: string, name: string): string {
  const value = env[name];
  if (typeof value === 'string' && value !== '') return value;
  const dashboard = 'the OneSignal dashboard (Settings > Keys & IDs)';
  return refuse('missing', option, `The environment variable ${name} is not set. Copy its value from ${dashboard}.`);
}
