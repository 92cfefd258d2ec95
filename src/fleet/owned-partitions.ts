import { partitionCount } from './partition.js';

/** What Redis gives to a session. */
export interface PartitionGrant {
  /** The number of partitions that it may have. */
  readonly share: number;
  /** Its partitions, and how long to wait before they are read. */
  readonly claims: readonly (readonly [partition: number, waitMs: number])[];
}

/** The partitions of a session: when each may be read, and which are for another worker. */
export class OwnedPartitions {
  /** When each may be read, by the steady clock. */
  readonly #readableAt = new Map<number, number>();
  /** For another worker: nothing is taken from them any more. */
  readonly #leaving = new Set<number>();
  /** Those among them of which everything is settled. */
  readonly #left = new Set<number>();
  #share = partitionCount;

  get all(): number[] {
    return [...this.#readableAt.keys()];
  }

  get leaving(): number[] {
    return [...this.#leaving];
  }

  get left(): number[] {
    return [...this.#left];
  }

  /** Takes what Redis has given to the session, and learns its share. */
  take({ share, claims }: PartitionGrant): void {
    this.#share = share;
    for (const [partition, waitMs] of claims)
      if (!this.#readableAt.has(partition)) this.#readableAt.set(partition, performance.now() + waitMs);
  }

  /** Another worker may have joined: what is beyond the share will leave. */
  leaveExtra(): void {
    const extra = this.#readableAt.size - this.#share;
    for (const partition of this.all.slice(0, Math.max(extra, 0))) this.#leaving.add(partition);
  }

  /** Everything of a leaving partition is settled. One that has been given away meanwhile may be back. */
  settled(partition: number): void {
    if (this.#leaving.has(partition)) this.#left.add(partition);
  }

  /** Redis knows that the partition is free. */
  forget(partition: number): void {
    this.#left.delete(partition);
    this.#leaving.delete(partition);
    this.#readableAt.delete(partition);
  }

  /** Those to read, beginning with another one each turn. */
  readable(turn: number): number[] {
    const now = performance.now();
    const partitions = this.all.filter(
      (partition) => !this.#leaving.has(partition) && (this.#readableAt.get(partition) ?? 0) <= now,
    );
    const first = turn % Math.max(partitions.length, 1);
    return [...partitions.slice(first), ...partitions.slice(0, first)];
  }
}
