import { expect, test } from 'vitest';
import { createSegmentSender } from '../../src/event-stream/index.js';
import { startLocalServer } from '../local-server.js';
import { pushClicked } from './bodies.js';

test('a redirect from Segment is not followed, because it would carry people’s data elsewhere', async () => {
  const elsewhere = await startLocalServer();
  const segment = await startLocalServer((response) => {
    response.writeHead(307, { location: `${elsewhere.url}/v1/batch` }).end();
  });
  const send = createSegmentSender({ writeKey: 'key', baseUrl: segment.url, retries: 0 });
  await expect(send({ ...pushClicked, messageId: 'm1' })).rejects.toMatchObject({ code: 'unexpected_response' });
  expect(segment.requests).toHaveLength(1);
  expect(elsewhere.requests).toEqual([]);
});
