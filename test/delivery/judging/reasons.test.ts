import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/delivery/judging/judge.js';
import type { Operation } from '../../../src/onesignal/operation.js';

const anonymous: Operation = { type: 'update_user', user: { label: 'external_id', id: 'jane-doe-4711' }, tags: {} };

/** The reasons that an outcome shows for a 400 with this body. */
function reasonsOf(body: unknown, operation: Operation = anonymous): string[] {
  const verdict = judge([operation], { kind: 'response', response: { status: 400, headers: {}, body } });
  if (!('error' in verdict)) throw new Error(`${verdict.kind} has no error`);
  expect(verdict.error.message).toBe(
    [`${operation.type} was refused with 400`, verdict.error.reasons.join('; ')].filter(Boolean).join(': '),
  );
  return verdict.error.reasons;
}

describe('the reasons are OneSignal’s words', () => {
  test.each<[string, unknown, string[]]>([
    ['strings', { errors: ['name is required', 'filters is required'] }, ['name is required', 'filters is required']],
    ['codes and titles', { errors: [{ code: 'request-1', title: 'Invalid UUID' }] }, ['request-1: Invalid UUID']],
    ['a code alone', { errors: [{ code: 'request-1' }] }, ['request-1']],
    ['a title with an empty code', { errors: [{ code: '', title: 'Invalid UUID' }] }, ['Invalid UUID']],
    ['a title alone', { errors: [{ title: 'Invalid UUID' }] }, ['Invalid UUID']],
    ['one string', { errors: 'not allowed' }, ['not allowed']],
    ['a map', { errors: { invalid_aliases: { external_id: ['x'] } } }, ['invalid_aliases']],
    ['success false', { success: false }, []],
    ['nothing', undefined, []],
    ['JSON as a string', '{"errors":["name is required"]}', ['name is required']],
    ['HTML', '<h1>Bad request</h1>', []],
    ['an array', [{ errors: ['x'] }], []],
    ['something else', { errors: 42 }, []],
    ['entries of other kinds', { errors: [42, null, [], {}, '', { code: 7, title: 'Title' }] }, ['Title']],
    ['line breaks', { errors: ['first\nsecond\r\n\tthird\u2028fourth\u0000'] }, ['first second third fourth']],
  ])('from %s', (_, body, reasons) => {
    expect(reasonsOf(body)).toEqual(reasons);
  });

  test('without meta, which repeats the ids that collided', () => {
    const meta = { conflicting_aliases: { external_id: 'somebody-else' } };
    expect(reasonsOf({ errors: [{ code: 'Conflict', title: 'Conflicting aliases', meta }] })).toEqual([
      'Conflict: Conflicting aliases',
    ]);
  });

  test('at most ten, and none longer than 200 characters', () => {
    const reasons = reasonsOf({ errors: Array.from({ length: 50 }, () => 'words '.repeat(100)) });
    expect(reasons).toHaveLength(10);
    for (const reason of reasons) expect(reason.length).toBeLessThanOrEqual(200);
    const named = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`field_${index}`, 'wrong']));
    expect(reasonsOf({ errors: named })).toHaveLength(10);
  });

  test('none if a getter throws', () => {
    const hostile = {
      get errors() {
        throw new Error('mine');
      },
    };
    expect(reasonsOf(hostile)).toEqual([]);
  });
});

describe('the reasons are without', () => {
  const user = { label: 'external_id', id: 'jane-doe-4711' };
  test.each<[string, Operation, string]>([
    ['the user’s id', { type: 'delete_user', user }, 'jane-doe-4711'],
    ['an id in a URL', { type: 'delete_user', user: { ...user, id: 'Jané/Doe' } }, 'Jan%C3%A9%2FDoe'],
    ['an id in JSON', { type: 'delete_user', user: { ...user, id: 'Jane "J" Doe' } }, 'Jane \\"J\\" Doe'],
    ['an id with a line end', { type: 'delete_user', user: { ...user, id: 'Jane\nDoe' } }, 'Jane\nDoe'],
    ['an id of one character', { type: 'delete_user', user: { ...user, id: '7' } }, '7'],
    ['an id of two characters', { type: 'delete_user', user: { ...user, id: 'u1' } }, 'u1'],
    ['a tag’s value', { type: 'update_user', user, tags: { city: 'Timbuktu' } }, 'Timbuktu'],
    [
      'a profile’s value',
      { type: 'update_user', user, tags: {}, profile: { timezone_id: 'Africa/Bamako' } },
      'Africa/Bamako',
    ],
    ['a profile’s number', { type: 'update_user', user, tags: {}, profile: { lat: 16.7666 } }, '16.7666'],
    ['an alias', { type: 'add_alias', user, alias: { label: 'crm', id: 'crm-0815' } }, 'crm-0815'],
    ['a token', { type: 'add_subscription', user, subscription: { type: 'SMS', token: '+4366012345' } }, '+4366012345'],
    [
      'a purchased product',
      { type: 'add_purchases', user, purchases: [{ sku: 'red-hat', amount: '9', iso: 'EUR' }] },
      'red-hat',
    ],
    [
      'a custom event’s user',
      { type: 'send_custom_events', events: [{ name: 'Bought', external_id: 'jane-doe-4711', properties: {} }] },
      'jane-doe-4711',
    ],
    [
      'a custom event’s property, however deep',
      {
        type: 'send_custom_events',
        events: [{ name: 'Bought', external_id: 'u', properties: { address: { lines: [{ city: 'Timbuktu' }] } } }],
      },
      'Timbuktu',
    ],
  ])('%s', (_, operation, secret) => {
    const [reason = ''] = reasonsOf({ errors: [`Nothing can be done for ${secret}, sorry (${secret}).`] }, operation);
    expect(reason).toBe('Nothing can be done for <redacted>, sorry (<redacted>).');
  });

  test('any email address and UUID', () => {
    expect(reasonsOf({ errors: ['ask jo@example.org about 7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a'] })).toEqual([
      'ask <redacted> about <redacted>',
    ]);
  });

  test('a longer value even inside a word', () => {
    expect(reasonsOf({ errors: ['key:user.jane-doe-4711s'] })).toEqual(['key:user.<redacted>s']);
  });

  test('a short value only where it stands alone, so that words stay intact', () => {
    const operation: Operation = { type: 'update_user', user: { label: 'external_id', id: 'a' }, tags: { x: 'tag' } };
    expect(reasonsOf({ errors: ['the tags of a user are tagged by tag'] }, operation)).toEqual([
      'the tags of <redacted> user are tagged by tag',
    ]);
  });

  test('ids and values of any form, however they are embedded', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 4 })
      .map((value) => `7${value}`)
      .filter((value) => value.trim().length >= 5);
    fc.assert(
      fc.property(text, text, fc.constantFrom('"', "'", ' ', '/', '=', '<'), (id, value, around) => {
        fc.pre(!'<redacted> cannot set for'.includes(id) && !'<redacted> cannot set for'.includes(value));
        const operation: Operation = { type: 'update_user', user: { label: 'external_id', id }, tags: { key: value } };
        const [reason = ''] = reasonsOf(
          { errors: [`cannot set ${around}${value}${around} for ${around}${id}${around}`] },
          operation,
        );
        const left = reason.replaceAll('<redacted>', '');
        expect(left).not.toContain(id);
        expect(left).not.toContain(value);
      }),
    );
  });
});

describe('the cause of a rejection', () => {
  const causeOf = (thrown: unknown, operation: Operation = anonymous): unknown => {
    const verdict = judge([operation], { kind: 'rejected', thrown });
    return 'error' in verdict ? verdict.error.cause : undefined;
  };

  test('is plain data: name, code, message', () => {
    const thrown = Object.assign(new TypeError('terminated'), { code: 'UND_ERR_SOCKET', socket: { secret: 1 } });
    expect(causeOf(thrown)).toStrictEqual({ name: 'TypeError', code: 'UND_ERR_SOCKET', message: 'terminated' });
  });

  test('includes the code that fetch hides in the cause of its error', () => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    const thrown = new TypeError('fetch failed', { cause: reset });
    expect(causeOf(thrown)).toStrictEqual({ name: 'TypeError', code: 'ECONNRESET', message: 'fetch failed' });
    const loop: { message: string; cause?: unknown } = { message: 'round' };
    loop.cause = loop;
    expect(causeOf(loop)).toStrictEqual({ name: 'Error', message: 'round' });
  });

  test.each([
    ['a URL', 'PATCH https://api.onesignal.com/apps/a/users/by/external_id/jane failed', 'PATCH <url> failed'],
    ['a path', 'PATCH /apps/a/users/by/external_id/jane failed', 'PATCH <path> failed'],
    ['a key', 'bad header authorization: Key os_v2_app_abc', 'bad header authorization: <redacted>'],
    ['a legacy key', 'bad header "Basic abc=="', 'bad header "<redacted>"'],
    ['a key alone', 'key os_v2_app_abc was refused', '<redacted> was refused'],
    ['the user’s id', 'no user jane-doe-4711 here', 'no user <redacted> here'],
    [
      'quoted input',
      `Unexpected token 'J', "Jane Doe l"... is not valid JSON`,
      `Unexpected token 'J', "<redacted>"... is not valid JSON`,
    ],
    ['lines', 'first\nsecond', 'first second'],
  ])('is without %s', (_, message, left) => {
    expect(causeOf(new Error(message))).toStrictEqual({ name: 'Error', message: left });
  });

  test('is short', () => {
    expect(JSON.stringify(causeOf(new Error('words '.repeat(10_000)))).length).toBeLessThan(300);
  });

  test.each<[string, unknown]>([
    ['a string', 'jane-doe-4711'],
    ['undefined', undefined],
    ['a symbol', Symbol('jane-doe-4711')],
    [
      'a getter that throws',
      {
        get message() {
          throw new Error('jane-doe-4711');
        },
      },
    ],
    ['a name and a code that are free text', { name: 'jane-doe-4711 Doe', code: 'jane-doe-4711 Doe', message: '' }],
  ])('is harmless for %s', (_, thrown) => {
    expect(JSON.stringify(causeOf(thrown))).not.toContain('4711');
  });
});
