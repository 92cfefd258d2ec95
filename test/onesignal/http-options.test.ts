import { expect, test } from 'vitest';
import { authorization } from '../../src/onesignal/http-options.js';

test('a key that is undefined, as from process.env, is told apart from one that is absent', () => {
  expect(() => authorization({ apiKey: undefined })).toThrow(
    expect.objectContaining({
      code: 'missing',
      option: 'apiKey',
      message: '"apiKey" is undefined. Check that its environment variable is set.',
    }),
  );
  expect(() => Reflect.apply(authorization, undefined, [{}])).toThrow('"apiKey" is missing. Copy the App API key from');
});
