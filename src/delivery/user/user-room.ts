import type { Alias } from '../../onesignal/operation.js';
import type { KnownTags, TagLimitRange, TagRoom } from './tag-room.js';

const noTags: KnownTags = { keys: new Set(), isComplete: false };

/**
 * The tags of one user, and the plan's limit, as far as they are known while an update is fitted. A limit is learned
 * only once the user's tags are certain, because they change elsewhere too.
 */
export class UserRoom {
  readonly #room: TagRoom;
  readonly #user: Alias;
  #isRead = false;
  /** Whether the user was not found. A user who exists may not be visible yet. */
  #isTakenForNew = false;
  #isFoundToExist = false;
  /** The lowest refused number of tags that has not taught the limit. */
  #fewestRefused = Number.POSITIVE_INFINITY;

  constructor(room: TagRoom, user: Alias) {
    this.#room = room;
    this.#user = user;
  }

  /** The tags that the user is known to have. */
  get tags(): KnownTags {
    return this.#room.known(this.#user) ?? noTags;
  }

  /** The known limit, lowered by refusals that have not taught it. */
  get limit(): TagLimitRange {
    const { limit } = this.#room;
    const atMost = Math.min(limit.atMost, this.#fewestRefused - 1);
    return { atLeast: Math.min(limit.atLeast, atMost), atMost };
  }

  /** Whether the tags were just read, or the user seems to have none. Otherwise what is known may be wrong. */
  get isSure(): boolean {
    return this.#isRead || this.#isTakenForNew;
  }

  /**
   * Whether the user exists but is not visible yet, so that new tags have to wait: OneSignal said so, or a user who
   * seemed to be new has no room for even one tag.
   */
  isUnseen(count: number): boolean {
    return this.#isFoundToExist || (this.#isTakenForNew && count === 0 && this.#room.limit.atMost > 0);
  }

  /** The user has exactly these tags. */
  read(keys: readonly string[]): void {
    this.#isRead = true;
    this.#fewestRefused = Number.POSITIVE_INFINITY;
    this.#room.read(this.#user, keys);
  }

  /** The user was not found, so probably has no tags. */
  takeForNew(): void {
    this.#isTakenForNew = true;
    this.#room.read(this.#user, []);
  }

  /** OneSignal refused an update that would have given the user this many tags. */
  refusedAt(count: number): void {
    if (this.#isRead) this.#room.refusedAt(count);
    else this.#fewestRefused = Math.min(this.#fewestRefused, count);
  }

  /** OneSignal accepted an update, and its status says whether it created the user. */
  accepted(status: number | undefined): void {
    if (!this.#isTakenForNew) return;
    this.#isTakenForNew = false;
    if (status === 202) {
      this.#isFoundToExist = true;
      this.#room.forget(this.#user);
      return;
    }
    this.#isRead = true;
    if (Number.isFinite(this.#fewestRefused)) this.#room.refusedAt(this.#fewestRefused);
  }
}
