import { readFileSync } from 'node:fs';
import { createDestination, createOneSignalTransport } from '../../src/index.js';
import { appId } from './destinations.js';

// The program of a host: reads a file of events, delivers them in batches, and exits when all outcomes are final. Run
// by killed.test.ts.
const [, , baseUrl, path = ''] = process.argv;
const destination = createDestination({
  appId,
  transport: createOneSignalTransport({ apiKey: 'test-key', baseUrl }),
  delivery: { userIntervalMs: 20 },
});
let left: string[] = readFileSync(path, 'utf8').trim().split('\n');
while (left.length > 0) {
  const batches = Array.from({ length: Math.ceil(left.length / 50) }, (_, index) =>
    left.slice(index * 50, index * 50 + 50),
  );
  const again = batches.map(async (lines) => {
    const outcomes = await destination.deliver(lines.map((line): unknown => JSON.parse(line)));
    return lines.filter((_, index) => outcomes[index]?.status === 'retryable');
  });
  left = (await Promise.all(again)).flat();
}
