import { createDestination, mapEvent, parseEvent } from 'segment-onesignal';
import { createEvents } from 'segment-onesignal/testing';
import { expect, test } from 'vitest';
import { titleOf } from '../../../docs/.site/playground/model/event-title.js';
import { buildSample, sampleGroups } from '../../../docs/.site/playground/model/samples.js';

const builders = sampleGroups.flatMap(({ samples }) => samples.map(({ builder }) => builder));

/** The paths of all builders: `identify`, `audience.entered`. */
function pathsIn(value: object, path = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'function' ? `${path}${name}` : pathsIn(inner, `${path}${name}.`),
  );
}

test('there is a sample for every builder in the testing kit', () => {
  expect([...builders].sort()).toEqual(pathsIn(createEvents()).sort());
});

test.each(builders)('the sample %s is an event with a time and an id', (builder) => {
  const event: unknown = JSON.parse(buildSample(builder, []));
  const parsed = parseEvent(event);
  expect(parsed.ok).toBe(true);
  expect(event).toMatchObject({ messageId: expect.any(String), timestamp: '2026-03-02T09:00:00.000Z' });
  expect(titleOf(event)).not.toBe('not an event');
  if (parsed.ok) expect(['planned', 'skipped']).toContain(mapEvent(parsed.event).status);
});

test('each sample happens after the one before it and has its own id', () => {
  const texts: string[] = [];
  for (const builder of ['audience.entered', 'audience.entered', 'identify', 'audience.entered'])
    texts.push(buildSample(builder, texts));
  const events: { messageId: string; timestamp: string }[] = texts.map((text) => JSON.parse(text));
  expect(events.map(({ timestamp }) => timestamp.slice(11, 16))).toEqual(['09:00', '09:01', '09:02', '09:03']);
  expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(4);
});

test('a sample can be added after texts that are not events', () => {
  const before = ['', '{', '{"timestamp": "never"}', '[]'];
  expect(JSON.parse(buildSample('identify', before))).toMatchObject({ timestamp: '2026-03-02T09:00:00.000Z' });
});

test('samples can be delivered without a clean-up', () => {
  const destination = createDestination({
    appId: '7d3c7a1e-5f0b-4c43-9a55-1f2e3d4c5b6a',
    transport: { send: () => Promise.reject(new Error('A dry run sends nothing.')) },
  });
  const { plans } = destination.plan(builders.map((builder) => JSON.parse(buildSample(builder, []))));
  expect(plans.filter(({ status }) => status === 'failed')).toEqual([]);
});
