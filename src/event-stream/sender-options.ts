import { maxTimerMs } from '../delivery/max-timer-ms.js';
import { optionsOf } from '../known-options.js';
import { readBaseUrl } from '../onesignal/http-options.js';
import { integer, isFunction, isString, mustBe, oneOf, type Rule, refuse } from '../option-rules.js';
import type { SegmentAccess } from './segment-requests.js';

/** Options of {@link createSegmentSender}. */
export interface SegmentSenderOptions {
  /**
   * Write key of the source in Segment. It never appears in an error. `undefined`, as from `process.env`, is an error
   * at run time.
   */
  writeKey: string | undefined;
  /**
   * Region of the workspace. Data that is sent to the wrong one is lost without an error.
   *
   * @defaultValue 'us'
   */
  region?: 'us' | 'eu' | undefined;
  /**
   * Base URL of the Tracking API, in place of the region's.
   *
   * @defaultValue `https://api.segment.io`, or `https://events.eu1.segmentapis.com` with the region `'eu'`
   */
  baseUrl?: string | undefined;
  /**
   * Number of retries after the first attempt.
   *
   * @defaultValue 2
   */
  retries?: number | undefined;
  /**
   * Timeout of one attempt in milliseconds.
   *
   * @defaultValue 3,000
   */
  timeoutMs?: number | undefined;
  /**
   * Longest wait in milliseconds that Segment may ask for. After a longer one, tracks fail at once, so that OneSignal
   * sends their events again later. With `0` they never wait.
   *
   * @defaultValue 3,000
   */
  maxRetryAfterMs?: number | undefined;
  /**
   * The `fetch` to send requests with.
   *
   * @defaultValue the global `fetch`, looked up for each request
   */
  fetch?: typeof globalThis.fetch | undefined;
}

/** Checked options with their defaults. @internal */
export interface SenderSettings extends SegmentAccess {
  retries: number;
  maxRetryAfterMs: number;
}

const hosts = { us: 'https://api.segment.io', eu: 'https://events.eu1.segmentapis.com' };
const millisecondsFrom = (least: number): Rule =>
  mustBe(
    `an integer from ${least} to ${maxTimerMs}`,
    (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= maxTimerMs,
  );

/**
 * Checks the options of `createSegmentSender` and fills in the defaults.
 *
 * @throws {@link ConfigurationError} for the first option that cannot work.
 * @internal
 */
export function checkSenderOptions(options: SegmentSenderOptions): SenderSettings {
  if (typeof options !== 'object' || options === null)
    refuse('missing', 'options', 'Options are missing. Call createSegmentSender({ writeKey }).');
  optionsOf({
    writeKey: mustBe('a string', isString),
    region: oneOf(['us', 'eu']),
    baseUrl: () => {},
    retries: integer(0),
    timeoutMs: millisecondsFrom(1),
    maxRetryAfterMs: millisecondsFrom(0),
    fetch: mustBe('a function with the signature of the global fetch', isFunction),
  })(options, '');
  const { writeKey = '', region = 'us', baseUrl, retries = 2, timeoutMs = 3_000, maxRetryAfterMs = 3_000 } = options;
  if (writeKey === '')
    refuse('missing', 'writeKey', '"writeKey" is missing. Copy it from the settings of the source in Segment.');
  // `fetch` would refuse such a header too, with an error that quotes the key.
  if (!/^[\x21-\x7e]+$/.test(writeKey))
    refuse('invalid', 'writeKey', '"writeKey" must be a string of ASCII characters without white space.');
  const url = `${readBaseUrl(baseUrl ?? hosts[region])}/v1/batch`;
  return { url, writeKey, timeoutMs, fetch: options.fetch, retries, maxRetryAfterMs };
}
