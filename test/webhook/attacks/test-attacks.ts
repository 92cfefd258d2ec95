import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Attack, runAttack } from './attack.js';
import { waitingAttacks } from './corpus.js';
import type { ReceiverProcess } from './start-receiver.js';

/** A receiver to attack, and the answers that it may give. */
export interface AttackedReceiver {
  /** Its name in the test names, such as `a receiver`. */
  readonly name: string;
  readonly start: () => Promise<ReceiverProcess>;
  /** The attacks to run one after the other. */
  readonly attacks: readonly Attack[];
  readonly isExpected: (answer: string, attack: Attack) => boolean;
}

/** Tests that a receiver answers every attack as expected, and survives. */
export function testAttacks({ name, start, attacks, isExpected }: AttackedReceiver): void {
  let receiver: ReceiverProcess;
  beforeAll(async () => {
    receiver = await start();
  });
  afterAll(() => receiver.stop());

  const unexpectedAnswers = async (attack: Attack): Promise<string[]> => {
    const answers = new Set(await runAttack(receiver.port, attack));
    return [...answers].filter((answer) => !isExpected(answer, attack)).map((answer) => `${attack.name}: ${answer}`);
  };

  describe(`${name} with a heap of 512 MB answers an attack as expected, and survives`, () => {
    for (const attack of attacks) {
      test(attack.name, async () => {
        expect(await unexpectedAnswers(attack)).toEqual([]);
        expect(await receiver.isHealthy()).toBe(true);
      });
    }
  });

  test('hundreds of slow and broken clients are answered as expected, while authorized events are accepted', async () => {
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
}
