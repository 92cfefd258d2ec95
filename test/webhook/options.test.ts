import { expect, test } from 'vitest';
import { ConfigurationError } from '../../src/index.js';
import { createWebhookHandler, type WebhookHandlerOptions } from '../../src/webhook/index.js';

const destination = { deliver: async () => [] };

/** Passes options as plain JavaScript code would, and returns the problem. */
function problemOf(options: unknown, deliverer: unknown = destination) {
  try {
    Reflect.apply(createWebhookHandler, undefined, [deliverer, options]);
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    return { code: thrown.code, option: thrown.option, message: thrown.message };
  }
  return undefined;
}

test.each<[string, WebhookHandlerOptions]>([
  ['secrets', { secrets: ['a', 'b'] }],
  ['tokens', { tokens: ['a'] }],
  ['write keys', { writeKeys: ['a'] }],
  ['no check', { allowUnsigned: true }],
  ['only as much memory as one body needs', { secrets: ['a'], maxBytes: 1_000_000, maxBufferedBytes: 3_000_000 }],
  ['everything', { secrets: ['a'], tokens: ['b'], writeKeys: ['c'], allowUnsigned: false }],
  [
    'options whose value is undefined',
    { secrets: ['a'], tokens: undefined, maxBytes: undefined, deadlineMs: undefined },
  ],
])('options with %s are accepted', (_what, options) => {
  expect(problemOf(options)).toBeUndefined();
});

test.each([
  ['no options at all', undefined, 'missing', 'secrets'],
  ['no check', {}, 'missing', 'secrets'],
  ['no check, and allowUnsigned false', { allowUnsigned: false }, 'missing', 'secrets'],
  ['an empty array', { secrets: [] }, 'invalid', 'secrets'],
  ['an environment variable that is not set', { secrets: [undefined] }, 'invalid', 'secrets'],
  ['an empty secret', { tokens: ['a', ''] }, 'invalid', 'tokens'],
  ['a string instead of an array', { writeKeys: 'key' }, 'invalid', 'writeKeys'],
  ['a secret with a trailing line break', { secrets: ['shh-secret\n'] }, 'invalid', 'secrets'],
  ['a token with the scheme', { tokens: ['token', 'Bearer shh-secret'] }, 'invalid', 'tokens'],
  ['a size of 0', { secrets: ['a'], maxBytes: 0 }, 'invalid', 'maxBytes'],
  ['a fraction of an event', { secrets: ['a'], maxEvents: 1.5 }, 'invalid', 'maxEvents'],
  ['a deadline that is a string', { secrets: ['a'], deadlineMs: '4500' }, 'invalid', 'deadlineMs'],
  ['a deadline that is too long for a timer', { secrets: ['a'], deadlineMs: 2 ** 31 }, 'invalid', 'deadlineMs'],
  ['an unknown batchSignature', { secrets: ['a'], batchSignature: 'all' }, 'invalid', 'batchSignature'],
  ['a batchSignature without secrets', { tokens: ['a'], batchSignature: 'whole-body' }, 'missing', 'secrets'],
  ['an allowUnsigned that is truthy but not true', { allowUnsigned: 'false' }, 'invalid', 'allowUnsigned'],
  ['an option that does not exist', { secret: 'a' }, 'unknown_option', 'secret'],
])('%s is refused, by name and without its value', (_what, options, code, option) => {
  const problem = problemOf(options);
  expect(problem).toMatchObject({ code, option });
  expect(problem?.message).toContain(option);
  expect(problem?.message).not.toContain('shh-secret');
});

test('a destination that cannot deliver is refused', () => {
  expect(problemOf({ secrets: ['a'] }, null)).toMatchObject({ code: 'invalid', option: 'destination' });
  expect(problemOf({ secrets: ['a'] }, {})).toMatchObject({ code: 'invalid', option: 'destination' });
});

test('changing the arrays later has no effect', async () => {
  const tokens = ['a'];
  const handler = createWebhookHandler(destination, { tokens });
  tokens.push('b');
  const request = new Request('http://a/', { method: 'POST', headers: { authorization: 'Bearer b' }, body: '[]' });
  expect((await handler(request)).status).toBe(401);
});
