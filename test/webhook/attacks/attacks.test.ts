import { busyAttacks } from './corpus.js';
import { startReceiver } from './start-receiver.js';
import { testAttacks } from './test-attacks.js';

testAttacks({
  name: 'a receiver',
  start: () => startReceiver(),
  attacks: busyAttacks,
  isExpected: (answer, { expected }) => expected.includes(answer),
});
