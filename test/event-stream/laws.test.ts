import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventStreamTemplate, eventToTrack } from '../../src/event-stream/index.js';
import { eventKinds } from '../../src/onesignal/event-kinds.js';
import { pushClick, trackOf } from './bodies.js';

const kind = fc.constantFrom(...eventKinds, 'message.whatsapp.sent');
const options = fc.record({
  names: fc.constantFrom('onesignal', 'spec'),
  kinds: fc.constantFrom('onesignal', 'all'),
} as const);
const fieldNames = [...Object.keys(pushClick), 'user.language', 'message.live_activity_event_kind'];
/** Bodies in which any field may have any value. */
const body = fc.dictionary(fc.oneof(fc.constantFrom(...fieldNames), fc.string()), fc.anything(), { maxKeys: 30 });

/** The fields of a body in other shapes. */
const shapes: Record<string, (fields: Record<string, unknown>) => unknown> = {
  flat: (fields) => fields,
  'in "Event Data" and "Message Data"': (fields) => ({
    'Event Data': pick(fields, 'event.'),
    'Message Data': pick(fields, 'message.'),
  }),
  'snake case': (fields) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.replaceAll('.', '_'), value])),
  nested: (fields) => {
    const root: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fields)) put(root, name.split('.'), value);
    return root;
  },
};

function pick(fields: Record<string, unknown>, start: string): object {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name.startsWith(start)));
}

function put(at: Record<string, unknown>, [key = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    at[key] = value;
    return;
  }
  const inner: Record<string, unknown> = {};
  put(inner, rest, value);
  const before = at[key];
  at[key] = typeof before === 'object' && before !== null ? merge({ ...before }, inner) : inner;
}

function merge(one: Record<string, unknown>, other: Record<string, unknown>): Record<string, unknown> {
  for (const [key, value] of Object.entries(other)) {
    const before = one[key];
    one[key] =
      typeof before === 'object' && before !== null && typeof value === 'object' && value !== null
        ? merge({ ...before }, { ...value })
        : value;
  }
  return one;
}

test('it never throws, and does not change its input', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), body, fc.string(), fc.json()), options, (input, given) => {
      const before =
        typeof input === 'object'
          ? JSON.stringify(input, (_, value) => (typeof value === 'bigint' ? String(value) : value))
          : input;
      const { status } = eventToTrack(input, given);
      expect(['mapped', 'skipped', 'failed']).toContain(status);
      const after =
        typeof input === 'object'
          ? JSON.stringify(input, (_, value) => (typeof value === 'bigint' ? String(value) : value))
          : input;
      expect(after).toEqual(before);
    }),
    { numRuns: 1_000 },
  );
});

test('a mapped event has exactly one user, a short messageId and only string properties', () => {
  fc.assert(
    fc.property(body, kind, options, (fields, kindText, given) => {
      const result = eventToTrack({ ...pushClick, ...fields, 'event.kind': kindText }, given);
      if (result.status !== 'mapped') return;
      const { track } = result;
      expect([track.userId, track.anonymousId].filter((id) => id !== undefined)).toHaveLength(1);
      expect(track.messageId.length).toBeLessThanOrEqual(100);
      const { campaign, ...properties } = track.properties;
      for (const value of [...Object.values(properties), ...Object.values(campaign ?? {})]) {
        expect(typeof value).toBe('string');
        expect(value).not.toBe('');
      }
    }),
  );
});

test('a body becomes the same track in every shape, parsed or as a string', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), kind, options, (title, name, kindText, given) => {
      const fields = { ...pushClick, 'message.title': title, 'message.name': name, 'event.kind': kindText };
      const expected = eventToTrack(fields, given);
      for (const shape of Object.values(shapes)) {
        expect(eventToTrack(shape(fields), given)).toEqual(expected);
        expect(eventToTrack(JSON.stringify(shape(fields)), given)).toEqual(expected);
      }
    }),
  );
});

test('each event has its own messageId, and a repeat has the same one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { minLength: 2 }), (ids) => {
      const tracks = [...ids, ...ids].map((id) => trackOf(eventToTrack({ ...pushClick, 'event.id': id })));
      expect(new Set(tracks.map(({ messageId }) => messageId)).size).toBe(ids.length);
    }),
  );
});

describe('no personal data', () => {
  const email = fc.constantFrom(
    'ada@example.com',
    'ADA.Lovelace+news@mail.example.co.uk',
    'ada%40example.com',
    'zoë@münchen.example',
  );
  const phone = fc.constantFrom(
    '+436601234567',
    '+43 660 123-4567',
    '00436601234567',
    '(555) 123-4567',
    '0660 1234567',
    '15551234567',
  );
  const token = fc.constantFrom(
    '0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9',
    'cQ2x7Zk4TfyW1aB9dE6gHi:APA91bHun4MxP5egoKMwt2KZFBaFUH1RYqx0vT3sN8uYwLkJ7hGf5dS2aQzXcVbNmLpOiUyTrEw',
  );
  const secret = fc.oneof(email, phone, token);

  test('an email address, a phone number or a token is not sent, wherever the template puts it', () => {
    const places = [
      ...fieldNames,
      'user.subscription.subscription_token',
      'user.tags',
      'subscription_token',
      'email',
      'phone',
    ]
      // The user's own id in Segment is sent unchanged.
      .filter((name) => !['event.external_id', 'event.kind', 'event.datetime', 'event.timestamp'].includes(name));
    const around = fc.constantFrom(['', ''], ['Hello ', '!'], ['550 <', '> unknown'], ['a:', ', b']);
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom(...places),
        around,
        kind,
        options,
        (value, place, [before = '', after = ''], kindText, given) => {
          const result = eventToTrack({ ...pushClick, 'event.kind': kindText, [place]: before + value + after }, given);
          expect(JSON.stringify(result)).not.toContain(value);
          if (result.status === 'failed') expect(result.error.message).not.toContain(value);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test.each([
    'Sale ends 2026-11-29 at 10:00',
    'Save $1,000.00 or 1.000.000',
    'Order 12345678 has shipped',
    'Version 10.2.3 is here',
    'From 01.12.2026 to 24.12.2026',
    'onboarding_welcome_email_variant_b_for_new_users_2026_and_later_ones',
    'f3c9cd09-10d7-4f59-b9bc-66e16607f1d5',
    '@acme says hi',
  ])('a text that only resembles personal data is kept: %s', (text) => {
    expect(eventToTrack({ ...pushClick, 'message.name': text })).toMatchObject({
      track: { properties: { message_name: text } },
      warnings: [],
    });
  });

  test('removed data is reported', () => {
    const body = {
      ...pushClick,
      'event.kind': 'message.email.failed',
      'event.data.failure_reason': '550 5.1.1 <ada@example.com> unknown',
    };
    const result = eventToTrack(body);
    expect(result).toMatchObject({ warnings: ['personal_data'] });
    expect(trackOf(result).properties.failure_reason).toBe('550 5.1.1 <<redacted>> unknown');
  });

  test('the template asks for none: no token, no tags, and only the ids and the language of the user', () => {
    const names = [...eventStreamTemplate.body.matchAll(/\{\{ ([\w.]+)/g)].map(([, name]) => name);
    expect(names.filter((name) => !/^(event|message)\./.test(name ?? ''))).toEqual(['user.language']);
    expect(names.join()).not.toMatch(/token|tags|email|phone/);
  });
});

test('texts that are crafted to be slow to search are mapped before the test times out', () => {
  for (const part of ['a', '@', '+1', '0', '1 ', "'", "','en':", '{', '-', '"event.id"', ':', ' ', '%40', '(', '1-']) {
    const text = part.repeat(50_000);
    const texts = { 'message.title': `{'en':'${text}'}`, 'message.contents': text, 'event.data.failure_reason': text };
    expect(eventToTrack({ ...pushClick, ...texts }).status).not.toBe('skipped');
    expect(eventToTrack(`{"event.id": "${text}`).status).toBe('failed');
  }
});
