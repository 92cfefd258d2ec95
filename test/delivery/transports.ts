import { createOneSignalTransport, type Transport } from '../../src/index.js';
import { createUndiciTransport } from '../../src/undici/index.js';

/** Every transport of the library, by name. The promises of delivery are tested over each of them. */
export const transports: [name: string, create: (baseUrl: string) => Transport][] = [
  ['ky', (baseUrl) => createOneSignalTransport({ apiKey: 'test-key', baseUrl })],
  ['undici', (baseUrl) => createUndiciTransport({ apiKey: 'test-key', baseUrl })],
];
