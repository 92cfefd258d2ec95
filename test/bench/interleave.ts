/** A function to measure. */
export interface Subject {
  name: string;
  /** @returns The number of events or requests of this run, by which its cost is divided. */
  run(): number | Promise<number>;
}

/** The cost of a subject. */
export interface Cost {
  name: string;
  /** Microseconds per event or request, as the median of all rounds. */
  us: number;
  /** Microseconds per event or request in each round. */
  rounds: number[];
}

/**
 * Measures subjects against each other. Each round runs all of them in a different order, so that noise of the machine
 * affects them equally.
 *
 * @param warmUps - Number of rounds that are run first and not counted.
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

/** The cost of a subject relative to a reference: the median of the ratios within each round. */
export function ratio(subject: Cost | undefined, reference: Cost | undefined): number {
  return median((subject?.rounds ?? []).map((us, round) => us / (reference?.rounds[round] ?? Number.NaN)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
