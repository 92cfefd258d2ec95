import { expect, test } from 'vitest';

test('a connection to a real host is refused before it leaves the machine', async () => {
  const failure = await fetch('http://192.0.2.1/').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TypeError);
  expect((failure as TypeError).cause).toHaveProperty('message', 'tests talk to loopback only, not to 192.0.2.1');
});
