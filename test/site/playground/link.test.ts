import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { firstState } from '../../../docs/.site/playground/model/first-state.js';
import { decodeState, encodeState, maxFragmentLength } from '../../../docs/.site/playground/model/link.js';
import { maxEvents, type PlaygroundState } from '../../../docs/.site/playground/model/state.js';

const state: PlaygroundState = { events: ['{ "a": "ü€😀" ', ''], selected: 1, mapping: '{', users: 'none' };
const fragmentOf = (value: unknown): string =>
  `1.${deflateRawSync(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')}`;

test.each([
  ['the first state', firstState()],
  ['drafts that are not JSON', state],
])('a link carries %s', async (_, given) => {
  const fragment = await encodeState(given);
  expect(fragment).toMatch(/^1\.[\w-]+$/);
  expect(await decodeState(fragment ?? '')).toEqual({ state: given });
});

test('the link to the first state fits into a chat message', async () => {
  expect((await encodeState(firstState()))?.length).toBeLessThan(2_500);
});

test('a state that is too large has no link', async () => {
  const events = Array.from({ length: 20 }, (_, seed) =>
    Array.from({ length: 10_000 }, (_, index) => Math.sin(seed * 10_000 + index).toString(36)[5]).join(''),
  );
  expect(await encodeState({ ...state, events })).toBeUndefined();
});

test.each([
  ['empty', ''],
  ['an anchor', 'drop-nested'],
  ['not base64', '1.%%%'],
  ['truncated', fragmentOf(state).slice(0, -8)],
  ['not deflated', `1.${Buffer.from('hello').toString('base64url')}`],
  ['too long', `1.${'A'.repeat(maxFragmentLength)}`],
  ['a bomb', fragmentOf('a'.repeat(10_000_000))],
  ['not JSON', fragmentOf('{')],
  ['not UTF-8', `1.${deflateRawSync(Buffer.from([0x22, 0xff, 0x22])).toString('base64url')}`],
  ['null', fragmentOf(null)],
  ['an array', fragmentOf([])],
  ['without events', fragmentOf({ ...state, events: [] })],
  ['with events that are not strings', fragmentOf({ ...state, events: [{}] })],
  ['with too many events', fragmentOf({ ...state, events: Array(maxEvents + 1).fill('') })],
  ['without a mapping', fragmentOf({ ...state, mapping: undefined })],
])('a fragment that is %s is refused with an explanation', async (_, fragment) => {
  expect(await decodeState(fragment)).toEqual({ problem: expect.stringMatching(/^The link .+\.$/) });
});

test('a link cannot set the prototype, or fields that a state does not have', async () => {
  const text = `{"__proto__":{"polluted":true},"constructor":1,"events":["{}"],"mapping":"{}","selected":0,"extra":1}`;
  const read = await decodeState(fragmentOf(text));
  expect(read).toEqual({ state: { events: ['{}'], mapping: '{}', selected: 0, users: 'every' } });
  expect(Object.keys('state' in read ? read.state : {}).sort()).toEqual(['events', 'mapping', 'selected', 'users']);
  expect({}).not.toHaveProperty('polluted');
});

test.each([-1, 1.5, 99, '0', null])('the index %j in a link still selects an event that exists', async (selected) => {
  const read = await decodeState(fragmentOf({ ...state, selected }));
  expect('state' in read && state.events[read.state.selected]).toBeTypeOf('string');
});
