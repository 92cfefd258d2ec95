import { expect, test } from 'vitest';
import { ConfigurationError } from '../../src/index.js';
import { createWebhookHandler, type WebhookOptions } from '../../src/webhook/index.js';

const destination = { deliver: async () => [] };

/** Options as plain JavaScript gives them. */
function problemOf(options: unknown, deliverer: unknown = destination) {
  try {
    Reflect.apply(createWebhookHandler, undefined, [deliverer, options]);
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    return { code: thrown.code, option: thrown.option, message: thrown.message };
  }
  return undefined;
}

test.each<[string, WebhookOptions]>([
  ['secrets', { secrets: ['a', 'b'] }],
  ['tokens', { tokens: ['a'] }],
  ['write keys', { writeKeys: ['a'] }],
  ['nobody at all', { allowUnsigned: true }],
  ['everything', { secrets: ['a'], tokens: ['b'], writeKeys: ['c'], allowUnsigned: false }],
  [
    'what is absent by being undefined',
    { secrets: ['a'], tokens: undefined, maxBytes: undefined, deadlineMs: undefined },
  ],
])('options that name %s are taken', (_what, options) => {
  expect(problemOf(options)).toBeUndefined();
});

test.each([
  ['no options at all', undefined, 'missing', 'secrets'],
  ['no check', {}, 'missing', 'secrets'],
  ['no check, and allowUnsigned false', { allowUnsigned: false }, 'missing', 'secrets'],
  ['an empty list', { secrets: [] }, 'invalid', 'secrets'],
  ['an environment variable that is not set', { secrets: [undefined] }, 'invalid', 'secrets'],
  ['an empty secret', { tokens: ['a', ''] }, 'invalid', 'tokens'],
  ['a text instead of a list', { writeKeys: 'key' }, 'invalid', 'writeKeys'],
  ['a secret that was read with its line break', { secrets: ['shh-secret\n'] }, 'invalid', 'secrets'],
  ['a size of nothing', { secrets: ['a'], maxBytes: 0 }, 'invalid', 'maxBytes'],
  ['half an event', { secrets: ['a'], maxEvents: 1.5 }, 'invalid', 'maxEvents'],
  ['a deadline that is text', { secrets: ['a'], deadlineMs: '4500' }, 'invalid', 'deadlineMs'],
  ['a deadline that no timer takes', { secrets: ['a'], deadlineMs: 2 ** 31 }, 'invalid', 'deadlineMs'],
  ['a way of signing that is none', { secrets: ['a'], batchSignature: 'all' }, 'invalid', 'batchSignature'],
  ['an allowUnsigned that is only truthy', { allowUnsigned: 'false' }, 'invalid', 'allowUnsigned'],
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

test('lists that are changed later change nothing', async () => {
  const tokens = ['a'];
  const handler = createWebhookHandler(destination, { tokens });
  tokens.push('b');
  const request = new Request('http://a/', { method: 'POST', headers: { authorization: 'Bearer b' }, body: '[]' });
  expect((await handler(request)).status).toBe(401);
});
