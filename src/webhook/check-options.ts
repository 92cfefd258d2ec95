import { maxTimerMs } from '../delivery/max-timer-ms.js';
import { ConfigurationError, type ConfigurationErrorCode } from '../errors.js';
import type { Deliverer } from '../pipeline.js';
import { suggestName } from '../suggest-name.js';
import type { WebhookOptions } from './options.js';

/**
 * Checked options, with defaults; a check that is not configured has no list.
 *
 * @internal
 */
export interface WebhookSettings {
  maxBytes: number;
  maxEvents: number;
  deadlineMs: number;
  acceptsFirstEvent: boolean;
  secrets: readonly string[] | undefined;
  tokens: readonly string[] | undefined;
  writeKeys: readonly string[] | undefined;
  allowUnsigned: boolean;
}

const known = [
  'maxBytes',
  'maxEvents',
  'deadlineMs',
  'batchSignature',
  'secrets',
  'tokens',
  'writeKeys',
  'allowUnsigned',
];

/**
 * @throws {@link ConfigurationError} for the first option that cannot work.
 * @internal
 */
export function checkWebhookOptions(destination: Deliverer, options: WebhookOptions): WebhookSettings {
  if (typeof Object(destination).deliver !== 'function') {
    refuse('invalid', 'destination', 'destination must have a method deliver(events): see createDestination');
  }
  const unknown = Object.keys(Object(options)).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    refuse('unknown_option', unknown, `Unknown option "${unknown}". ${suggestName(unknown, known)}`);
  }
  const { batchSignature, allowUnsigned } = Object(options);
  if (![undefined, 'whole-body', 'first-event'].includes(batchSignature)) {
    refuse('invalid', 'batchSignature', "batchSignature must be 'whole-body' or 'first-event'");
  }
  if (![undefined, true, false].includes(allowUnsigned)) {
    refuse('invalid', 'allowUnsigned', 'allowUnsigned must be true or false');
  }
  const { secrets, tokens, writeKeys } = {
    secrets: listOf('secrets', options),
    tokens: listOf('tokens', options),
    writeKeys: listOf('writeKeys', options),
  };
  if (secrets === undefined && tokens === undefined && writeKeys === undefined && allowUnsigned !== true) {
    refuse(
      'missing',
      'secrets',
      'secrets are missing: give the shared secret of the webhook destination, tokens or writeKeys; or say allowUnsigned: true',
    );
  }
  return {
    maxBytes: countOf('maxBytes', options, 5_000_000),
    maxEvents: countOf('maxEvents', options, 5_000),
    deadlineMs: countOf('deadlineMs', options, 4_500),
    acceptsFirstEvent: (batchSignature ?? (tokens === undefined ? 'whole-body' : 'first-event')) === 'first-event',
    secrets,
    tokens,
    writeKeys,
    allowUnsigned: allowUnsigned === true,
  };
}

function listOf(name: 'secrets' | 'tokens' | 'writeKeys', options: WebhookOptions): readonly string[] | undefined {
  const list: unknown = Object(options)[name];
  if (list === undefined) return undefined;
  // An unset environment variable is the usual way to a list of nothing, and would open the door or close it for everybody.
  if (!Array.isArray(list) || list.length === 0 || !list.every((value) => typeof value === 'string' && value !== '')) {
    refuse('invalid', name, `${name} must be a list of texts that are not empty: is an environment variable not set?`);
  }
  if (list.some((value) => value.trim() !== value)) {
    refuse('invalid', name, `${name} has white space at an end, which is never sent: trim it`);
  }
  return [...list];
}

function countOf(name: 'maxBytes' | 'maxEvents' | 'deadlineMs', options: WebhookOptions, standard: number): number {
  const value = options[name] ?? standard;
  if (!Number.isInteger(value) || value < 1 || value > maxTimerMs) {
    refuse('invalid', name, `${name} must be a whole number from 1 to ${maxTimerMs}`);
  }
  return value;
}

function refuse(code: ConfigurationErrorCode, option: string, message: string): never {
  throw new ConfigurationError(code, option, message);
}
