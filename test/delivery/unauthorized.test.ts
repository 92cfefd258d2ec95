import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startSandbox } from '../sandbox-server.js';
import { audience, destinationAt, destinationOn, identify, scripted } from './harness.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});
const users = (count: number) => Array.from({ length: count }, (_, index) => identify(`u${index}`, { plan: 'pro' }));
const refused = { status: 'retryable', retryAfterMs: 60_000, error: { code: 'unauthorized' } };

test('a wrong key costs no event: it comes back, not to be tried within a minute', async () => {
  const { sandbox, url } = await startSandbox({ apiKey: 'another-key' });
  const [outcome] = await destinationAt(url).deliver(users(1));
  expect(outcome).toMatchObject({ ...refused, error: { code: 'unauthorized', status: 403 } });
  expect(sandbox.requests()).toHaveLength(1);
});

test('a wrong key does not become a storm: the rest of the call is not sent', async () => {
  const transport = scripted(() => ({ status: 401 }));
  const destination = destinationOn(transport, { delivery: { concurrency: 2 } });
  const outcomes = await destination.deliver(users(50));
  for (const outcome of outcomes) expect(outcome).toMatchObject(refused);
  expect(transport.requests).toHaveLength(2);
});

test('calls of the next 30 seconds get the same answer without a request; then one is asked again', async () => {
  let status = 401;
  const transport = scripted(() => ({ status }));
  const destination = destinationOn(transport);
  await destination.deliver(users(1));
  vi.advanceTimersByTime(29_999);
  expect(await destination.deliver(users(3))).toMatchObject([refused, refused, refused]);
  expect(transport.requests).toHaveLength(1);
  vi.advanceTimersByTime(1);
  status = 202;
  expect(await destination.deliver(users(1))).toMatchObject([{ status: 'delivered' }]);
});

test('what waited for room when the key was refused is not sent either: segments, and second attempts', async () => {
  const transport = scripted(({ path, body }) => {
    if (path.endsWith('/segments')) return { status: 201 };
    return { status: JSON.stringify(body).includes('bad') ? 401 : 202 };
  });
  const destination = destinationOn(transport, { delivery: { concurrency: 1 } });
  const outcomes = await destination.deliver([audience('u1', true), identify('u2', { bad: 1 })]);
  expect(outcomes).toMatchObject([
    { status: 'retryable', applied: ['update_user'], error: { code: 'unauthorized' } },
    refused,
  ]);
  expect(transport.requests.map(({ method }) => method)).toEqual(['PATCH', 'PATCH']);
});
