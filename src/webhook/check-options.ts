import { checkDeliverer } from '../check-deliverer.js';
import { maxTimerMs } from '../delivery/max-timer-ms.js';
import { checkNames } from '../known-options.js';
import { refuse } from '../option-rules.js';
import type { Deliverer } from '../pipeline.js';
import { readSecrets } from '../receiving/secrets.js';
import type { WebhookHandlerOptions } from './options.js';

/**
 * Checked options with their defaults. A check that is not configured is `undefined`.
 *
 * @internal
 */
export interface WebhookSettings {
  maxBytes: number;
  maxEvents: number;
  maxConcurrentBodies: number;
  maxBufferedBytes: number;
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
  'maxConcurrentBodies',
  'maxBufferedBytes',
  'deadlineMs',
  'batchSignature',
  'secrets',
  'tokens',
  'writeKeys',
  'allowUnsigned',
];

/**
 * Checks the options of `createWebhookHandler` and fills in the defaults.
 *
 * @throws {@link ConfigurationError} for the first option that cannot work.
 * @internal
 */
export function checkHandlerOptions(destination: Deliverer, options: WebhookHandlerOptions): WebhookSettings {
  checkDeliverer(destination);
  checkNames(Object(options), known);
  const { batchSignature, allowUnsigned } = Object(options);
  if (![undefined, 'whole-body', 'first-event'].includes(batchSignature)) {
    refuse('invalid', 'batchSignature', "\"batchSignature\" must be 'whole-body' or 'first-event'.");
  }
  if (![undefined, true, false].includes(allowUnsigned)) {
    refuse('invalid', 'allowUnsigned', '"allowUnsigned" must be true or false.');
  }
  const { secrets, tokens, writeKeys } = {
    secrets: readStrings('secrets', options),
    tokens: readStrings('tokens', options),
    writeKeys: readStrings('writeKeys', options),
  };
  if (secrets === undefined && tokens === undefined && writeKeys === undefined && allowUnsigned !== true) {
    refuse(
      'missing',
      'secrets',
      '"secrets" is missing. Set it to the shared secrets of your webhooks, or set tokens, writeKeys or allowUnsigned.',
    );
  }
  if (tokens?.some((token) => /^bearer\s/i.test(token))) {
    refuse('invalid', 'tokens', '"tokens" contains a value that begins with "Bearer". Pass the token alone.');
  }
  if (secrets === undefined && batchSignature !== undefined) {
    const message = '"batchSignature" checks nothing without "secrets". Set secrets too, or omit batchSignature.';
    refuse('missing', 'secrets', message);
  }
  const maxBytes = readInteger('maxBytes', options, 5_000_000);
  return {
    maxBytes,
    maxEvents: readInteger('maxEvents', options, 5_000),
    maxConcurrentBodies: readInteger('maxConcurrentBodies', options, 4),
    maxBufferedBytes: readMaxBufferedBytes(options, maxBytes),
    deadlineMs: readInteger('deadlineMs', options, 4_500),
    acceptsFirstEvent: (batchSignature ?? (tokens === undefined ? 'whole-body' : 'first-event')) === 'first-event',
    secrets,
    tokens,
    writeKeys,
    allowUnsigned: allowUnsigned === true,
  };
}

function readStrings(
  name: 'secrets' | 'tokens' | 'writeKeys',
  options: WebhookHandlerOptions,
): readonly string[] | undefined {
  const values: unknown = Object(options)[name];
  return values === undefined ? undefined : readSecrets(name, values);
}

function readMaxBufferedBytes(options: WebhookHandlerOptions, maxBytes: number): number {
  // With less, the largest gzip body, packed and unpacked, would be answered with 503 forever.
  const least = 2 * maxBytes + 1_000_000;
  const value = options.maxBufferedBytes ?? Math.max(8 * maxBytes, 40_000_000);
  if (!Number.isSafeInteger(value) || value < least) {
    refuse('invalid', 'maxBufferedBytes', '"maxBufferedBytes" must be an integer ≥ 2 × maxBytes + 1,000,000.');
  }
  return value;
}

function readInteger(
  name: 'maxBytes' | 'maxEvents' | 'maxConcurrentBodies' | 'deadlineMs',
  options: WebhookHandlerOptions,
  defaultValue: number,
): number {
  const value = options[name] ?? defaultValue;
  if (!Number.isInteger(value) || value < 1 || value > maxTimerMs) {
    refuse('invalid', name, `"${name}" must be an integer from 1 to ${maxTimerMs}.`);
  }
  return value;
}
