import { describe, expect, test } from 'vitest';
import { eventToTrack } from '../../src/event-stream/index.js';
import { pushClick, pushClicked, trackOf } from './bodies.js';

/** A body as Liquid renders it: values are inserted between the quotes without escaping. */
const rendered = (fields: Record<string, unknown>): string =>
  `{\n${Object.entries(fields)
    .map(([name, value]) => `  "${name}": "${value}"`)
    .join(',\n')}\n}`;

test('a body that Liquid rendered as JSON is mapped', () => {
  expect(eventToTrack(rendered(pushClick))).toEqual({ status: 'mapped', track: pushClicked, warnings: [] });
});

test.each(['\n', '\r\n', '\t', '\u2028', '\0'])(
  'a line break or control character in a title becomes a space: %j',
  (character) => {
    const result = eventToTrack(rendered({ ...pushClick, 'message.title': `Flash${character}Sale` }));
    expect(result).toMatchObject({ status: 'mapped', warnings: [] });
    expect(trackOf(result).properties.message_title).toMatch(/^Flash\s{1,2}Sale$/);
  },
);

test.each(['C:\\Windows', 'sale\\', '\\', 'a \\ b\n\\u12', '\\"'.slice(0, 1)])(
  'a backslash in a title is kept: %j',
  (title) => {
    const result = eventToTrack(rendered({ ...pushClick, 'message.title': title }));
    expect(result).toMatchObject({ status: 'mapped', warnings: [] });
    expect(trackOf(result).properties.message_title).toBe(title.replace('\n', ' '));
  },
);

describe.each([
  ['a quote', 'The "big" sale'],
  ['a quote at the end', 'The big sale"'],
  ['a backslash and a quote', '\\"'],
  ['a quote and a line break', 'The "big"\nsale'],
  ['another object', '", "x": {"y": "'],
])('%s in a title', (_, title) => {
  const text = rendered({ ...pushClick, 'message.title': title });

  test('leaves either the ids of the event and a warning, or the whole event', () => {
    const result = eventToTrack(text);
    expect(result.status).toBe('mapped');
    const { properties, ...track } = trackOf(result);
    const { properties: expected, ...event } = pushClicked;
    expect(track).toEqual(event);
    expect(properties).toMatchObject({ messageId: expected.messageId, template_id: expected.template_id });
    if (result.status === 'mapped' && properties.message_name === undefined)
      expect(result.warnings).toContain('texts_lost');
  });
});

test('ids in a title are not believed: the event fails', () => {
  const title = '", "event.external_id": "someone_else", "x": """';
  const result = eventToTrack(rendered({ ...pushClick, 'message.title': title }));
  expect(result).toMatchObject({
    status: 'failed',
    error: { message: 'The body is not JSON. Paste eventStreamTemplate into the event stream.' },
  });
});

test.each(['', 'x', '{', '{"event.kind": ', '<html>', '"'])('a body of %j fails', (text) => {
  expect(eventToTrack(text)).toMatchObject({ status: 'failed', error: { code: 'invalid_event' } });
});

test('the ids in a snake-case body are read as well', () => {
  const text = '{"event_kind": "message.sms.sent", "event_id": "e1", "event_external_id": "u1", "text": "a "b" c"}';
  expect(eventToTrack(text)).toMatchObject({ status: 'mapped', track: { event: 'SMS Sent', userId: 'u1' } });
});
