import { ConfigurationError } from './errors.js';
import { isUuid } from './onesignal/is-uuid.js';
import { isRecord, type UnknownRecord } from './record.js';

const dashboard = 'the OneSignal dashboard (Settings > Keys & IDs)';

/**
 * Checks that options name an app and exactly one of `apiKey` and `transport`.
 *
 * @throws {@link ConfigurationError} for the first of them that is missing or wrong.
 * @internal
 */
export function checkAccess(options: UnknownRecord): void {
  const { appId, apiKey, transport, authScheme } = options;
  const unset = 'is undefined. Check that its environment variable is set';
  if (appId === undefined && 'appId' in options) throw new ConfigurationError('missing', 'appId', `"appId" ${unset}.`);
  if (appId === undefined || appId === '')
    throw new ConfigurationError('missing', 'appId', `"appId" is missing. Copy the App ID from ${dashboard}.`);
  if (!isUuid(appId))
    throw new ConfigurationError('invalid', 'appId', `"appId" must be a UUID. Copy it from ${dashboard}.`);
  if (apiKey !== undefined && transport !== undefined)
    throw new ConfigurationError('conflict', 'apiKey', 'Pass either "apiKey" or "transport", not both.');
  if (authScheme !== undefined && transport !== undefined)
    throw new ConfigurationError(
      'conflict',
      'authScheme',
      '"authScheme" cannot be combined with "transport". Set it there.',
    );
  if (apiKey === undefined && transport === undefined && 'apiKey' in options)
    throw new ConfigurationError('missing', 'apiKey', `"apiKey" ${unset}, or pass a "transport".`);
  if (apiKey === undefined && transport === undefined) {
    const message = `"apiKey" is missing. Pass an App API key from ${dashboard}, or a "transport".`;
    throw new ConfigurationError('missing', 'apiKey', message);
  }
  if (transport !== undefined && !(isRecord(transport) && typeof transport.send === 'function')) {
    const message = '"transport" must have a method send(request, { signal }). See Transport.';
    throw new ConfigurationError('invalid', 'transport', message);
  }
}
