import type { Subscription } from '../onesignal/operation.js';
import type { OneSignalRequest } from '../onesignal/transport.js';

/**
 * How strict the sandbox is. By default it accepts any key and has no limits. An option that is `undefined` counts as
 * absent.
 */
export interface SandboxOptions {
  /**
   * The only key that is accepted, as `Key …` or `Basic …`.
   *
   * @defaultValue none: requests need no key
   */
  apiKey?: string | undefined;
  /**
   * Whether users must be created before they are written to.
   *
   * `'missing'` answers 404 for an unknown user, as OneSignal does. `'known'` creates an External ID when it is first
   * written to, which is convenient for demos.
   *
   * @defaultValue `'missing'`
   */
  unknownUsers?: 'missing' | 'known' | undefined;
  /**
   * Maximum number of tags per user. More are answered with 409 `entitlements-tag-limit`.
   *
   * @defaultValue no limit
   */
  tagLimit?: number | undefined;
  /**
   * What happens when a user gets a 21st subscription.
   *
   * `'evict'` takes the External ID from the oldest one, which becomes that of a new, anonymous user, as OneSignal's
   * guide says; at least 3 email and 3 SMS subscriptions stay. `'refuse'` answers 409 `Subscription Limit Exceeded`, as
   * OneSignal's API description says.
   *
   * @defaultValue `'evict'`
   */
  subscriptionOverflow?: 'evict' | 'refuse' | undefined;
  /**
   * Maximum number of segments that are not paused. More are answered with 422.
   *
   * @defaultValue no limit
   */
  segmentLimit?: number | undefined;
  /**
   * Whether writing segments is answered with 403, as on a free plan.
   *
   * @defaultValue `false`
   */
  segmentsRefused?: boolean | undefined;
  /**
   * Whether OneSignal's rate limits apply: per second 1 write per user, 1,000 writes per app and 1 view per app. More
   * requests are answered with 429 with `Retry-After`.
   *
   * @defaultValue `false`
   */
  rateLimits?: boolean | undefined;
  /**
   * Milliseconds for which a user that a request created is still answered with 404, as may happen in OneSignal.
   *
   * @defaultValue `0`
   */
  visibleAfterMs?: number | undefined;
  /**
   * Seed of the random numbers behind {@link FaultConditions.rate}. The same seed and requests give the same faults.
   *
   * @defaultValue `1`
   */
  seed?: number | undefined;
}

/** Which requests a fault hits. Without a condition it hits all of them. */
export interface FaultConditions {
  /**
   * Number of requests to hit before the fault ends.
   *
   * @defaultValue no limit: the fault lasts until it is undone
   */
  times?: number | undefined;
  /**
   * Share of requests to hit, from 0 to 1, at random.
   *
   * @defaultValue `1`
   */
  rate?: number | undefined;
  /** Selects the requests to hit, for example `({ path }) => path.endsWith('/segments')`. */
  when?: ((request: OneSignalRequest) => boolean) | undefined;
}

/** Delays the answer. Other faults still apply, and an abort ends the wait. */
export interface DelayFault {
  /** The delay in milliseconds. */
  delayMs: number;
  /** Cannot be combined with `delayMs`. Set a second fault. */
  drop?: undefined;
  /** Cannot be combined with `delayMs`. Set a second fault. */
  status?: undefined;
  /** Only a fault with a `status` has headers. */
  headers?: undefined;
  /** Only a fault with a `status` has a body. */
  body?: undefined;
}

/** Breaks the connection. `fetch` rejects with a `TypeError`; over HTTP, the socket is cut. */
export interface DropFault {
  /** `'before'` drops the request without applying it. `'after'` applies it and drops the answer. */
  drop: 'before' | 'after';
  /** Cannot be combined with `drop`. Set a second fault. */
  delayMs?: undefined;
  /** Cannot be combined with `drop`. */
  status?: undefined;
  /** Only a fault with a `status` has headers. */
  headers?: undefined;
  /** Only a fault with a `status` has a body. */
  body?: undefined;
}

/** Replaces OneSignal's answer. The request is not applied. */
export interface StatusFault {
  /** The HTTP status, from 200 to 599. */
  status: number;
  /**
   * Headers of the answer.
   *
   * @defaultValue `Retry-After: 1` for a 429, which in OneSignal always has that header; none for other statuses
   */
  headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Body of the answer. A string is sent as text, anything else as JSON.
   *
   * OneSignal words a 403 in three ways: about the key (the default), about the plan (`{ errors: ['This API is not
   * available for applications on your plan.'] }`), and about one subscription (`{ errors: ['Forbidden'] }`).
   *
   * @defaultValue the body that OneSignal documents for 403, 429 and 503; empty for other statuses
   */
  body?: unknown;
  /** Cannot be combined with `status`. Set a second fault. */
  delayMs?: undefined;
  /** Cannot be combined with `status`. */
  drop?: undefined;
}

/**
 * A fault to simulate: `{ status: 503, times: 2 }`, `{ delayMs: 50, rate: 0.1 }` or `{ drop: 'after' }`.
 *
 * Several faults apply in the order in which they were set: delays add up, and the first status or drop ends the
 * request.
 */
export type Fault = (DelayFault | DropFault | StatusFault) & FaultConditions;

/** A user to add to the sandbox. */
export interface NewSandboxUser {
  /** The user's `external_id`. */
  externalId: string;
  /** Initial tags, as a map of key to value. */
  tags?: Readonly<Record<string, string>> | undefined;
  /** Initial aliases, as a map of label to id, without `external_id`. */
  aliases?: Readonly<Record<string, string>> | undefined;
  /** Initial subscriptions. Another user's subscription with the same type and token moves to this one. */
  subscriptions?: readonly NewSandboxSubscription[] | undefined;
}

/** A subscription of a user in the sandbox. */
export interface SandboxSubscription extends Subscription {
  /** The version of OneSignal's SDK. Absent unless a request named it. */
  sdk?: string;
}

/** A subscription to add to the sandbox, of any type that OneSignal knows. */
export interface NewSandboxSubscription extends Omit<SandboxSubscription, 'type'> {
  /** The channel. Requests cannot create the types of browsers, because only OneSignal's web SDK can. */
  type:
    | SandboxSubscription['type']
    | 'ChromeExtensionPush'
    | 'ChromePush'
    | 'FireOSPush'
    | 'FirefoxPush'
    | 'SafariLegacyPush'
    | 'SafariPush'
    | 'WindowsPush'
    | 'macOSPush';
}
