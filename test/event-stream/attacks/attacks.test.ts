import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Attack, runAttack } from '../../webhook/attacks/attack.js';
import { busyAttacks, waitingAttacks } from '../../webhook/attacks/corpus.js';
import { type ReceiverProcess, startReceiver } from '../../webhook/attacks/start-receiver.js';
import { pushClick } from '../bodies.js';
import { ownRequests } from './own-requests.js';

let receiver: ReceiverProcess;
beforeAll(async () => {
  receiver = await startReceiver({
    file: new URL('receiver-process.ts', import.meta.url),
    path: '/onesignal',
    headers: { authorization: 'Bearer shh' },
    body: JSON.stringify(pushClick),
  });
});
afterAll(() => receiver.stop());

/**
 * The answers that the webhook's receiver may give, for this one: it authorizes other requests, and a body that it
 * cannot use is a 200. The answers to further requests of the connection stay.
 */
function isExpected(answer: string, { expected }: Attack): boolean {
  const others = (text: string) => ['200', '401'].map((status) => text.replace(/^(?:200|400|401|413)/, status));
  return expected.some((text) => text === answer || others(text).includes(answer));
}

async function unexpectedAnswers(attack: Attack): Promise<string[]> {
  const answers = new Set(await runAttack(receiver.port, attack));
  return [...answers].filter((answer) => !isExpected(answer, attack)).map((answer) => `${attack.name}: ${answer}`);
}

describe('a receiver of event streams with a heap of 512 MB answers an attack as expected, and lives on', () => {
  for (const attack of [...ownRequests, ...busyAttacks]) {
    test(attack.name, async () => {
      expect(await unexpectedAnswers(attack)).toEqual([]);
      expect(await receiver.isHealthy()).toBe(true);
    });
  }
});

test('hundreds of slow and broken clients are answered as expected, while events are accepted', async () => {
  let isOver = false;
  const attacked = Promise.all(waitingAttacks.map(unexpectedAnswers)).finally(() => {
    isOver = true;
  });
  const healths: boolean[] = [];
  while (!isOver) {
    healths.push(await receiver.isHealthy());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect((await attacked).flat()).toEqual([]);
  expect(healths).not.toContain(false);
});
