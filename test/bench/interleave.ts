/** A function to measure. */
export interface Subject {
  name: string;
  /** Makes the input of the next run. Not measured. */
  prepare?(): void;
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

/** How to measure. */
export interface Rounds {
  rounds: number;
  /** Number of rounds that are run first and not counted. */
  warmUps?: number;
  /**
   * - `'cpu'`: the CPU time of this process, all of its threads included, so that other work on the machine does not
   *   count.
   * - `'wall'`: the time that passes, for work that is done in other processes.
   *
   * @defaultValue 'cpu'
   */
  time?: 'cpu' | 'wall';
}

/**
 * Measures subjects against each other. Each round runs all of them in a different order, so that noise of the machine
 * affects them equally.
 */
export async function interleave(
  subjects: readonly Subject[],
  { rounds, warmUps = 2, time = 'cpu' }: Rounds,
): Promise<Cost[]> {
  const costs = subjects.map(({ name }): Cost => ({ name, us: 0, rounds: [] }));
  for (let round = -warmUps; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const index = (turn + Math.max(round, 0)) % subjects.length;
      const subject = subjects[index];
      if (subject === undefined) continue;
      subject.prepare?.();
      globalThis.gc?.();
      const startUs = elapsedUs[time]();
      const count = await subject.run();
      const us = (elapsedUs[time]() - startUs) / count;
      if (round >= 0) costs[index]?.rounds.push(us);
    }
  }
  return costs.map((cost) => ({ ...cost, us: median(cost.rounds) }));
}

const elapsedUs = {
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  wall: () => performance.now() * 1000,
};

/** The cost of a subject relative to a reference: the median of the ratios within each round. */
export function ratio(subject: Cost | undefined, reference: Cost | undefined): number {
  return median((subject?.rounds ?? []).map((us, round) => us / (reference?.rounds[round] ?? Number.NaN)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
