import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.js';
import { judge, judgeSafely } from '../../../src/delivery/judging/judge.js';
import type { Verdict } from '../../../src/delivery/judging/verdict.js';
import type { Operation } from '../../../src/onesignal/operation.js';
import type { OneSignalResponse } from '../../../src/onesignal/transport.js';

const user = { label: 'external_id', id: 'jane-doe-4711' };
const operations = {
  update_user: { type: 'update_user', user, tags: { plan: 'platinum' } },
  ensure_segment: {
    type: 'ensure_segment',
    name: 'VIPs',
    filters: [{ field: 'tag', key: 'vip', relation: '=', value: 'true' }],
  },
  send_custom_events: {
    type: 'send_custom_events',
    events: [{ name: 'Bought', external_id: user.id, properties: {} }],
  },
  add_subscription: { type: 'add_subscription', user, subscription: { type: 'Email', token: 'jane@example.org' } },
  add_alias: { type: 'add_alias', user, alias: { label: 'crm', id: 'crm-0815' } },
  add_purchases: { type: 'add_purchases', user, purchases: [{ sku: 'hat', amount: '9.99', iso: 'EUR' }] },
  delete_user: { type: 'delete_user', user },
} satisfies { [Kind in Operation['type']]: Operation };
const kinds = Object.values(operations);
const onUsers = kinds.filter(({ type }) => type !== 'ensure_segment' && type !== 'send_custom_events');

const answered = (
  operation: Operation,
  status: number,
  body?: unknown,
  headers: OneSignalResponse['headers'] = {},
): Verdict => judge([operation], { kind: 'response', response: { status, headers, body } });
const errorOf = (verdict: Verdict) => {
  if (!('error' in verdict)) throw new Error(`${verdict.kind} has no error`);
  return verdict.error;
};
const brief = (verdict: Verdict) => ('error' in verdict ? `${verdict.kind} ${verdict.error.code}` : verdict.kind);

describe('for every operation', () => {
  test.each([200, 201, 202, 204, 299])('%i is accepted, with its body', (status) => {
    for (const operation of kinds) {
      expect(answered(operation, status, { a: 1 })).toEqual({ kind: 'accepted', status, body: { a: 1 } });
    }
  });

  test.each([
    [408, 'timeout'],
    [429, 'rate_limited'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [520, 'unavailable'],
    [599, 'unavailable'],
  ])('%i is retryable: %s', (status, code) => {
    for (const operation of kinds) {
      const verdict = answered(operation, status);
      expect(brief(verdict)).toBe(`retryable ${code}`);
      expect(errorOf(verdict)).toMatchObject({ status, operation: operation.type, reasons: [] });
      expect(verdict).not.toHaveProperty('retryAfterMs');
    }
  });

  test('no response is retryable', () => {
    for (const operation of kinds) {
      expect(brief(judge([operation], { kind: 'rejected', thrown: new TypeError('fetch failed') }))).toBe(
        'retryable network',
      );
      const late = judge([operation], { kind: 'timeout', timeoutMs: 30_000 });
      expect(brief(late)).toBe('retryable timeout');
      expect(errorOf(late).message).toContain('30000 ms');
    }
  });

  test('an attempt that nobody waits for any longer is cancelled', () => {
    for (const operation of kinds) expect(judge([operation], { kind: 'cancelled' })).toEqual({ kind: 'cancelled' });
  });

  test.each([300, 301, 302, 304, 307, 308])('a redirect (%i) is retryable and says what to check', (status) => {
    for (const operation of kinds) {
      const verdict = answered(operation, status);
      expect(brief(verdict)).toBe('retryable unexpected_response');
      expect(errorOf(verdict).message).toMatch(/redirect.*baseUrl/);
    }
  });

  test('401 is unauthorized, with a wait of at least a minute', () => {
    for (const operation of kinds) {
      const verdict = answered(operation, 401, { errors: ['no key'] });
      expect(brief(verdict)).toBe('unauthorized unauthorized');
      expect(verdict).toMatchObject({ retryAfterMs: 60_000 });
      expect(errorOf(verdict).message).toContain('apiKey');
    }
  });
});

describe('a success', () => {
  test.each([[undefined], [null], [''], [' \n'], [{}], [[]], ['{}'], ['[1]'], [{ properties: {} }]])(
    'with the body %j is OneSignal’s',
    (body) => {
      for (const operation of kinds) expect(answered(operation, 200, body).kind).toBe('accepted');
    },
  );

  test.each([['<html>Log in to the network</html>'], ['ok'], [new Uint8Array(1)], [42], [true]])(
    'with the body %j is not from OneSignal, and nothing was delivered',
    (body) => {
      for (const operation of kinds) {
        const verdict = answered(operation, 200, body);
        expect(brief(verdict)).toBe('retryable unexpected_response');
        expect(errorOf(verdict).message).toContain('not OneSignal');
        expect(errorOf(verdict)).toMatchObject({ status: 200 });
      }
    },
  );
});

test('407 is the answer of a proxy: retryable, and says to check it', () => {
  for (const operation of kinds) {
    for (const body of [undefined, { errors: ['Who are you?'] }, '<h1>Who are you?</h1>']) {
      const verdict = answered(operation, 407, body, { 'retry-after': '7' });
      expect(brief(verdict)).toBe('retryable unexpected_response');
      expect(verdict).toMatchObject({ retryAfterMs: 7_000 });
      expect(errorOf(verdict)).toMatchObject({ status: 407 });
      expect(errorOf(verdict).message).toContain('proxy');
    }
  }
});

test('words after the first 1,000 characters of a reason do not decide', () => {
  const words = (length: number) => ({ errors: [`${'x'.repeat(length - 1)} Access denied`] });
  expect(brief(answered(operations.update_user, 403, words(900)))).toBe('unauthorized unauthorized');
  expect(brief(answered(operations.update_user, 403, words(1_000)))).toBe('refused invalid_request');
});

test.each<[string, () => Verdict, string]>([
  [
    'an outage',
    () => answered(operations.update_user, 503, { errors: ['down', 'try later'] }),
    'update_user was answered with 503: down; try later',
  ],
  ['a rate limit', () => answered(operations.update_user, 429), 'update_user was answered with 429'],
  [
    'a time-out',
    () => judge([operations.delete_user], { kind: 'timeout', timeoutMs: 5 }),
    'delete_user got no response within 5 ms',
  ],
  [
    'no response',
    () => judge([operations.delete_user], { kind: 'rejected', thrown: new Error('reset') }),
    'delete_user got no response',
  ],
  [
    'a rejection with a response',
    () => judge([operations.delete_user], { kind: 'rejected', thrown: { response: { status: 404 } } }),
    'delete_user got no response from the transport, which rejected although OneSignal answered with 404. ' +
      'Resolve with { status, headers, body } for every status (axios: validateStatus: () => true).',
  ],
  ['a redirect', () => answered(operations.update_user, 302), 'update_user was redirected (302). Check baseUrl.'],
  [
    'a proxy',
    () => answered(operations.update_user, 407),
    'update_user was answered with 407 by a proxy that asks for credentials. Configure them where requests leave.',
  ],
  [
    'a success of another server',
    () => answered(operations.update_user, 200, '<html>'),
    'update_user was answered with 200 by a server that is not OneSignal. ' +
      'Check baseUrl and the network; a transport must return parsed JSON, JSON text or nothing as body.',
  ],
  [
    'a refusal of another server',
    () => answered(operations.update_user, 404, '<html>'),
    'update_user was answered with 404 by a server that is not OneSignal. ' +
      'Check baseUrl, and any firewalls in between.',
  ],
  [
    'a refused key',
    () => answered(operations.update_user, 401),
    'update_user was refused with 401. Check apiKey and appId (OneSignal dashboard, Settings > Keys & IDs).',
  ],
  [
    'a segment that was not created',
    () => answered(operations.ensure_segment, 402, { errors: ['no'] }),
    'ensure_segment was refused with 402: no. The tag is set: create the segment in OneSignal by hand.',
  ],
  ['a subscription limit', () => answered(operations.add_subscription, 409), 'add_subscription was refused with 409'],
  [
    'an alias of another user',
    () => answered(operations.add_alias, 409),
    'add_alias was refused with 409. The alias belongs to another user: delete it there or choose another label.',
  ],
  [
    'a value that is no response',
    () => Reflect.apply(judge, undefined, [[operations.update_user], { kind: 'response', response: {} }]),
    'update_user got a value that is not an HTTP response. Return { status, headers, body } from the transport.',
  ],
])('the message about %s says what happened and what to do, in one line', (_, judgeIt, message) => {
  expect(errorOf(judgeIt()).message).toBe(message);
});

describe('403', () => {
  const access = { errors: ["Access denied.  Please include an 'Authorization: ...' header with a valid API key"] };
  const plan = { errors: ['This API is not available for applications on your plan.'] };

  test('that denies the key access is unauthorized', () => {
    for (const operation of kinds) expect(brief(answered(operation, 403, access))).toBe('unauthorized unauthorized');
  });

  test('from a firewall is retryable, and does not blame the key', () => {
    for (const operation of kinds.filter(({ type }) => type !== 'ensure_segment')) {
      const verdict = answered(operation, 403, '<html>Blocked</html>');
      expect(brief(verdict)).toBe('retryable unexpected_response');
      expect(errorOf(verdict).message).toContain('firewalls');
    }
  });

  test.each([[undefined], [{ errors: ['Forbidden'] }], [{}]])(
    'with the body %j refuses only its own request',
    (body) => {
      for (const operation of kinds) {
        const expected = operation.type === 'ensure_segment' ? 'warned segment_not_created' : 'refused invalid_request';
        expect(brief(answered(operation, 403, body))).toBe(expected);
      }
    },
  );

  test('because of the plan is refused for good', () => {
    expect(brief(answered(operations.send_custom_events, 403, plan))).toBe('refused plan_refused');
  });

  test('keeps a longer Retry-After', () => {
    expect(answered(operations.update_user, 403, access, { 'Retry-After': '300' })).toMatchObject({
      retryAfterMs: 300_000,
    });
    expect(answered(operations.update_user, 401, access, { 'Retry-After': '1' })).toMatchObject({
      retryAfterMs: 60_000,
    });
  });
});

describe('a segment', () => {
  test('that already exists (409) is a success', () => {
    const body = { success: false, errors: ['Segment with the given id already exists.'] };
    expect(answered(operations.ensure_segment, 409, body)).toEqual({
      kind: 'accepted',
      status: 409,
      body: { exists: true },
    });
  });

  test.each([
    [400, 'Segment name is already taken.'],
    [402, 'Payment required.'],
    [403, 'This API is not available for applications on your plan.'],
    [404, 'Not found.'],
    [410, 'Gone.'],
    [422, 'You have reached the maximum number of segments allowed for your plan.'],
    [501, 'Not implemented.'],
  ])('that is refused (%i) causes a warning with the reasons: %s', (status, reason) => {
    const verdict = answered(operations.ensure_segment, status, { success: false, errors: [reason] });
    expect(brief(verdict)).toBe('warned segment_not_created');
    expect(errorOf(verdict)).toMatchObject({ status, operation: 'ensure_segment', reasons: [reason] });
    expect(errorOf(verdict).message).toContain(reason);
  });
});

describe('a user that OneSignal does not know', () => {
  const bodies = [undefined, null, '', '  ', {}, { errors: [{ code: 'x', title: 'not found' }] }, '{"errors":[]}', []];

  test.each([404, 410])('is missing: %i with an empty or a JSON body', (status) => {
    for (const operation of onUsers.filter(({ type }) => type !== 'delete_user')) {
      for (const body of bodies) expect(answered(operation, status, body)).toEqual({ kind: 'user_missing' });
    }
  });

  test.each([404, 410])('is missing for a deletion too: %i', (status) => {
    for (const body of bodies) expect(answered(operations.delete_user, status, body)).toEqual({ kind: 'user_missing' });
  });

  test.each([
    ['<h1>Not found</h1>'],
    ['no such host'],
    ['"text"'],
    ['42'],
    [42],
    [true],
    [new Uint8Array(2)],
    [new Blob([])],
  ])('can only be reported by OneSignal: a 404 with %j is retryable and says what to check', (body) => {
    for (const operation of onUsers) {
      const verdict = answered(operation, 404, body, { 'retry-after': '7' });
      expect(brief(verdict)).toBe('retryable unexpected_response');
      expect(verdict).toMatchObject({ retryAfterMs: 7_000 });
      expect(errorOf(verdict).message).toContain('baseUrl');
    }
  });

  test('is not the reason of a 404 for custom events, which are refused', () => {
    expect(brief(answered(operations.send_custom_events, 404, {}))).toBe('refused invalid_request');
  });
});

describe('409', () => {
  const capped = {
    errors: [
      {
        code: 'entitlements-tag-limit',
        title: "The tags for this user exceed the limit for this organization's plan.",
      },
    ],
  };

  test('for an update means the tag cap, by code or by message', () => {
    expect(answered(operations.update_user, 409, capped)).toEqual({ kind: 'tag_cap' });
    expect(answered(operations.update_user, 409, { errors: ['too many tags: the limit is 10'] })).toEqual({
      kind: 'tag_cap',
    });
  });

  test.each(['tag', 'limit', 'tags', 'entitlements', 'The', 'plan', 'i'])(
    'means the cap even if a value or an id is a word of the answer: %s',
    (word) => {
      const operation: Operation = { type: 'update_user', user: { label: 'external_id', id: word }, tags: { a: word } };
      expect(answered(operation, 409, capped)).toEqual({ kind: 'tag_cap' });
    },
  );

  test('for an update with another reason is a refusal', () => {
    expect(brief(answered(operations.update_user, 409, { errors: ['Subscription Limit Exceeded'] }))).toBe(
      'refused conflict',
    );
    expect(brief(answered(operations.delete_user, 409))).toBe('refused conflict');
  });

  test('for a subscription causes a warning: the user has the maximum number', () => {
    expect(brief(answered(operations.add_subscription, 409))).toBe('warned subscription_limit');
  });

  test('for an alias says what to do, with the status and the reasons', () => {
    const verdict = answered(operations.add_alias, 409, { errors: [{ code: 'user-2', title: 'claimed by another' }] });
    expect(brief(verdict)).toBe('refused conflict');
    expect(errorOf(verdict).message).toMatch(/delete it there/);
    expect(errorOf(verdict)).toMatchObject({ status: 409, reasons: ['user-2: claimed by another'] });
  });

  test('for an operation other than add_alias does not mention aliases', () => {
    expect(errorOf(answered(operations.delete_user, 409)).message).not.toMatch(/alias/);
  });

  test('for an operation other than an update never means the tag cap, whatever its message', () => {
    for (const operation of kinds.filter(({ type }) => type !== 'update_user'))
      expect(answered(operation, 409, capped).kind).not.toBe('tag_cap');
  });
});

test('messages about a refused key or plan mean nothing with another status', () => {
  for (const words of ['Access denied.', 'Not available on your plan.']) {
    const verdict = answered(operations.update_user, 400, { errors: [words] });
    expect(brief(verdict)).toBe('refused invalid_request');
  }
});

test('a segment that is refused, but not by OneSignal, causes a warning, because its tag is set', () => {
  for (const status of [403, 404, 410])
    expect(brief(answered(operations.ensure_segment, status, '<html>blocked</html>'))).toBe(
      'warned segment_not_created',
    );
});

test.each([400, 402, 405, 406, 411, 413, 415, 418, 422, 451, 501])('%i is refused for good', (status) => {
  for (const operation of kinds.filter(({ type }) => type !== 'ensure_segment')) {
    const verdict = answered(operation, status, { errors: ['that is wrong'] });
    expect(brief(verdict)).toBe('refused invalid_request');
    expect(errorOf(verdict)).toMatchObject({ status, reasons: ['that is wrong'] });
    expect(errorOf(verdict).message).toBe(`${operation.type} was refused with ${status}: that is wrong`);
  }
});

describe('a transport of your own', () => {
  test('that rejects with a response of any status is told what to do instead', () => {
    for (const status of [400, 404, 401, 503]) {
      const thrown = Object.assign(new Error(`Request failed with status code ${status}`), {
        name: 'AxiosError',
        code: 'ERR_BAD_REQUEST',
        response: { status, data: {} },
        config: { headers: { authorization: 'Key os_v2_app_secret' } },
      });
      const verdict = judge([operations.update_user], { kind: 'rejected', thrown });
      expect(brief(verdict)).toBe('retryable unexpected_response');
      expect(errorOf(verdict)).toMatchObject({
        status,
        cause: { name: 'AxiosError', code: 'ERR_BAD_REQUEST', message: `Request failed with status code ${status}` },
      });
      expect(errorOf(verdict).message).toMatch(/validateStatus/);
    }
  });

  test.each([[undefined], [null], ['text'], [0], [{ response: undefined }], [{ response: { status: '400' } }]])(
    'that rejects with %j had no response',
    (thrown) => {
      expect(brief(judge([operations.update_user], { kind: 'rejected', thrown }))).toBe('retryable network');
    },
  );

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'HTTP/1.1 200 OK'],
    ['no status', {}],
    ['a status that is a string', { status: '200' }],
    ['a status that is NaN', { status: Number.NaN }],
    ['a fractional status', { status: 200.5 }],
    ['status 0, as in an opaque response', { status: 0 }],
    ['an interim status', { status: 101 }],
  ])('that returns %s is retryable and says what to return', (_, response) => {
    // JavaScript callers can do what the types forbid.
    const verdict: Verdict = Reflect.apply(judge, undefined, [
      [operations.update_user],
      { kind: 'response', response },
    ]);
    expect(brief(verdict)).toBe('retryable unexpected_response');
    expect(errorOf(verdict).message).toMatch(/\{ status, headers, body \}/);
  });

  test('that returns a response that cannot be read is retryable, and its words are not repeated', () => {
    const response = {
      headers: {},
      body: undefined,
      get status(): number {
        throw new TypeError('no user jane-doe-4711 here');
      },
    };
    const verdict = judgeSafely([operations.delete_user], { kind: 'response', response }, systemClock);
    expect(brief(verdict)).toBe('retryable unexpected_response');
    expect(errorOf(verdict)).toMatchObject({
      message: 'delete_user got a response that cannot be read. Return { status, headers, body } from the transport.',
      cause: { name: 'TypeError', message: 'no user <redacted> here' },
    });
  });

  test('may omit headers and body', () => {
    const verdict: Verdict = Reflect.apply(judge, undefined, [
      [operations.update_user],
      { kind: 'response', response: { status: 400 } },
    ]);
    expect(brief(verdict)).toBe('refused invalid_request');
  });
});
