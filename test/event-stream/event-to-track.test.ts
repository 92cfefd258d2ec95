import { describe, expect, test } from 'vitest';
import { eventToTrack } from '../../src/event-stream/index.js';
import { pushClick, pushClicked, trackOf } from './bodies.js';

const propertiesOf = (body: unknown) => trackOf(eventToTrack(body)).properties;

test("the push click from OneSignal's docs becomes Push Clicked", () => {
  expect(eventToTrack(pushClick)).toEqual({ status: 'mapped', track: pushClicked, warnings: [] });
});

describe('the user', () => {
  test('without an external id, the subscription is the anonymous user', () => {
    const track = trackOf(eventToTrack({ ...pushClick, 'event.external_id': '' }));
    expect(track).toMatchObject({ anonymousId: 'b2c3d4e5-f6a7-8901-bcde-f12345678901' });
    expect(track).not.toHaveProperty('userId');
    expect(trackOf(eventToTrack(pushClick))).not.toHaveProperty('anonymousId');
  });

  test.each(['null', 'nil', 'undefined', '  ', null])('an external id of %j counts as absent', (id) => {
    expect(trackOf(eventToTrack({ ...pushClick, 'event.external_id': id }))).not.toHaveProperty('userId');
  });

  test('an external id may be a number', () => {
    expect(trackOf(eventToTrack({ ...pushClick, 'event.external_id': 4711 })).userId).toBe('4711');
  });

  test('an event without a user fails, and says which fields are missing', () => {
    const result = eventToTrack({ 'event.kind': 'message.push.clicked', 'event.id': 'e1' });
    expect(result).toMatchObject({
      status: 'failed',
      error: {
        code: 'invalid_event',
        message:
          'The body has no "event.external_id" or "event.subscription_id". Paste eventStreamTemplate into the event stream.',
      },
    });
  });
});

describe('the ids and times', () => {
  test('the messageId comes from the event id, because a message has several events', () => {
    const sent = { ...pushClick, 'event.kind': 'message.push.sent', 'event.id': 'another' };
    expect(trackOf(eventToTrack(sent)).messageId).not.toBe(trackOf(eventToTrack(pushClick)).messageId);
  });

  test.each([[undefined], [''], ['x'.repeat(101)]])('an event with the id %j fails', (id) => {
    expect(eventToTrack({ ...pushClick, 'event.id': id })).toMatchObject({ status: 'failed' });
  });

  test.each([
    ['a number', 1708559115],
    ['a numeric string', '1708559115'],
  ])('without a datetime, the timestamp counts: %s', (_, timestamp) => {
    const body = { ...pushClick, 'event.datetime': '', 'event.timestamp': timestamp };
    expect(trackOf(eventToTrack(body)).timestamp).toBe('2024-02-21T23:45:15.000Z');
  });

  test('without any time, Segment uses its own, and there is a warning', () => {
    const result = eventToTrack({ ...pushClick, 'event.datetime': 'today', 'event.timestamp': '' });
    expect(result).toMatchObject({ status: 'mapped', warnings: ['no_timestamp'] });
    expect(trackOf(result)).not.toHaveProperty('timestamp');
  });
});

describe('the kind', () => {
  test('an unknown kind is skipped', () => {
    const result = eventToTrack({ ...pushClick, 'event.kind': 'message.whatsapp.sent' });
    expect(result).toEqual({ status: 'skipped', reason: 'unknown_kind' });
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s is an unknown kind', (kind) => {
    expect(eventToTrack({ ...pushClick, 'event.kind': kind })).toEqual({ status: 'skipped', reason: 'unknown_kind' });
  });

  test.each([
    ['message. iam.clicked', 'In-App Message Clicked'],
    ['message.iam.displayed', 'In-App Message Impression'],
    ['message.iam.pagedisplayed', 'In-App Message Page Displayed'],
    ['message.email.hardbounced', 'Email Bounced'],
    ['message.email.supressed', 'Email Suppressed'],
  ])('%s, as the docs of OneSignal spell it on other pages, is %s', (kind, event) => {
    expect(trackOf(eventToTrack({ ...pushClick, 'event.kind': kind })).event).toBe(event);
  });
});

describe('the texts', () => {
  test.each([
    ["{'en':'Hello','de':'Hallo'}", 'Hello'],
    ["{'de':'Hallo','en':'Hello'}", 'Hello'],
    ["{'de':'Hallo','pt-BR':'Olá'}", 'Hallo'],
    ["{'en':''}", undefined],
    ["{'en':'It's a sale','de':'Jetzt, 'alles' muss raus'}", "It's a sale"],
    ['{"en":"Hello"}', 'Hello'],
    ["{ 'en' : 'Hello' }", 'Hello'],
    ['{braces}', '{braces}'],
    ["{'not a language':'x'}", "{'not a language':'x'}"],
    ['50% off', '50% off'],
    [{ de: 'Hallo', en: 'Hello' }, 'Hello'],
    [{ de: 'Hallo' }, 'Hallo'],
    [{}, undefined],
    [12, '12'],
    ['Say &quot;hi&quot;', 'Say "hi"'],
    ['{&quot;en&quot;=>&quot;Hello&quot;, &quot;de&quot;=>&quot;Hallo&quot;}', 'Hello'],
    ["{'en':'Say &quot;hi&quot;'}", 'Say "hi"'],
  ])('the title %j is %j', (title, expected) => {
    expect(propertiesOf({ ...pushClick, 'message.title': title }).message_title).toBe(expected);
  });

  test('an expired message leaves an event with ids, and a warning', () => {
    const blank = { 'message.name': '', 'message.title': '', 'message.contents': '', 'message.template_id': '' };
    const result = eventToTrack({ ...pushClick, ...blank });
    expect(result).toMatchObject({ status: 'mapped', warnings: ['message_expired'] });
    expect(trackOf(result).properties).toEqual({
      messageId: 'f3c9cd09-10d7-4f59-b9bc-66e16607f1d5',
      campaign_id: 'f3c9cd09-10d7-4f59-b9bc-66e16607f1d5',
      subscription_id: 'b2c3d4e5-f6a7-8901-bcde-f12345678901',
      subscription_device_type: 'iOS',
      message_type: 'push',
    });
  });

  test('a template without message fields does not warn about expired messages', () => {
    const body = {
      event_kind: 'message.push.clicked',
      event_id: 'e1',
      event_external_id: 'u1',
      event_timestamp: 1708559115,
    };
    expect(eventToTrack(body)).toMatchObject({ status: 'mapped', warnings: [] });
  });

  test("in Segment's Spec, an email click has the URL from the message, without its query", () => {
    const click = {
      ...pushClick,
      'event.kind': 'message.email.clicked',
      'message.url': 'https://a.example/b?email=x%40y.z#c',
    };
    expect(trackOf(eventToTrack(click, { names: 'spec' })).properties.link_url).toBe('https://a.example/b');
    expect(trackOf(eventToTrack(click)).properties).not.toHaveProperty('link_url');
    const script = { ...click, 'message.url': 'javascript:alert(1)' };
    expect(trackOf(eventToTrack(script, { names: 'spec' })).properties).not.toHaveProperty('link_url');
  });

  test('a nested body from another integration is understood', () => {
    const event = {
      id: 'e1',
      kind: 'message.sms.delivered',
      datetime: '2026-02-21T23:45:15.228Z',
      subscription_id: 's1',
      external_id: 'u1',
    };
    expect(trackOf(eventToTrack({ event }))).toMatchObject({ event: 'SMS Delivered', userId: 'u1', messageId: 'e1' });
  });

  test("the names of OneSignal's sample for in-app messages are understood", () => {
    const body = {
      ...{
        page_name: 'html_page',
        page_id: 'p1',
        target_id: 't1',
        target_name: 'button',
        iam_id: 'i1',
        iam_name: 'html iam',
      },
      ...{ event_kind: 'message. iam.clicked', event_id: 'e1', event_external_id: 'u1', event_timestamp: 1708559115 },
    };
    expect(propertiesOf(body)).toEqual({
      ...{ messageId: 'i1', campaign_id: 'i1', message_name: 'html iam', message_type: 'in-app' },
      ...{ page_name: 'html_page', page_id: 'p1', target_name: 'button', target_id: 't1' },
    });
  });
});

describe('a body that cannot be used', () => {
  test.each([[null], [7], [[]], [true], [undefined]])('%j fails', (body) => {
    expect(eventToTrack(body)).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_event', message: 'Expected the body to be an object with the fields of one event.' },
    });
  });

  test('a body without a kind fails', () => {
    expect(eventToTrack({})).toMatchObject({ status: 'failed', error: { issues: [{ path: 'event.kind' }] } });
  });

  test('an object that cannot be read fails', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(eventToTrack(proxy)).toMatchObject({ status: 'failed', error: { code: 'invalid_event' } });
  });

  test('a track that Segment would refuse for its size fails', () => {
    const result = eventToTrack({ ...pushClick, 'message.name': 'x '.repeat(16_000) });
    expect(result).toMatchObject({ status: 'failed', error: { code: 'event_too_large' } });
  });

  test('options that cannot work fail, and name the option', () => {
    // @ts-expect-error: not a name
    expect(eventToTrack(pushClick, { names: 'segment' })).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_mapping', message: `The options are invalid: "names" must be 'onesignal' or 'spec'.` },
    });
  });
});
