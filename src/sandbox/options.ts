import type { Subscription, TagFilter } from '../onesignal/operation.js';
import type { OneSignalRequest } from '../onesignal/transport.js';

/** How strict the sandbox is; without options it takes any key and has no plan. */
export interface SandboxOptions {
  /** The only key that is let in, as `Key …` or `Basic …`; without it no key is asked for. */
  apiKey?: string;
  /**
   * `missing`: a user that nobody created is a 404, as in OneSignal. `known`: every external id exists the moment it is written to, which suits demos.
   *
   * @defaultValue `'missing'`
   */
  unknownUsers?: 'missing' | 'known';
  /** How many tags a user may have, as the plan says; one more is a 409 `entitlements-tag-limit`. Without it there is no cap. */
  tagLimit?: number;
  /** How many segments the app may have; one more is a 422. Without it there is no cap. */
  segmentLimit?: number;
  /** Writing segments is a 403, as on a free plan. */
  segmentsRefused?: boolean;
  /** 1 write per second and user, 1,000 writes and 1 view per second and app; more is a 429 with `Retry-After`. */
  rateLimits?: boolean;
  /** For so many milliseconds a user created by a request is a 404, as OneSignal's fresh users may be. */
  visibleAfterMs?: number;
  /**
   * Starts the random numbers that {@link FaultConditions.rate} draws: the same seed and requests, the same faults.
   *
   * @defaultValue `1`
   */
  seed?: number;
}

/** Which requests a fault hits; without any of these, every one. */
export interface FaultConditions {
  /** How many requests it hits before it is over; without it, all until it is undone. */
  times?: number;
  /** The share of requests that it hits, 0 to 1, drawn from {@link SandboxOptions.seed}. */
  rate?: number;
  /** Chooses requests: `({ path }) => path.endsWith('/segments')`. */
  when?: (request: OneSignalRequest) => boolean;
}

/** The answer comes late; what else applies to the request still applies. An abort ends the wait. */
export interface DelayFault {
  /** How long, in milliseconds. */
  delayMs: number;
}

/** The connection breaks: `fetch` rejects with a `TypeError`, over HTTP the socket is cut. */
export interface DropFault {
  /** `before`: nothing is applied. `after`: the request is applied and the answer is lost. */
  drop: 'before' | 'after';
}

/** Another answer than OneSignal's own; the request is not applied. */
export interface StatusFault {
  /** 200 to 599. */
  status: number;
  /** Without any, a 429 carries `Retry-After: 1`, as OneSignal's always do. */
  headers?: Record<string, string>;
  /** A string is sent as text, anything else as JSON; without one, what OneSignal documents for 429 and 503, and nothing for others. */
  body?: unknown;
}

/**
 * Something going wrong: `{ status: 503, times: 2 }`, `{ delayMs: 50, rate: 0.1 }` or `{ drop: 'after' }`.
 *
 * Several faults apply in the order in which they were set: delays add up, the first status or drop decides.
 */
export type Fault = (DelayFault | DropFault | StatusFault) & FaultConditions;

/** A user as the sandbox has it; a copy. */
export interface SandboxUser {
  /** The `external_id`. */
  externalId: string;
  /** Key to value. */
  tags: Record<string, string>;
  /** Label to id, without `external_id` and `onesignal_id`. */
  aliases: Record<string, string>;
  /** The channels, of the types that this library writes. */
  subscriptions: Subscription[];
}

/** A segment with its members; a copy. */
export interface SandboxSegment {
  /** The UUID, chosen by whoever created it or made up. */
  id: string;
  /** Unique in the app. */
  name: string;
  /** The filters of the kind that this library writes; `GET` with `include-segment-detail=true` shows all kinds. */
  filters: TagFilter[];
  /** External ids of the users that match now, those created first coming first. */
  members: string[];
}

/** A user to begin with. */
export interface NewSandboxUser {
  /** The `external_id`. */
  externalId: string;
  /** Key to value. */
  tags?: Record<string, string>;
  /** Label to id, without `external_id`. */
  aliases?: Record<string, string>;
}

/** A request that came, as data; no header, so no key. */
export interface SandboxRequest extends OneSignalRequest {
  /** When it came, in unix milliseconds. */
  at: number;
  /** What was answered; absent while there is no answer, and for good if it was dropped or aborted. */
  status?: number;
}
