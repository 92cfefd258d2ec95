import fc from 'fast-check';
import type { MappingOptions } from '../../../src/index.js';
import type { Behaviour } from './network.js';

/**
 * An event to come. Its values follow from its number among the events of the scenario: each is unique, unless
 * repeated values are the subject (`unchanged: 'skip'`).
 */
export interface Draft {
  readonly user: string;
  readonly kind: 'identify' | 'audience' | 'track' | 'order' | 'page' | 'group' | 'app' | 'alias' | 'delete';
  /** Traits that it sets. */
  readonly sets: readonly string[];
  /** Traits that it removes. */
  readonly removes: readonly string[];
  readonly audience: string;
  readonly isMember: boolean;
  /** The email address or phone number it names, and whether the user has agreed to messages there. */
  readonly contact: 'none' | 'own' | 'shared' | 'SHARED' | 'phone';
  readonly consent: 'none' | 'SUBSCRIBED' | 'UNSUBSCRIBED';
  readonly hasDevice: boolean;
  readonly hasProfile: boolean;
  readonly alias: string;
  /** `past`: some seconds before the scenario; `recent`: just before it arrives; `future`: an hour after it arrives. */
  readonly time: 'past' | 'recent' | 'future' | 'none';
  /** Seconds before the scenario, for `past`. */
  readonly age: number;
  /** Whether the same message is about other users too, as Engage sends them. */
  readonly isShared: boolean;
  /** Whether the queue hands it out once more after it was done. */
  readonly isRepeated: boolean;
}

export type Step =
  | {
      readonly kind: 'deliver';
      readonly drafts: readonly Draft[];
      readonly deadlineMs: number;
      /** When the call is aborted. */
      readonly abortAfterMs: number | undefined;
    }
  | { readonly kind: 'pass'; readonly ms: number };

export interface Scenario {
  /** Whether nothing fails, no call is aborted, and every call has time: then the model knows more. */
  readonly isCalm: boolean;
  readonly missingUser: 'skip' | 'create' | 'retry';
  readonly mapping: MappingOptions;
  readonly concurrency: number;
  readonly requestsPerSecond: number;
  readonly retries: number;
  readonly timeoutMs: number;
  readonly hasSeen: boolean;
  /** How the order store answers. */
  readonly order: 'memory' | 'at once' | 'later';
  readonly unchanged: 'send' | 'skip';
  readonly visibleAfterMs: number;
  /** Tags that a user may have. */
  readonly tagLimit: number | undefined;
  /** Whether the destination knows the limit from its options. */
  readonly isLimitTold: boolean;
  /** Users who exist at the beginning, with a tag `a` each. */
  readonly existing: readonly string[];
  readonly steps: readonly Step[];
  readonly behaviours: readonly Behaviour[];
  /** How long the queue waits before each redelivery, besides `retryAfterMs`. */
  readonly waits: readonly number[];
  /** Whether the queue hands out events one by one, together, or together in reverse order. */
  readonly regroup: 'alone' | 'together' | 'reversed';
}

export const userIds = ['u1', 'u2', 'u3'] as const;
const traits = ['a', 'b', 'c', 'firstName'] as const;

const often = <Value>(weight: number, usual: Value, rare: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: rare });

const draft: fc.Arbitrary<Draft> = fc.record({
  user: fc.constantFrom(...userIds),
  kind: fc.constantFrom(
    'identify',
    'identify',
    'identify',
    'identify',
    'audience',
    'audience',
    'track',
    'order',
    'page',
    'group',
    'app',
    'alias',
    'alias',
    'delete',
  ),
  sets: fc.subarray([...traits]),
  removes: often(3, [], fc.subarray([...traits])),
  audience: fc.constantFrom('vips', 'buyers'),
  isMember: fc.boolean(),
  contact: fc.constantFrom('none', 'none', 'own', 'shared', 'SHARED', 'phone'),
  consent: fc.constantFrom('none', 'none', 'SUBSCRIBED', 'UNSUBSCRIBED'),
  hasDevice: often(4, false, fc.constant(true)),
  hasProfile: often(4, false, fc.constant(true)),
  alias: fc.constantFrom('p1', 'p2'),
  time: fc.constantFrom('past', 'past', 'past', 'past', 'recent', 'recent', 'future', 'none'),
  age: fc.integer({ min: 1, max: 20 }),
  isShared: often(6, false, fc.constant(true)),
  isRepeated: often(4, false, fc.constant(true)),
});

const passing: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('pass' as const),
  ms: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 4_000 })),
});

const stepWhen = (isCalm: boolean): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('deliver' as const),
        drafts: fc.array(draft, { minLength: 1, maxLength: 4 }),
        deadlineMs: isCalm ? fc.constant(3_600_000) : fc.constantFrom(120_000, 120_000, 6_000, 2_500, 1_200, 300, 20),
        abortAfterMs: isCalm ? fc.constant(undefined) : often(4, undefined, fc.integer({ min: 0, max: 4_000 })),
      }),
    },
    { weight: 2, arbitrary: passing },
  );

const latency = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 2_500 }));
const behaviourWhen = (isCalm: boolean): fc.Arbitrary<Behaviour> =>
  fc.record({
    kind: isCalm
      ? fc.constant('ok' as const)
      : fc.constantFrom(
          'ok',
          'ok',
          'ok',
          'ok',
          'unavailable',
          'limited',
          'cut before',
          'cut after',
          'cut after',
          'portal',
          'silent',
        ),
    upMs: latency,
    downMs: latency,
    retryAfter: fc.constantFrom('0', '1', '3', '30'),
  });

const mapping: fc.Arbitrary<MappingOptions> = fc.record({
  subscriptions: fc.constantFrom({ email: true, sms: true, push: true }, { email: true }, undefined),
  profile: fc.constantFrom(['language', 'country', 'lat'] as const, false),
  alias: fc.constantFrom({ label: 'legacy' }, undefined),
  deleteUsers: often(3, true, fc.constant(false)),
  purchases: fc.boolean(),
  customEvents: often(2, false, fc.constant(true)),
  page: fc.constantFrom('custom_event' as const, undefined),
  group: fc.boolean(),
  audienceProperties: fc.constantFrom('drop' as const, 'tags' as const),
});

export const scenario: fc.Arbitrary<Scenario> = fc.boolean().chain((isCalm) =>
  fc.record({
    isCalm: fc.constant(isCalm),
    missingUser: fc.constantFrom('create', 'create', 'skip', 'retry'),
    mapping,
    concurrency: fc.constantFrom(64, 3, 2, 1),
    requestsPerSecond: fc.constantFrom(1_000, 5, 2),
    retries: fc.constantFrom(2, 1, 0),
    timeoutMs: isCalm ? fc.constant(30_000) : fc.constantFrom(30_000, 3_000, 1_000),
    hasSeen: often(3, true, fc.constant(false)),
    order: fc.constantFrom('memory', 'memory', 'at once', 'later'),
    visibleAfterMs: isCalm ? fc.constant(0) : fc.constantFrom(0, 0, 500, 5_000, 50_000),
    tagLimit: fc.constantFrom(undefined, undefined, 4, 3, 2),
    isLimitTold: fc.boolean(),
    existing: fc.subarray([...userIds], { minLength: 1 }),
    steps: fc.array(stepWhen(isCalm), { minLength: 1, maxLength: 8 }),
    behaviours: fc.array(behaviourWhen(isCalm), { minLength: 1, maxLength: 24 }),
    waits: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000 })), { minLength: 1, maxLength: 5 }),
    regroup: fc.constantFrom('alone', 'together', 'reversed'),
    // Last, so that earlier seeds still give the same scenarios otherwise.
    unchanged: fc.constantFrom('send', 'skip'),
  } as const),
);

/**
 * An event without a time claims nothing that another user may claim: between users, only times tell who comes first.
 */
export function withoutSharedClaims(draft: Draft): Draft {
  const { kind, contact, time } = draft;
  if (time !== 'none') return draft;
  return { ...draft, kind: kind === 'alias' ? 'identify' : kind, contact: contact === 'none' ? 'none' : 'own' };
}

/** The event of a draft. */
export function eventOf(
  draft: Draft,
  number: number,
  { messageId, atMs, unchanged }: { messageId: string; atMs: number | undefined; unchanged: Scenario['unchanged'] },
): Record<string, unknown> {
  const { user, kind } = draft;
  const common = {
    messageId,
    userId: user,
    ...(atMs === undefined ? {} : { timestamp: new Date(atMs).toISOString() }),
  };
  const fields = Object.fromEntries([
    ...draft.sets.map((key) => [key, `${unchanged === 'skip' ? number % 2 : number}`]),
    ...draft.removes.map((key) => [key, null]),
  ]);
  switch (kind) {
    case 'identify':
      return { type: 'identify', ...common, traits: { ...fields, ...contactOf(draft) }, context: contextOf(draft) };
    case 'audience':
      return {
        type: 'track',
        event: draft.isMember ? 'Audience Entered' : 'Audience Exited',
        ...common,
        properties: { ...fields, audience_key: draft.audience, [draft.audience]: draft.isMember },
        context: { personas: { computation_class: 'audience', computation_key: draft.audience } },
      };
    case 'track':
      return { type: 'track', event: 'Product Viewed', ...common, properties: fields };
    case 'order':
      return {
        type: 'track',
        event: 'Order Completed',
        ...common,
        properties: { ...fields, currency: 'EUR', products: [{ sku: `s${number}`, price: 9.5, quantity: 2 }] },
      };
    case 'page':
      return { type: 'page', name: 'Pricing', ...common, properties: {} };
    case 'group':
      return { type: 'group', groupId: `g${number}`, ...common, traits: fields };
    case 'app':
      return {
        type: 'track',
        event: draft.isMember ? 'Application Opened' : 'Application Uninstalled',
        ...common,
        properties: fields,
        context: { device: device(draft) },
      };
    case 'alias':
      return { type: 'alias', previousId: draft.alias, ...common };
    case 'delete':
      return { type: 'delete', ...common };
  }
}

const addresses = {
  own: (user: string) => `${user}@x.example`,
  shared: () => 'ada@x.example',
  SHARED: () => 'Ada@X.example',
};
const phone = '+436641234567';
/** Of several users; others belong to one user each. */
export const sharedTokens: readonly string[] = [addresses.shared(), phone, 'token'];

function contactOf({ contact, user }: Draft): Record<string, unknown> {
  if (contact === 'none') return {};
  return contact === 'phone' ? { phone } : { email: addresses[contact](user) };
}

/** An untimed event names no token that others name: between users, only times tell who comes first. */
function device({ time, user }: Draft): Record<string, unknown> {
  return { type: 'android', token: time === 'none' ? `token-${user}` : 'token' };
}

function contextOf(draft: Draft): Record<string, unknown> {
  const { contact, consent, user, hasDevice, hasProfile } = draft;
  const stated =
    contact === 'none' || consent === 'none'
      ? []
      : [
          contact === 'phone'
            ? { key: phone, type: 'SMS', status: consent }
            : { key: addresses[contact](user), type: 'EMAIL', status: consent },
        ];
  return {
    ...(stated.length === 0 ? {} : { messaging_subscriptions: stated }),
    ...(hasDevice ? { device: device(draft) } : {}),
    ...(hasProfile
      ? { locale: draft.age % 2 === 0 ? 'en-GB' : 'de-AT', location: { country: ['AT', 'DE', 'FR'][draft.age % 3] } }
      : {}),
  };
}
