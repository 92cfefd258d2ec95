import { expect, test } from 'vitest';
import { authorization } from '../../src/onesignal/http-options.js';

test('a key that is undefined, as from process.env, has a different message from one that is absent', () => {
  expect(() => authorization({ apiKey: undefined })).toThrow(
    expect.objectContaining({
      code: 'missing',
      option: 'apiKey',
      message: '"apiKey" is undefined. Check that its environment variable is set.',
    }),
  );
  expect(() => Reflect.apply(authorization, undefined, [{}])).toThrow('"apiKey" is missing. Copy the App API key from');
});

test.each(['"quoted"', "'quoted'"])('the key %s is refused because of the quotes around it', (apiKey) => {
  expect(() => authorization({ apiKey })).toThrow('"apiKey" has quotes around it. Pass the key alone.');
});

test.each(['a"b"', '"a"b', 'xkey'])('the key %s is sent unchanged', (apiKey) => {
  expect(authorization({ apiKey })).toEqual({ authorization: `Key ${apiKey}` });
});
