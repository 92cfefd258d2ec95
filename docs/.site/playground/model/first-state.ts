import { createEvents } from 'segment-onesignal/testing';
import { type PlaygroundState, toJson } from './state.js';

/** What a visitor sees first: a customer of a shop who enters an audience, buys, and leaves it again. */
export function firstState(): PlaygroundState {
  const events = createEvents({ everyMs: 60_000 });
  return {
    events: [
      events.identify(),
      events.audience.entered('big_spenders', { properties: { audience_name: 'Big Spenders' } }),
      events.orderCompleted(),
      events.audience.exited('big_spenders'),
    ].map(toJson),
    selected: 0,
    mapping: toJson({ prefix: 'shop_', rename: { plan: 'tier' }, subscriptions: { email: true } }),
    users: 'every',
  };
}
