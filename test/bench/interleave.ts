/** Something to measure: runs once, returns how much it did. */
export interface Subject {
  name: string;
  /** @returns Events, requests: whatever its cost is counted by. */
  run(): number | Promise<number>;
}

/** What a subject cost. */
export interface Cost {
  name: string;
  /** Microseconds for one, the median of all rounds. */
  us: number;
  /** Microseconds for one, round by round. */
  rounds: number[];
}

/**
 * Measures subjects against each other: each round runs all of them, each round in another order, so that what the machine does meanwhile hits all alike.
 *
 * @param warmUps - Rounds that do not count.
 */
export async function interleave(subjects: readonly Subject[], rounds: number, warmUps = 2): Promise<Cost[]> {
  const costs = subjects.map(({ name }): Cost => ({ name, us: 0, rounds: [] }));
  for (let round = -warmUps; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const index = (turn + Math.max(round, 0)) % subjects.length;
      const subject = subjects[index];
      if (subject === undefined) continue;
      globalThis.gc?.();
      const start = performance.now();
      const count = await subject.run();
      const us = ((performance.now() - start) * 1000) / count;
      if (round >= 0) costs[index]?.rounds.push(us);
    }
  }
  return costs.map((cost) => ({ ...cost, us: median(cost.rounds) }));
}

/** How many times the reference a subject costs: the median of the ratios within each round. */
export function ratio(subject: Cost | undefined, reference: Cost | undefined): number {
  return median((subject?.rounds ?? []).map((us, round) => us / (reference?.rounds[round] ?? Number.NaN)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
