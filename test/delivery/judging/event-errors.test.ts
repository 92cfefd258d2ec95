import { describe, expect, test } from 'vitest';
import { readEventRefusals } from '../../../src/delivery/judging/event-errors.js';
import type { OneSignalCustomEvent } from '../../../src/onesignal/operation.js';

const eventOf = (externalId: string, properties: OneSignalCustomEvent['properties'] = {}): OneSignalCustomEvent => ({
  name: 'Bought',
  external_id: externalId,
  properties,
});

function refusalOf(entry: unknown) {
  const [refusal] = readEventRefusals({ errors: [entry] });
  if (refusal === undefined) throw new Error('expected a refusal');
  return refusal;
}

test.each([[undefined], [null], [''], [{}], [{ errors: null }], [{ errors: 'all' }], [{ errors: [] }]])(
  'a 202 with the body %j refuses no event',
  (body) => {
    expect(readEventRefusals(body)).toEqual([]);
  },
);

test('every entry is a refusal, with its error alone as body', () => {
  const error = { code: 'invalid', title: 'Too many properties' };
  const entries = [{ event_user_id: 'u1', error }, { event_user_id: 'u2' }, 'Too many events', null];
  expect(readEventRefusals({ errors: entries })).toMatchObject([
    { isAboutEvent: true, body: { errors: [error] } },
    { isAboutEvent: true, body: { errors: [{ event_user_id: 'u2' }] } },
    { isAboutEvent: false, body: { errors: ['Too many events'] } },
    { isAboutEvent: false, body: { errors: [null] } },
  ]);
});

describe('a refusal concerns', () => {
  test.each<[string, unknown, OneSignalCustomEvent, boolean]>([
    ['every event of its user if it has no event id', undefined, eventOf('u1', { event_id: 'e1' }), true],
    ['every event of its user if its event id is null', null, eventOf('u1', { event_id: 'e1' }), true],
    ['an event without an id', 'e1', eventOf('u1'), true],
    ['the event with its id', 'e1', eventOf('u1', { event_id: 'e1' }), true],
    ['no event with another id', 'e1', eventOf('u1', { event_id: 'e2' }), false],
    ['no event of another user', undefined, eventOf('u2'), false],
    ['no event of another user with the same id', 'e1', eventOf('u2', { event_id: 'e1' }), false],
  ])('%s', (_, eventId, event, isConcerned) => {
    const refusal = refusalOf({ event_user_id: 'u1', event_id: eventId, error: {} });
    expect(refusal.concerns(event)).toBe(isConcerned);
  });

  test('no event at all if it names no user', () => {
    expect(refusalOf({ error: {} }).concerns(eventOf('u1'))).toBe(false);
    expect(refusalOf('u1').concerns(eventOf('u1'))).toBe(false);
  });
});

describe('the user is unknown', () => {
  test.each<[unknown]>([
    [{ code: 'not found' }],
    [{ code: 'not found', title: 7 }],
    [{ code: 'x', title: 'Failed to find a onesignal_id for the event' }],
    [{ title: 'failed to find a OneSignal_ID' }],
  ])('with the error %j', (error) => {
    expect(refusalOf({ event_user_id: 'u1', error }).isUnknownUser).toBe(true);
  });

  test.each<[unknown]>([
    [undefined],
    [{}],
    [{ code: '', title: '' }],
    [{ code: 'invalid', title: 'Too many properties' }],
    [{ code: 'invalid', title: ['failed to find a onesignal_id'] }],
    ['not found'],
  ])('but not with the error %j', (error) => {
    expect(refusalOf({ event_user_id: 'u1', error }).isUnknownUser).toBe(false);
  });
});
