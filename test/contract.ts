import type { IncomingMessage, ServerResponse } from 'node:http';

// The public API as the contract of this package's first release states it, apart from src on purpose: a change of a type in src that is no longer what was
// promised fails in contract.test-d.ts. Doc comments are in src.

export declare function createDestination(options: DestinationOptions): Destination; // cheap: no I/O, no timer before deliver: one per request on Workers
export declare function createOneSignalTransport(options: OneSignalTransportOptions): Transport; // on ky, which retries nothing here
export declare function parseEvent(
  input: unknown,
): { ok: true; event: SegmentEvent } | { ok: false; error: EventError }; // never throws
export declare function mapEvent(event: SegmentEvent, mapping?: MappingOptions): Plan; // chooses among the next four; a throwing hook of the user's: a failed Plan
export declare function identifyToTags(event: IdentifyEvent, mapping?: MappingOptions): Plan;
export declare function trackToTags(event: TrackEvent, mapping?: MappingOptions): Plan;
export declare function audienceToSegment(event: IdentifyEvent | TrackEvent, mapping?: MappingOptions): Plan; // not from an audience: skipped unsupported_type
export declare function computedTraitToTags(event: IdentifyEvent | TrackEvent, mapping?: MappingOptions): Plan; // likewise
export declare function coalesce(plans: readonly Plan[]): { operation: Operation; inputs: number[] }[]; // plans of one app; inputs are indexes into plans
export declare function toRequest(operation: Operation, appId: string): OneSignalRequest; // holds no secret; its path holds a person's id

export type DestinationOptions = {
  appId: string;
  mapping?: MappingOptions | undefined;
  delivery?: DeliveryOptions | undefined;
  hooks?: Hooks | undefined;
} & (
  | { transport: Transport; apiKey?: undefined }
  | { apiKey: string; transport?: undefined } // last, so that the compiler's message names apiKey
);
export interface OneSignalTransportOptions {
  apiKey: string;
  authScheme?: 'Key' | 'Basic' | undefined; // Basic: legacy REST API keys
  baseUrl?: string | undefined;
  fetch?: typeof globalThis.fetch | undefined; // sandbox.fetch runs it against the sandbox
}
/** All that a door needs, so that a fake is one line. */
export interface Deliverer {
  deliver(inputs: readonly unknown[], options?: DeliverOptions): Promise<readonly Outcome[]>;
}
/** A Deliverer that keeps tuples: `const [outcome] = await destination.deliver([event])`. */
export interface Destination {
  plan<const Inputs extends readonly unknown[]>(
    inputs: Inputs,
  ): { plans: Each<Inputs, Plan>; requests: (OneSignalRequest & { inputs: number[] })[] }; // dry run
  deliver<const Inputs extends readonly unknown[]>(
    inputs: Inputs,
    options?: DeliverOptions,
  ): Promise<Each<Inputs, Outcome>>;
}
export type Each<Inputs extends readonly unknown[], Value> = { [Index in keyof Inputs]: Value }; // one per input, same order
export interface DeliverOptions {
  signal?: AbortSignal | undefined; // an abort rejects
  deadlineMs?: number | undefined; // what is unfinished then comes back retryable
}

export interface Transport {
  send(request: OneSignalRequest, options: { signal: AbortSignal }): Promise<OneSignalResponse>;
} // rejects only when no response came
export interface OneSignalRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
}
export interface OneSignalResponse {
  status: number;
  headers: Iterable<readonly [string, unknown]> | Readonly<Record<string, unknown>>; // read without regard to case
  body: unknown;
}

export type Plan = { messageId?: string; at?: string; operations: Operation[]; dropped: Drop[] } & (
  | { status: 'planned' }
  | { status: 'skipped'; reason: SkipReason }
  | { status: 'failed'; error: EventError }
);
/** One operation is one valid request. */
export type Operation =
  | { type: 'update_user'; user: Alias; tags: Record<string, string>; profile?: Profile } // '' removes a tag
  | { type: 'ensure_segment'; name: string; filters: TagFilter[] } // created if absent
  | { type: 'send_custom_events'; events: OneSignalCustomEvent[] }
  | { type: 'add_subscription'; user: Alias; subscription: Subscription }
  | { type: 'add_alias'; user: Alias; alias: Alias }
  | { type: 'add_purchases'; user: Alias; purchases: Purchase[] } // apart from update_user: a repeat would count twice
  | { type: 'delete_user'; user: Alias };
export interface Drop {
  path: string;
  reason: DropReason;
} // every field not carried over, and why
export type Outcome = {
  messageId?: string;
  applied: Operation['type'][];
  dropped: Drop[];
  warnings: DeliveryError[];
} & (
  | { status: 'delivered' }
  | { status: 'skipped'; reason: SkipReason }
  | { status: 'retryable'; error: DeliveryError; retryAfterMs?: number }
  | { status: 'failed'; error: EventError | DeliveryError }
);
export type SkipReason =
  | 'unsupported_type'
  | 'integration_off'
  | 'loop'
  | 'no_user_id'
  | 'blocked_user_id'
  | 'unknown_membership'
  | 'empty'
  | 'no_consent'
  | 'too_old'
  | 'stale'
  | 'user_not_found';
export type DropReason =
  | 'identifier'
  | 'duplicate_key'
  | 'not_finite'
  | 'nested'
  | 'reserved_key'
  | 'excluded'
  | 'audience_property'
  | 'metadata'
  | 'unknown_membership'
  | 'invalid_value'
  | 'tag_limit'
  | 'too_many_tags'
  | 'stale';

export interface Alias {
  label: string;
  id: string;
}
export interface TagFilter {
  field: 'tag';
  key: string;
  relation: '=';
  value: string;
}
export interface Profile {
  language?: string;
  timezone_id?: string;
  country?: string;
  lat?: number;
  long?: number;
  first_active?: number;
  last_active?: number;
}
export interface Subscription {
  type: 'Email' | 'SMS' | 'iOSPush' | 'AndroidPush' | 'HuaweiPush';
  token: string;
  enabled?: boolean;
  notification_types?: number;
}
export interface Purchase {
  sku: string;
  amount: string;
  iso: string;
  count?: number;
}
export interface OneSignalCustomEvent {
  name: string;
  external_id: string;
  timestamp?: string;
  properties: Record<string, unknown>;
  idempotency_key?: string;
}

export interface SegmentContext {
  readonly personas?: {
    computation_class?: string;
    computation_key?: string;
    audience_key?: string;
    [key: string]: unknown;
  } | null;
  readonly [key: string]: unknown;
}
export interface EventFields {
  messageId?: string | null;
  userId?: string | number | null;
  anonymousId?: string | number | null;
  timestamp?: string | number | Date | null;
  receivedAt?: string | null;
  context?: SegmentContext | readonly unknown[] | null;
  integrations?: Record<string, unknown> | readonly unknown[] | null;
}
type Fields = Record<string, unknown> | readonly unknown[] | null;
export interface IdentifyEvent extends EventFields {
  type: 'identify';
  traits?: Fields;
}
export interface TrackEvent extends EventFields {
  type: 'track';
  event?: string;
  properties?: Fields;
  traits?: Fields;
}
export interface PageEvent extends EventFields {
  type: 'page';
  name?: string | null;
  category?: string | null;
  properties?: Fields;
}
export interface ScreenEvent extends EventFields {
  type: 'screen';
  name?: string | null;
  category?: string | null;
  properties?: Fields;
}
export interface GroupEvent extends EventFields {
  type: 'group';
  groupId?: string | number | null;
  traits?: Fields;
}
export interface AliasEvent extends EventFields {
  type: 'alias';
  previousId?: string | number | null;
}
export interface DeleteEvent extends EventFields {
  type: 'delete';
}
export interface OtherEvent extends EventFields {
  type: 'other';
  originalType: string;
} // a string-typed discriminant would stop all narrowing
export type SegmentEvent =
  | IdentifyEvent
  | TrackEvent
  | PageEvent
  | ScreenEvent
  | GroupEvent
  | AliasEvent
  | DeleteEvent
  | OtherEvent;

export declare class ConfigurationError extends Error {
  override readonly name: 'ConfigurationError';
  readonly code: 'missing' | 'conflict' | 'invalid' | 'unknown_option';
  readonly option: string;
}
export declare class SignatureError extends Error {
  override readonly name: 'SignatureError';
  readonly code: 'missing' | 'malformed' | 'mismatch';
}
export declare class EventError extends Error {
  override readonly name: 'EventError';
  readonly code: 'invalid_event' | 'missing_type' | 'hook_failed' | 'event_too_large';
  readonly issues: { path: string; expected: string; received: string }[]; // received: the type that came, never the value
  toJSON(): object;
}
export declare class DeliveryError extends Error {
  override readonly name: 'DeliveryError';
  readonly code:
    | 'unauthorized'
    | 'conflict'
    | 'invalid_request'
    | 'rate_limited'
    | 'unavailable'
    | 'network'
    | 'timeout'
    | 'deadline'
    | 'unexpected_response'
    | 'segment_not_created'
    | 'membership_not_set'
    | 'subscription_limit'
    | 'plan_refused';
  readonly operation?: Operation['type'];
  readonly status?: number;
  readonly reasons: string[]; // reasons: OneSignal's words, ids redacted
  toJSON(): object;
}

type TagValue = string | number | boolean | null;
interface KeyOptions {
  include?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  rename?: Readonly<Record<string, string>> | undefined;
  prefix?: string | undefined;
  audiencePrefix?: string | undefined;
  tag?: ((key: string, value: TagValue, event: SegmentEvent) => { key?: string; value?: TagValue } | null) | undefined; // null drops it
  nested?: 'drop' | 'flatten' | { maxDepth?: number | undefined; maxTags?: number | undefined } | undefined;
  dates?: 'auto' | readonly string[] | undefined;
  tagLimit?: number | undefined;
}
interface EventOptions {
  audienceProperties?: 'drop' | 'tags' | undefined;
  segmentName?: ((key: string, event: SegmentEvent) => string) | undefined;
  loops?: 'skip' | 'allow' | undefined;
  integrations?: 'ignore' | 'respect' | { respect: string } | undefined;
  consent?: readonly string[] | undefined;
}
interface OptInOptions {
  subscriptions?: { email?: boolean | undefined; sms?: boolean | undefined; push?: boolean | undefined } | undefined;
  profile?: boolean | readonly (keyof Profile)[] | undefined;
  group?: boolean | { prefix?: string | undefined } | undefined;
  page?: 'custom_event' | undefined;
  screen?: 'custom_event' | undefined;
  alias?: { label: string } | undefined;
  deleteUsers?: boolean | undefined;
  purchases?: boolean | undefined;
}
/** A track becomes tags, custom events, or both; the event name can be kept in tags only where there are tags. */
type TrackOptions =
  | {
      eventName?: 'drop' | 'prefix' | { tag: string } | undefined;
      customEvents?:
        | boolean
        | readonly string[]
        | ((event: TrackEvent) => boolean)
        | CustomEventOptions<'keep'>
        | undefined;
    }
  | { eventName?: undefined; customEvents: CustomEventOptions<'replace'> };
type CustomEventOptions<Tags extends 'keep' | 'replace'> = {
  only?: readonly string[] | ((event: TrackEvent) => boolean) | undefined;
} & (Tags extends 'keep' ? { tags?: 'keep' | undefined } : { tags: 'replace' });
export type MappingOptions = KeyOptions & EventOptions & OptInOptions & TrackOptions;

/** Whatever needs a clock or I/O. */
export interface DeliveryOptions {
  missingUser?: 'skip' | 'create' | 'retry' | undefined;
  timeoutMs?: number | undefined;
  deadlineMs?: number | undefined;
  retries?: number | undefined;
  maxRetryAfterMs?: number | undefined;
  maxAgeMs?: number | undefined;
  concurrency?: number | undefined;
  requestsPerSecond?: number | undefined;
  userIntervalMs?: number | undefined;
  order?: false | OrderStore | undefined;
  seen?: SeenStore | undefined;
}
/** Newest time written, per user and tag (D9), in unix ms. */
export interface OrderStore {
  newest(
    user: string,
    tags: readonly string[],
  ): readonly (number | undefined)[] | Promise<readonly (number | undefined)[]>;
  record(user: string, written: Readonly<Record<string, number>>): unknown; // keeps the later of what it has and what comes
  forget(user: string): unknown;
}
export interface SeenStore {
  has(messageId: string): boolean | Promise<boolean>;
  add(messageId: string): unknown;
} // new Set() serves
/** What they throw is ignored. No path, id, tag value or key reaches onAttempt. */
export interface Hooks {
  onAttempt?: ((attempt: Attempt) => void) | undefined;
  onOutcome?: ((outcome: Outcome, input: unknown) => void) | undefined;
}
export interface Attempt {
  operation: Operation['type'] | 'view_user';
  attempt: number;
  startedAt: number;
  durationMs: number;
  status?: number;
  error?: DeliveryError;
  retryInMs?: number;
}

// segment-onesignal/node (also serves the sandbox: createServer(toNodeListener(sandbox.fetch)))
export declare function toNodeListener(
  handler: (request: Request) => Response | Promise<Response>,
): (request: IncomingMessage, response: ServerResponse) => void;

// segment-onesignal/sandbox
export declare function createSandbox(options?: SandboxOptions): Sandbox;
export interface Sandbox {
  fetch: typeof globalThis.fetch;
  fail(fault: Fault): () => void; // returns its undo
  addUser(user: { externalId: string; tags?: Record<string, string>; aliases?: Record<string, string> }): void;
  user(externalId: string): SandboxUser | undefined;
  users(): SandboxUser[];
  segments(): SandboxSegment[];
  customEvents(): OneSignalCustomEvent[];
  requests(): (OneSignalRequest & { at: number; status?: number })[];
}
export interface SandboxOptions {
  apiKey?: string;
  unknownUsers?: 'missing' | 'known';
  tagLimit?: number;
  segmentLimit?: number;
  segmentsRefused?: boolean;
  rateLimits?: boolean;
  visibleAfterMs?: number;
  seed?: number;
}
export type Fault = (
  | { delayMs: number }
  | { drop: 'before' | 'after' }
  | { status: number; headers?: Record<string, string>; body?: unknown }
) & { times?: number; rate?: number; when?: (request: OneSignalRequest) => boolean }; // drop after: applied, answer lost
export interface SandboxUser {
  externalId: string;
  tags: Record<string, string>;
  aliases: Record<string, string>;
  subscriptions: Subscription[];
}
export interface SandboxSegment {
  id: string;
  name: string;
  filters: TagFilter[];
  members: string[];
}
