/**
 * Runs every attack against a receiver in its own process, and prints the answers.
 *
 *     npx tsx test/webhook/attacks/main.ts [part of a name]
 */
import { runAttack } from './attack.js';
import { busyAttacks, waitingAttacks } from './corpus.js';
import { startReceiver } from './start-receiver.js';

const wanted = process.argv[2] ?? '';
const receiver = await startReceiver();
let problems = 0;
for (const attack of [...busyAttacks, ...waitingAttacks].filter(({ name }) => name.includes(wanted))) {
  const startedAt = performance.now();
  const answers = await runAttack(receiver.port, attack);
  const ms = performance.now() - startedAt;
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const isExpected = answers.every((answer) => attack.expected.includes(answer));
  const isHealthy = await receiver.isHealthy();
  if (!isExpected || !isHealthy) problems += 1;
  const verdict = isHealthy ? (isExpected ? 'ok' : `expected ${attack.expected.join(' or ')}`) : 'the receiver is dead';
  const answered = [...counts].map(([answer, count]) => `${count} × ${answer || 'no answer'}`).join(', ');
  console.log(`${verdict.padEnd(4)} ${Math.round(ms).toString().padStart(6)} ms  ${attack.name}: ${answered}`);
  if (!isHealthy) break;
}
console.log(`${problems} problems, peak memory of the receiver: ${receiver.peakMemory()}`);
await receiver.stop();
process.exitCode = problems === 0 ? 0 : 1;
