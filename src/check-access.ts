import { authorization, dashboard } from './onesignal/http-options.js';
import { isUuid } from './onesignal/is-uuid.js';
import { isFunction, refuse } from './option-rules.js';
import { isRecord, type UnknownRecord } from './record.js';

/**
 * Checks that options name an app and exactly one of `apiKey` and `transport`.
 *
 * @throws {@link ConfigurationError} for the first of them that is missing or wrong.
 * @internal
 */
export function checkAccess(options: UnknownRecord): void {
  const { appId, apiKey, transport, authScheme } = options;
  if (appId === undefined && 'appId' in options)
    refuse('missing', 'appId', '"appId" is undefined. Check that its environment variable is set.');
  if (appId === undefined || appId === '')
    refuse('missing', 'appId', `"appId" is missing. Copy the App ID from ${dashboard}.`);
  if (!isUuid(appId)) refuse('invalid', 'appId', `"appId" must be a UUID. Copy it from ${dashboard}.`);
  if (apiKey !== undefined && transport !== undefined)
    refuse('conflict', 'apiKey', 'Pass either "apiKey" or "transport", not both.');
  if (authScheme !== undefined && transport !== undefined)
    refuse('conflict', 'authScheme', '"authScheme" cannot be combined with "transport". Set it there.');
  if (transport === undefined) authorization(options);
  else if (!(isRecord(transport) && isFunction(transport.send))) {
    const message = '"transport" must have a method send(request, { signal }). See Transport.';
    refuse('invalid', 'transport', message);
  }
}
