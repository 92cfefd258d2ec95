// Prints the events that could not be delivered and the reasons, as one line of JSON each. With --retry it also puts
// them back into the queue. Use it once the cause is fixed.
//
//   REDIS_URL=redis://127.0.0.1:6379 npx tsx examples/fleet/dead-letters.ts [--retry]
import { Redis } from 'ioredis';
import { readDeadLetters, redeliverDeadLetters } from 'segment-onesignal/fleet';

const connection = new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379');
let after: string | undefined;
do {
  const letters = await readDeadLetters({ connection, after });
  for (const letter of letters) console.log(JSON.stringify(letter));
  if (process.argv.includes('--retry')) await redeliverDeadLetters({ connection, ids: letters.map(({ id }) => id) });
  after = letters.at(-1)?.id;
} while (after !== undefined);
await connection.quit();
