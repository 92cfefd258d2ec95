import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Attack, runAttack } from './attack.js';
import { busyAttacks, waitingAttacks } from './corpus.js';
import { type ReceiverProcess, startReceiver } from './start-receiver.js';

let receiver: ReceiverProcess;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());

async function unexpectedAnswers(attack: Attack): Promise<string[]> {
  const answers = new Set(await runAttack(receiver.port, attack));
  return [...answers]
    .filter((answer) => !attack.expected.includes(answer))
    .map((answer) => `${attack.name}: ${answer}`);
}

describe('a receiver with a heap of 512 MB answers an attack as expected, and lives on', () => {
  for (const attack of busyAttacks) {
    test(attack.name, async () => {
      expect(await unexpectedAnswers(attack)).toEqual([]);
      expect(await receiver.isHealthy()).toBe(true);
    });
  }
});

test('hundreds of slow and broken clients are answered as expected, while signed events are accepted', async () => {
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
