import type { Attack } from '../../webhook/attacks/attack.js';
import { gzippedRequestOf, requestOf } from '../../webhook/attacks/requests.js';
import { pushClick } from '../bodies.js';

const headers = { authorization: 'Bearer shh' };
const connections = 12;

/** Attacks in the bodies of event streams. On a slow machine, some of many may not arrive in time. */
export const ownRequests: readonly Attack[] = (
  [
    ['a title of 4.9 MB', JSON.stringify({ ...pushClick, 'message.title': 'x'.repeat(4_900_000) })],
    ['a title of quotes', `{"message.title": "${'"'.repeat(4_900_000)}"}`],
    ['a title of translations', JSON.stringify({ ...pushClick, 'message.title': `{${"'en':'',".repeat(600_000)}}` })],
    ['a title of email addresses', JSON.stringify({ ...pushClick, 'message.title': 'a@b.c '.repeat(800_000) })],
    ['a title of digits', JSON.stringify({ ...pushClick, 'message.title': '1 '.repeat(2_400_000) })],
    ['endless event ids', `{${'"event.id":"e1",'.repeat(300_000)}"x":"}`],
    ['endless line breaks', `{"message.title": "${'\n'.repeat(4_900_000)}`],
    ['an external id of 4.9 MB', JSON.stringify({ ...pushClick, 'event.external_id': 'u'.repeat(4_900_000) })],
    ['objects instead of strings', `{"message.title":${'{"en":'.repeat(100_000)}1${'}'.repeat(100_000)}}`],
    [
      '__proto__ in every place',
      `{"__proto__":{"polluted":1},"event":{"__proto__":{"polluted":1},"kind":"__proto__"}}`,
    ],
  ] as const
).flatMap(([name, body]) => [
  {
    name: `${connections} at once: ${name}`,
    connections,
    run: (socket) => socket.write(gzippedRequestOf('/', headers, body)),
    expected: ['200', '408', '503'],
  },
  { name: `${name}, not compressed`, run: (socket) => socket.write(requestOf('/', headers, body)), expected: ['200'] },
]);
