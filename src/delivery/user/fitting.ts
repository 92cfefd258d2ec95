import type { UpdateUser } from '../../onesignal/operation.js';
import type { Verdict } from '../judging/verdict.js';
import { type PendingInput, stillWanted } from '../pending-input.js';
import type { Slot } from '../sending/app-pacer.js';
import { countToTry, isEmpty, ownTags, pickTags, splitUpdate, withoutPart } from './fitting-tags.js';
import { narrow } from './merge-writes.js';
import type { UserRoom } from './user-room.js';
import type { Part } from './write-job.js';

/** Sends a part of an update and, if OneSignal accepted it, records that. */
export type SendUpdate = (part: Part<UpdateUser>, slot?: Slot) => Promise<Verdict>;

export interface FittingOptions {
  room: UserRoom;
  /** Records operations that are done. */
  accept: (parts: readonly Part[]) => void | Promise<void>;
  /** Called if the user exists after all, but cannot be read yet. */
  onFoundToExist: () => void;
}

/** The unsent rest of an update, and the steps that send it. */
export class Fitting {
  readonly #inputs: readonly PendingInput[];
  readonly #send: SendUpdate;
  readonly #options: FittingOptions;
  readonly #room: UserRoom;
  #rest: UpdateUser;
  #refused: UpdateUser | undefined;

  constructor(update: UpdateUser, inputs: readonly PendingInput[], send: SendUpdate, options: FittingOptions) {
    this.#rest = update;
    this.#inputs = inputs;
    this.#send = send;
    this.#options = options;
    this.#room = options.room;
  }

  get isRefused(): boolean {
    return this.#refused !== undefined;
  }

  /** Sends the rest, unless it is certain to be refused. */
  async sendUnlessRefused(slot?: Slot): Promise<Verdict> {
    this.#leaveOutUnwanted();
    const { atMost } = this.#room.limit;
    const { keys: has, isComplete } = this.#room.tags;
    const { kept, added } = splitUpdate(this.#rest, this.#inputs, has);
    if (has.size + added.length <= atMost) {
      const verdict = await this.#sendPart(this.#rest, slot);
      return verdict.kind !== 'accepted' || isEmpty(this.#rest) ? verdict : this.sendUnlessRefused();
    }
    if (isComplete || kept.length > 0 || has.size >= atMost) return { kind: 'tag_cap' };
    // More new tags than any user has room for. If all of the first ones are accepted, the user has no others.
    const first = added.slice(0, atMost - has.size);
    const verdict = await this.#sendPart(pickTags(this.#rest, first), slot);
    if (verdict.kind !== 'accepted') return verdict;
    return this.#room.tags.keys.size >= atMost ? this.#drop(added.slice(first.length)) : { kind: 'tag_cap' };
  }

  /**
   * A refusal shows how many tags are too many only if all tags of the user are known, and if the request held the whole
   * part: what is left of it when a caller leaves may set a tag that it removed.
   */
  noteRefusal(part: UpdateUser): void {
    this.#refused = part;
    const { keys, isComplete } = this.#room.tags;
    if (!isComplete) return;
    const { added } = splitUpdate(part, this.#inputs, keys);
    if (added.length > 0) this.#room.refusedAt(keys.size + added.length);
  }

  /** The user has exactly these tags, which also shows how many were too many. */
  read(keys: readonly string[]): void {
    this.#room.read(keys);
    if (this.#refused !== undefined) this.noteRefusal(this.#refused);
  }

  /** The user was not found, so probably has no tags. */
  takeForNew(): void {
    this.#room.takeForNew();
    if (this.#refused !== undefined) this.noteRefusal(this.#refused);
  }

  /** OneSignal refuses even changes that need no room. */
  dropAll(): Promise<Verdict> {
    return this.#drop(Object.keys(this.#rest.tags));
  }

  /** Sends the removals alone, which frees their room, then the rest. */
  async sendRemovalsFirst(slot?: Slot): Promise<Verdict> {
    this.#leaveOutUnwanted();
    const { tags } = this.#rest;
    const keys = Object.keys(tags);
    const removals = keys.filter((key) => tags[key] === '');
    if (removals.length === 0 || removals.length === keys.length) return { kind: 'tag_cap' };
    const removed = await this.#sendPart(pickTags(this.#rest, removals), slot);
    return removed.kind === 'accepted' ? this.sendUnlessRefused() : removed;
  }

  /** Once the user's tags are known: sends the changes that need no room, and as many new tags as fit. */
  async sendWhatFits(slot?: Slot): Promise<Verdict> {
    this.#leaveOutUnwanted();
    const has = this.#room.tags.keys;
    const { kept, added } = splitUpdate(this.#rest, this.#inputs, has);
    const frees = kept.some((key) => this.#rest.tags[key] === '' && has.has(key));
    if (frees && has.size + added.length > this.#room.limit.atMost) {
      const verdict = await this.#sendPart(pickTags(this.#rest, kept), slot);
      if (verdict.kind !== 'accepted') return verdict;
    }
    for (;;) {
      this.#leaveOutUnwanted();
      const { keys } = this.#room.tags;
      const split = splitUpdate(this.#rest, this.#inputs, keys);
      const { limit } = this.#room;
      const count = countToTry(keys.size, split.added.length, limit);
      const part = pickTags(this.#rest, [...split.kept, ...split.added.slice(0, count)]);
      if (split.added.length > 0 && this.#room.isUnseen(count)) {
        this.#options.onFoundToExist();
        return { kind: 'user_missing' };
      }
      if (isEmpty(part)) return this.#drop(split.added);
      const verdict = await this.#sendPart(part, slot);
      if (verdict.kind === 'tag_cap' && this.#room.isSure && this.#room.limit.atMost < limit.atMost) continue;
      if (verdict.kind !== 'accepted' || isEmpty(this.#rest)) return verdict;
    }
  }

  /** Leaves out tags that only callers wanted who have left: they take no room. */
  #leaveOutUnwanted(): void {
    const wanted = stillWanted(this.#inputs);
    if (wanted.length === 0 || wanted.length === this.#inputs.length) return;
    const [left] = narrow(this.#rest, wanted);
    this.#rest = left?.type === 'update_user' ? left : { type: 'update_user', user: this.#rest.user, tags: {} };
  }

  /**
   * Accepted also means that nobody wants the part any more as it was fitted, or that it was refused, which its inputs
   * have been told. The rest holds what is still to be sent.
   */
  async #sendPart(part: UpdateUser, slot?: Slot): Promise<Verdict> {
    const wanted = stillWanted(this.#inputs).length;
    const verdict = await this.#send({ operation: part, inputs: this.#inputs, isFitted: true }, slot);
    if (verdict.kind === 'cancelled' && stillWanted(this.#inputs).length > 0) {
      this.#leaveOutUnwanted();
      return { kind: 'accepted', body: undefined };
    }
    const isRefused = verdict.kind === 'refused' || verdict.kind === 'warned';
    if (verdict.kind === 'accepted' || isRefused) this.#rest = withoutPart(this.#rest, part);
    if (verdict.kind === 'accepted') this.#room.accepted(verdict.status);
    if (isRefused && !isEmpty(this.#rest)) return { kind: 'accepted', body: undefined };
    if (verdict.kind === 'tag_cap' && stillWanted(this.#inputs).length === wanted) this.noteRefusal(part);
    return verdict;
  }

  /** Drops tags. Of those that the user does not have, removals are done. */
  async #drop(keys: readonly string[]): Promise<Verdict> {
    const has = this.#room.tags.keys;
    for (const input of this.#inputs) {
      if (!input.isWanted) continue;
      const { set, removed } = ownTags(input, keys);
      const done = [...removed].filter((key) => !has.has(key));
      input.dropForRoom(new Set([...set, ...removed].filter((key) => !done.includes(key))), 'tag_limit');
      if (done.length === 0) continue;
      const tags = Object.fromEntries(done.map((key) => [key, '']));
      await this.#options.accept([
        { operation: { type: 'update_user', user: this.#rest.user, tags }, inputs: [input] },
      ]);
    }
    return { kind: 'accepted', body: undefined };
  }
}
