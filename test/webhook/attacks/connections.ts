import type net from 'node:net';
import { signatureOf } from '../receiver.js';
import type { Attack } from './attack.js';

/** Well-formed but wrong, so that the body has to be read. */
const signature = `X-Signature: ${'0'.repeat(40)}\r\n`;
const head = (headers: string) => `POST /segment HTTP/1.1\r\nHost: a\r\n${headers}\r\n`;

function every(ms: number, socket: net.Socket, write: () => void): void {
  const timer = setInterval(write, ms);
  socket.on('close', () => clearInterval(timer));
}

/** Clients that misuse their connections. */
export const connections: readonly Attack[] = [
  {
    name: 'bytes that are not HTTP',
    run: (socket) => socket.write(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))),
    expected: ['400'],
  },
  {
    name: 'an invalid length',
    run: (socket) => socket.write(`${head('Content-Length: abc\r\n')}{}`),
    expected: ['400'],
  },
  {
    name: 'two lengths',
    run: (socket) => socket.write(`${head('Content-Length: 2\r\nContent-Length: 5\r\n')}{}`),
    expected: ['400'],
  },
  {
    name: 'invalid JSON, signed',
    run: (socket) => socket.write(`${head(`X-Signature: ${signatureOf('{{', 'shh')}\r\nContent-Length: 2\r\n`)}{{`),
    expected: ['400'],
  },
  { name: 'no signature', run: (socket) => socket.write(`${head('Content-Length: 2\r\n')}{}`), expected: ['401'] },
  {
    name: 'invalid gzip',
    run: (socket) =>
      socket.write(
        Buffer.concat([Buffer.from(head(`${signature}Content-Length: 4\r\n`)), Buffer.from('1f8b0000', 'hex')]),
      ),
    expected: ['400'],
  },
  {
    name: 'a body with an excessive Content-Length',
    run: (socket) => socket.write(head(`${signature}Content-Length: 99999999999\r\n`)),
    expected: ['413'],
  },
  {
    name: 'an endless body',
    run: (socket) => {
      const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
      const send = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', send);
      socket.write(head(`${signature}Transfer-Encoding: chunked\r\n`), send);
    },
    expected: ['413'],
  },
  {
    name: 'an endless body that need not be read',
    run: (socket) => {
      const send = () => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
      };
      socket.on('drain', send);
      socket.write(head('Content-Length: 1000000000\r\n'), send);
    },
    expected: ['401'],
  },
  {
    name: 'a body that trickles in',
    run(socket) {
      socket.write(head(`${signature}Content-Length: 1000\r\n`));
      every(50, socket, () => socket.write('x'));
    },
    expected: ['408'],
  },
  {
    name: 'a head that trickles in',
    run(socket) {
      socket.write('POST /segment HTTP/1.1\r\n');
      every(50, socket, () => socket.write('a: b\r\n'));
    },
    expected: ['408'],
  },
  {
    name: 'an endless head',
    run: (socket) => socket.write(`POST /segment HTTP/1.1\r\n${'a: b\r\n'.repeat(100_000)}`),
    expected: ['431'],
  },
  {
    name: 'half a body, then nothing',
    run: (socket) => socket.write(`${head(`${signature}Content-Length: 1000\r\n`)}{`),
    expected: ['408'],
  },
  {
    name: 'half a body, then a reset',
    run: (socket) => socket.write(`${head(`${signature}Content-Length: 1000\r\n`)}{`, () => socket.resetAndDestroy()),
    expected: [''],
  },
  {
    name: 'half a body, then the end of the connection',
    run: (socket) => socket.end(`${head(`${signature}Content-Length: 1000\r\n`)}{`),
    expected: ['400'],
  },
  { name: 'an immediate reset', run: (socket) => socket.resetAndDestroy(), expected: [''] },
];

/** Many slow clients. They cost an attacker nothing, so they must not lock Segment out. */
export const slowloris: Attack = {
  name: '500 bodies that trickle in',
  connections: 500,
  run(socket) {
    socket.write(head(`${signature}Content-Length: 1000\r\n`));
    every(1_000, socket, () => socket.write('x'));
  },
  expected: ['408'],
};

/** Each chunk costs Node microseconds, no matter what the handler does. */
export const tinyChunks: Attack = {
  name: 'a body in 200,000 chunks of one byte',
  run: (socket) =>
    socket.write(`${head(`${signature}Transfer-Encoding: chunked\r\n`)}${'1\r\nx\r\n'.repeat(200_000)}0\r\n\r\n`),
  expected: ['401', '408'],
};
