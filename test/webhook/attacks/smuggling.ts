import { signatureOf } from '../receiver.js';
import type { Attack } from './attack.js';

const event = '{"type":"identify","userId":"u1","traits":{"smuggled":true}}';
const hidden = `POST /open HTTP/1.1\r\nHost: a\r\nContent-Length: ${event.length}\r\n\r\n${event}`;

/** Requests in which two readers could see different requests. `/open` would answer a smuggled one with 200. */
function smuggle(name: string, headers: string, body: string, expected: readonly string[]): Attack {
  const bytes = `POST /segment HTTP/1.1\r\nHost: a\r\n${headers}\r\n${body}`;
  return { name: `smuggling: ${name}`, run: (socket) => socket.end(bytes), expected, untilClosed: true };
}

export const smuggling: readonly Attack[] = [
  smuggle('a length and chunks', `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n`, `0\r\n\r\n${hidden}`, [
    '400',
    '401 400',
  ]),
  smuggle('chunks that are not the last encoding', 'Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${hidden}`, [
    '400',
  ]),
  smuggle('an unknown encoding', 'Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n', `0\r\n\r\n${hidden}`, ['400']),
  smuggle('a space before the colon', `Transfer-Encoding : chunked\r\n`, `0\r\n\r\n${hidden}`, ['400']),
  smuggle('a folded header', `X: a\r\n Transfer-Encoding: chunked\r\n`, hidden, ['400', '401 400', '401']),
  smuggle('a length with a sign', 'Content-Length: +2\r\n', `{}${hidden}`, ['400']),
  smuggle('a length in hex', 'Content-Length: 0x2\r\n', `{}${hidden}`, ['400']),
  smuggle('a list of lengths', 'Content-Length: 2, 2\r\n', `{}${hidden}`, ['400']),
  smuggle('a chunk size that overflows', 'Transfer-Encoding: chunked\r\n', `fffffffffffffffff\r\n${hidden}`, [
    '400',
    '401 400',
  ]),
  smuggle(
    'a chunk size with a comment',
    'Transfer-Encoding: chunked\r\n',
    `2;a=${'b'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    ['401', '413', '400', '401 400', '401 413'],
  ),
  smuggle('a line that ends in a bare line feed', 'X-A: b\nContent-Length: 0\r\n', hidden, ['400', '401 400']),
  smuggle('a NUL in a header', 'X-A: b\0c\r\nContent-Length: 0\r\n', '', ['400']),
  {
    name: 'smuggling: two requests in a row, of which only the first is signed',
    run(socket) {
      const headers = `X-Signature: ${signatureOf(event, 'shh')}\r\nContent-Length: ${event.length}\r\n`;
      const signed = `POST /segment HTTP/1.1\r\nHost: a\r\n${headers}\r\n${event}`;
      const second = `POST /segment HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`;
      socket.write(signed + second);
    },
    expected: ['200 401'],
    untilClosed: true,
  },
];
