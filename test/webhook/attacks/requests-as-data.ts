import { basic, segmentSignature, signatureOf } from '../receiver.js';
import type { Attack } from './attack.js';
import { requestOf } from './requests.js';

const event = { type: 'identify', userId: 'u1', traits: { plan: 'pro' } };
const text = JSON.stringify(event);
const signed = (body: string) => ({ 'x-signature': signatureOf(body, 'shh') });

function attack(name: string, expected: readonly string[], request: Buffer): Attack {
  return { name, run: (socket) => socket.write(request), expected };
}

/** Whole requests whose path, headers or body are the attack. */
export const requests: readonly Attack[] = [
  // Authorization
  attack('another body with the signature of a captured one', ['401'], requestOf('/segment', signed(text), `${text} `)),
  attack(
    'an event appended to a signed one',
    ['401'],
    requestOf('/segment', signed(text), `[${text},{"type":"delete","userId":"u2"}]`),
  ),
  attack(
    'a signed event that is not the first',
    ['401'],
    requestOf('/first-event', signed(text), `[{"type":"delete","userId":"u2"},${text}]`),
  ),
  attack(
    'a signed event within the first event',
    ['401'],
    requestOf('/first-event', signed(text), `[[${text}],{"type":"delete","userId":"u2"}]`),
  ),
  attack(
    'a batch that continues after the bracket that seems to close it',
    ['400', '401'],
    requestOf('/segment', signed(text), `[${text}],{"type":"delete","userId":"u2"}]`),
  ),
  attack('the signature of an empty body', ['401'], requestOf('/first-event', signed(''), '[]')),
  attack(
    'two signatures',
    ['401'],
    requestOf('/segment', { 'x-signature': `${'0'.repeat(40)}, ${segmentSignature(event, 'shh')}` }, text),
  ),
  attack('a very long signature', ['401'], requestOf('/segment', { 'x-signature': 'a'.repeat(8_000) }, text)),
  attack(
    'a very long write key',
    ['401'],
    requestOf('/v1/identify', { authorization: basic('a'.repeat(6_000)) }, text),
  ),
  attack('a write key in the second object', ['401'], requestOf('/v1/batch', {}, `[{"writeKey":"key","batch":[]}]`)),
  attack(
    'a write key in a nested object',
    ['401'],
    requestOf('/v1/batch', {}, '{"context":{"writeKey":"key"},"batch":[]}'),
  ),
  attack(
    'a write key in a string',
    ['401'],
    requestOf('/v1/batch', {}, '{"a":"\\",\\"writeKey\\":\\"key","batch":[]}'),
  ),
  attack(
    'a correct write key followed by a wrong one',
    ['401'],
    requestOf('/v1/batch', {}, '{"writeKey":"key","batch":[],"writeKey":"guess"}'),
  ),
  // Paths
  ...[
    '/v1/../segment',
    '/v1/%62atch',
    '//v1/batch',
    '/segment/../v1/batch',
    '/V1/batch',
    '/v1/batch;a',
    '/segment%00',
  ].map((path) => attack(`the path ${path}, unsigned`, ['401'], requestOf(path, {}, text))),
  // Bodies from an authorized sender
  attack(
    '__proto__ in every place',
    ['200', '400'],
    requestOf(
      '/v1/batch',
      { authorization: basic('key') },
      '{"__proto__":{"polluted":1},"context":{"__proto__":{"polluted":1}},"batch":[{"type":"identify","userId":"u1","__proto__":{"polluted":1},"traits":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}]}',
    ),
  ),
  attack(
    '__proto__ as user, alias and trait',
    ['200', '400'],
    requestOf('/open', {}, '{"type":"alias","userId":"__proto__","previousId":"constructor","traits":{"toString":1}}'),
  ),
  ...(
    [
      ['a user id of 4.9 MB', JSON.stringify({ ...event, userId: 'u'.repeat(4_900_000) })],
      ['a trait of 4.9 MB', JSON.stringify({ ...event, traits: { plan: 'p'.repeat(4_900_000) } })],
      ['a type of 4.9 MB', JSON.stringify({ ...event, type: 't'.repeat(4_900_000) })],
      ['a messageId of 4.9 MB', JSON.stringify({ ...event, messageId: 'm'.repeat(4_900_000) })],
      ['a number of 4.9 million digits', `{"type":"identify","userId":"u1","traits":{"n":${'1'.repeat(4_900_000)}}}`],
      ['numbers beyond every range', '{"type":"identify","userId":"u1","traits":{"a":1e999,"b":-1e999,"c":1e-999}}'],
      ['half a surrogate pair', '{"type":"identify","userId":"\\ud800","traits":{"\\udfff":"\\ud83d"}}'],
      ['a user id that is a path', JSON.stringify({ ...event, userId: '../../apps/other?x#y' })],
      ['a timestamp at the end of time', JSON.stringify({ ...event, timestamp: '9999-12-31T23:59:59.999Z' })],
      ['nesting of 100,000 levels', `{"type":"identify","userId":"u1","traits":${'['.repeat(1e5)}${']'.repeat(1e5)}}`],
    ] as const
  ).map(([name, body]) => attack(`${name}, signed`, ['200', '400'], requestOf('/segment', signed(body), body))),
  attack('more events than one body may hold', ['413'], requestOf('/open', {}, `[${'1,'.repeat(2_000_000)}1]`)),
];
