import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExactMapping } from '../src/index.js';

// The public API as promised by the first release, repeated here so that src cannot change it unnoticed: a type in src
// that breaks the promise fails in contract.test-d.ts. The doc comments are in src.

// Does no I/O and starts no timer before deliver: on Workers, there is one per request.
export declare function createDestination(options: DestinationOptions): Destination;
// Uses ky, without its retries.
export declare function createOneSignalTransport(options: OneSignalTransportOptions): Transport;
// Never throws.
export declare function parseEvent(
  input: unknown,
): { ok: true; event: SegmentEvent } | { ok: false; error: EventError };
// Calls one of the next four. If a hook throws, the plan fails.
// Options with a wrong name or without effect do not compile, not even in a variable.
export declare function mapEvent<const Options extends MappingOptions = MappingOptions>(
  event: SegmentEvent,
  mapping?: MappingOptions & Options & ExactMapping<Options>,
): Plan;
// Checks and freezes.
export declare function defineMapping<const Options extends MappingOptions>(
  options: MappingOptions & Options & ExactMapping<Options>,
): Options;
export declare function identifyToTags<const Options extends TagOptions = TagOptions>(
  event: IdentifyEvent,
  options?: TagOptions & Options & ExactMapping<Options, TagOptions>,
): Plan;
export declare function trackToTags<const Options extends TagOptions = TagOptions>(
  event: TrackEvent,
  options?: TagOptions & Options & ExactMapping<Options, TagOptions>,
): Plan;
// Skips events that do not come from an audience or a computed trait: unsupported_type.
export declare function audienceToSegment<const Options extends TagOptions = TagOptions>(
  event: IdentifyEvent | TrackEvent,
  options?: TagOptions & Options & ExactMapping<Options, TagOptions>,
): Plan;
export declare function computedTraitToTags<const Options extends TagOptions = TagOptions>(
  event: IdentifyEvent | TrackEvent,
  options?: TagOptions & Options & ExactMapping<Options, TagOptions>,
): Plan;
// All plans are for one app. `inputs` are indexes into the plans.
export declare function coalesce(plans: readonly Plan[]): { operation: Operation; inputs: number[] }[];
// The request contains no secret. Its path contains a user's id.
export declare function toRequest(operation: Operation, appId: string): OneSignalRequest;

export type DestinationOptions = {
  appId: string | undefined; // as from process.env
  mapping?: MappingOptions | undefined;
  delivery?: DeliveryOptions | undefined;
  hooks?: Hooks | undefined;
} & (
  | { transport: Transport; apiKey?: undefined; authScheme?: undefined }
  | { apiKey: string | undefined; authScheme?: 'Key' | 'Basic' | undefined; transport?: undefined } // last, so that compiler errors are about apiKey
);
export interface OneSignalTransportOptions {
  apiKey: string | undefined; // undefined throws
  authScheme?: 'Key' | 'Basic' | undefined; // Basic is for legacy REST API keys
  baseUrl?: string | undefined;
  fetch?: typeof globalThis.fetch | undefined; // for example sandbox.fetch
  partner?: string | undefined;
  userAgent?: string | undefined;
}
/** Everything that an integration needs, so that a fake is one line. */
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
// One per input, same order.
export type Each<Inputs extends readonly unknown[], Value> = { [Index in keyof Inputs]: Value };
export interface DeliverOptions {
  signal?: AbortSignal | undefined; // an abort rejects
  deadlineMs?: number | undefined; // events not done by then are retryable
}

export interface Transport {
  send(request: OneSignalRequest, options: { signal: AbortSignal }): Promise<OneSignalResponse>;
} // rejects only if there is no response
export interface OneSignalRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
}
export interface OneSignalResponse {
  status: number;
  headers: Iterable<readonly [string, unknown]> | Readonly<Record<string, unknown>>; // names in any case
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
  | { type: 'ensure_segment'; name: string; filters: TagFilter[] } // created if it does not exist
  | { type: 'send_custom_events'; events: OneSignalCustomEvent[] }
  | { type: 'add_subscription'; user: Alias; subscription: Subscription }
  | { type: 'add_alias'; user: Alias; alias: Alias }
  // Not part of update_user, since a repeat counts twice.
  | { type: 'add_purchases'; user: Alias; purchases: Purchase[] }
  | { type: 'delete_user'; user: Alias };
export interface Drop {
  path: string;
  reason: DropReason;
} // a field that was not carried over, and why
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
  | 'unchanged'
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
  | 'stale'
  | 'unchanged'
  | 'duplicate_purchase'
  | 'unsupported_label';

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
  device_model?: string;
  device_os?: string;
  app_version?: string;
}
export interface Purchase {
  sku: string;
  amount: string;
  iso: string;
  count?: number;
}
export interface OneSignalCustomEvent {
  name: string;
  // One of the two names the user.
  external_id?: string;
  onesignal_id?: string;
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
  messageId?: string | null | undefined;
  userId?: string | number | null | undefined;
  anonymousId?: string | number | null | undefined;
  timestamp?: string | number | Date | null | undefined;
  receivedAt?: string | null | undefined;
  context?: SegmentContext | readonly unknown[] | null | undefined;
  integrations?: Record<string, unknown> | readonly unknown[] | null | undefined;
}
type Fields = Record<string, unknown> | readonly unknown[] | null;
export interface IdentifyEvent extends EventFields {
  type: 'identify';
  traits?: Fields | undefined;
}
export interface TrackEvent extends EventFields {
  type: 'track';
  event?: string | undefined;
  properties?: Fields | undefined;
  traits?: Fields | undefined;
}
export interface PageEvent extends EventFields {
  type: 'page';
  name?: string | null | undefined;
  category?: string | null | undefined;
  properties?: Fields | undefined;
}
export interface ScreenEvent extends EventFields {
  type: 'screen';
  name?: string | null | undefined;
  category?: string | null | undefined;
  properties?: Fields | undefined;
}
export interface GroupEvent extends EventFields {
  type: 'group';
  groupId?: string | number | null | undefined;
  traits?: Fields | undefined;
}
export interface AliasEvent extends EventFields {
  type: 'alias';
  previousId?: string | number | null | undefined;
}
export interface DeleteEvent extends EventFields {
  type: 'delete';
}
export interface OtherEvent extends EventFields {
  type: 'other';
  originalType: string;
} // a discriminant of type string would prevent all narrowing
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
// A plain copy, because the errors of HTTP clients contain the key.
interface ErrorCause {
  name: string;
  code?: string;
  message: string;
}
export declare class EventError extends Error {
  override readonly name: 'EventError';
  readonly code: 'invalid_event' | 'missing_type' | 'invalid_mapping' | 'hook_failed' | 'event_too_large';
  readonly issues: { path: string; expected: string; received: string }[]; // received: a type, never the value
  readonly cause?: ErrorCause; // of a hook that threw
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
    | 'plan_refused'
    | 'segment_paused'
    | 'segment_name_differs'
    | 'profile_refused'
    | 'purchase_not_remembered'
    | 'no_known_users';
  readonly operation?: Operation['type'];
  readonly status?: number;
  readonly reasons: string[]; // as OneSignal gave them, with ids redacted
  readonly cause?: ErrorCause;
  toJSON(): object;
}

type TagValue = string | number | boolean | null;
export interface MappingOptions {
  include?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  rename?: Readonly<Record<string, string>> | undefined;
  prefix?: string | undefined;
  audiencePrefix?: string | undefined;
  // Null drops the tag.
  tag?:
    | ((
        key: string,
        value: TagValue,
        event: SegmentEvent,
      ) => { key?: string | undefined; value?: TagValue | undefined } | null)
    | undefined;
  nested?: 'drop' | 'flatten' | { maxDepth?: number | undefined; maxTags?: number | undefined } | undefined;
  dates?: 'auto' | readonly string[] | undefined;
  tagLimit?: number | undefined;
  user?:
    | { label: string }
    | ((event: SegmentEvent) => { label: string; id: string | number | null | undefined } | undefined)
    | undefined;
  eventName?: 'drop' | 'prefix' | { tag: string } | undefined;
  audienceProperties?: 'drop' | 'tags' | undefined;
  segmentName?: ((key: string, event: SegmentEvent) => string) | undefined;
  loops?: 'skip' | 'allow' | undefined;
  integrations?: 'ignore' | 'respect' | { respect: string } | undefined;
  consent?: readonly string[] | undefined;
  subscriptions?: { email?: boolean | undefined; sms?: boolean | undefined; push?: boolean | undefined } | undefined;
  profile?: boolean | readonly (keyof Profile)[] | undefined;
  group?: boolean | { prefix?: string | undefined } | undefined;
  page?: 'custom_event' | undefined;
  screen?: 'custom_event' | undefined;
  alias?: { label: string } | undefined;
  deleteUsers?: boolean | undefined;
  purchases?: boolean | undefined;
  // With tags: 'replace', no eventName: refused by defineMapping and mapEvent when compiled, by createDestination at run time.
  customEvents?:
    | boolean
    | readonly string[]
    | ((event: TrackEvent) => boolean)
    | {
        only?: readonly string[] | ((event: TrackEvent) => boolean) | undefined;
        tags?: 'keep' | 'replace' | undefined;
      }
    | undefined;
}
export type TagOptions = Omit<
  MappingOptions,
  'subscriptions' | 'profile' | 'group' | 'page' | 'screen' | 'alias' | 'deleteUsers' | 'purchases' | 'customEvents'
>;

/** Options for everything that needs a clock or I/O. */
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
  unchanged?: 'send' | 'skip' | undefined;
  unchangedMaxAgeMs?: number | undefined;
  seen?: SeenStore | undefined;
}
/** Newest time written per user and tag, in Unix milliseconds (D9). */
export interface AcceptedValue {
  readonly digest: string;
  readonly atMs: number;
}
export interface OrderStore {
  newest(
    user: string,
    tags: readonly string[],
  ): readonly (number | undefined)[] | Promise<readonly (number | undefined)[]>;
  // Keeps the later of the stored and the new time.
  record(user: string, written: Readonly<Record<string, number>>): unknown;
  forget(user: string): unknown;
  accepted?(
    user: string,
    keys: readonly string[],
  ): readonly (AcceptedValue | undefined)[] | Promise<readonly (AcceptedValue | undefined)[]>;
  remember?(user: string, values: Readonly<Record<string, AcceptedValue | undefined>>): unknown;
}
export interface SeenStore {
  has(messageId: string): boolean | Promise<boolean>;
  add(messageId: string): unknown;
} // a Set works
/** Anything they throw is ignored. onAttempt receives no path, id, tag value or key. */
export interface Hooks {
  onAttempt?: ((attempt: Attempt) => void) | undefined;
  onOutcome?: ((outcome: Outcome, input: unknown) => void) | undefined;
}
export interface Attempt {
  operation: Operation['type'] | 'view_user' | 'view_segment';
  attempt: number;
  startedAt: number;
  durationMs: number;
  status?: number;
  error?: DeliveryError;
  retryInMs?: number;
}

// segment-onesignal/node, which can also serve the sandbox: createServer(toNodeListener(sandbox.fetch))
export declare function toNodeListener(
  handler: (request: Request) => Response | Promise<Response>,
): (request: IncomingMessage, response: ServerResponse) => void;

// segment-onesignal/sandbox
export declare function createSandbox(options?: SandboxOptions): Sandbox;
export interface Sandbox {
  fetch: typeof globalThis.fetch;
  fail(fault: Fault): () => void; // returns a function that undoes it
  addUser(user: { externalId: string; tags?: Record<string, string>; aliases?: Record<string, string> }): void;
  user(name: string | Alias): SandboxUser | undefined;
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
  // Drop 'after': applied, but the response is lost.
) & { times?: number; rate?: number; when?: (request: OneSignalRequest) => boolean };
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
