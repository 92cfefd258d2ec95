import { gzipSync } from 'node:zlib';
import { basic, signatureOf } from '../receiver.js';
import type { Attack } from './attack.js';
import { gzippedRequestOf, requestOf } from './requests.js';

const wrong = { 'x-signature': '0'.repeat(40) };
const nested = '['.repeat(2_400_000);
const emptyObjects = `[[${'{},'.repeat(1_600_000)}{}]]`;

const denied = ['401'];
/** On a slow machine, the last requests may not get their turn in time. */
const deniedOrBusy = ['401', '503'];
const tooLargeOrBusy = ['413', '503'];

/** Many requests at once, because only their sum could kill the process. */
function bomb(name: string, connections: number, expected: readonly string[], request: Buffer): Attack {
  return { name: `${connections} at once: ${name}`, connections, run: (socket) => socket.write(request), expected };
}

/** Small requests that expand in memory. */
export const bombs: readonly Attack[] = [
  bomb('deep nesting without a signature', 60, denied, gzippedRequestOf('/segment', {}, nested)),
  bomb('deep nesting with a wrong signature', 60, deniedOrBusy, gzippedRequestOf('/segment', wrong, nested)),
  bomb(
    'deep nesting with a wrong signature where signing the first event is enough',
    60,
    deniedOrBusy,
    gzippedRequestOf('/first-event', wrong, nested),
  ),
  bomb(
    'deep nesting with a wrong token',
    60,
    denied,
    gzippedRequestOf('/token', { authorization: 'Bearer x' }, nested),
  ),
  bomb(
    'deep nesting with a wrong write key',
    60,
    denied,
    gzippedRequestOf('/v1/batch', { authorization: basic('guess') }, nested),
  ),
  bomb('deep nesting without a write key', 60, deniedOrBusy, gzippedRequestOf('/v1/batch', {}, nested)),
  bomb(
    'deep nesting after a wrong write key in the body',
    60,
    deniedOrBusy,
    gzippedRequestOf('/v1/batch', {}, `{"writeKey":"guess","batch":${nested}`),
  ),
  bomb('deep nesting where anyone may send', 60, tooLargeOrBusy, gzippedRequestOf('/open', {}, nested)),
  bomb(
    'deep nesting that is signed',
    20,
    deniedOrBusy,
    gzippedRequestOf('/segment', { 'x-signature': signatureOf(nested, 'shh') }, nested),
  ),
  bomb('deep nesting that is not compressed', 20, deniedOrBusy, requestOf('/segment', wrong, nested)),
  bomb(
    'a first event of empty objects with a wrong signature',
    20,
    deniedOrBusy,
    gzippedRequestOf('/first-event', wrong, emptyObjects),
  ),
  bomb('empty objects where anyone may send', 20, tooLargeOrBusy, gzippedRequestOf('/open', {}, emptyObjects)),
  // The following have to be decompressed and read to the end.
  bomb('one long string', 12, deniedOrBusy, gzippedRequestOf('/segment', wrong, `"${'a'.repeat(4_900_000)}"`)),
  bomb(
    'endless backslashes',
    12,
    deniedOrBusy,
    gzippedRequestOf('/v1/batch', {}, `{"writeKey":"${'\\\\'.repeat(2_400_000)}`),
  ),
  bomb(
    'endless write keys',
    12,
    deniedOrBusy,
    gzippedRequestOf('/v1/batch', {}, `{${'"writeKey":"guess",'.repeat(250_000)}`),
  ),
  bomb(
    'zeros beyond the maximum size',
    12,
    tooLargeOrBusy,
    gzippedRequestOf('/segment', wrong, new Uint8Array(50_000_000)),
  ),
  bomb('gzip within gzip', 12, deniedOrBusy, gzippedRequestOf('/segment', wrong, gzipSync(new Uint8Array(50_000_000)))),
];
