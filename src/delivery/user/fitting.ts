import type { UpdateUser } from '../../onesignal/operation.js';
import type { Verdict } from '../judging/verdict.js';
import type { PendingInput } from '../pending-input.js';
import type { Slot } from '../sending/app-pacer.js';
import { countToTry, isEmpty, pickTags, splitUpdate, wantedOf, withoutPart } from './fitting-tags.js';
import type { TagRoom } from './tag-room.js';

/** Sends a part of an update and, if OneSignal accepted it, records that. */
export type SendUpdate = (part: UpdateUser, slot?: Slot) => Promise<Verdict>;

/** The unsent rest of an update, and the steps that send it. */
export class Fitting {
  readonly #inputs: readonly PendingInput[];
  readonly #send: SendUpdate;
  readonly #room: TagRoom;
  #rest: UpdateUser;
  #refused: UpdateUser | undefined;

  constructor(update: UpdateUser, inputs: readonly PendingInput[], send: SendUpdate, room: TagRoom) {
    this.#rest = update;
    this.#inputs = inputs;
    this.#send = send;
    this.#room = room;
  }

  /** Sends the rest, unless it is certain to be refused. */
  async sendUnlessRefused(slot?: Slot): Promise<Verdict> {
    const { atMost } = this.#room.limit;
    const has = this.#has;
    const { kept, added } = splitUpdate(this.#rest, this.#inputs, has);
    if (has.size + added.length <= atMost) return this.#sendPart(this.#rest, slot);
    if (this.#room.known(this.#rest.user)?.isComplete || kept.length > 0 || has.size >= atMost)
      return { kind: 'tag_cap' };
    // More new tags than any user has room for. If the first ones are accepted, the user has no others.
    const first = added.slice(0, atMost - has.size);
    const verdict = await this.#sendPart(pickTags(this.#rest, first), slot);
    return verdict.kind === 'accepted' ? this.#drop(added.slice(first.length)) : verdict;
  }

  /** A refusal shows how many tags are too many only if all tags of the user are known. */
  noteRefusal(part: UpdateUser): void {
    this.#refused = part;
    const known = this.#room.known(part.user);
    if (!known?.isComplete) return;
    const { added } = splitUpdate(part, this.#inputs, known.keys);
    if (added.length > 0) this.#room.refusedAt(known.keys.size + added.length);
  }

  /** The user has exactly these tags, which also shows how many were too many. */
  read(keys: readonly string[]): void {
    this.#room.read(this.#rest.user, keys);
    if (this.#refused !== undefined) this.noteRefusal(this.#refused);
  }

  /** OneSignal refuses even changes that need no room. Removals of tags that the user does not have count as done. */
  dropAll(): Verdict {
    const { tags } = this.#rest;
    return this.#drop(Object.keys(tags).filter((key) => tags[key] !== '' || this.#has.has(key)));
  }

  /** Sends the removals alone, which frees their room, then the rest. */
  async sendRemovalsFirst(slot?: Slot): Promise<Verdict> {
    const { tags } = this.#rest;
    const keys = Object.keys(tags);
    const removals = keys.filter((key) => tags[key] === '');
    if (removals.length === 0 || removals.length === keys.length) return { kind: 'tag_cap' };
    const removed = await this.#sendPart(pickTags(this.#rest, removals), slot);
    return removed.kind === 'accepted' ? this.sendUnlessRefused() : removed;
  }

  /** Once the user's tags are known: sends the changes that need no room, and as many new tags as fit. */
  async sendWhatFits(slot?: Slot): Promise<Verdict> {
    const { kept, added } = splitUpdate(this.#rest, this.#inputs, this.#has);
    const frees = kept.some((key) => this.#rest.tags[key] === '' && this.#has.has(key));
    if (frees && this.#has.size + added.length > this.#room.limit.atMost) {
      const verdict = await this.#sendPart(pickTags(this.#rest, kept), slot);
      if (verdict.kind !== 'accepted') return verdict;
    }
    for (;;) {
      const split = splitUpdate(this.#rest, this.#inputs, this.#has);
      const count = countToTry(this.#has.size, split.added.length, this.#room.limit);
      const part = pickTags(this.#rest, [...split.kept, ...split.added.slice(0, count)]);
      if (isEmpty(part)) return this.#drop(split.added);
      const verdict = await this.#sendPart(part, slot);
      if (verdict.kind === 'tag_cap' && count > 0) continue;
      if (verdict.kind !== 'accepted' || split.added.length === count) return verdict;
    }
  }

  /** The tags that the user is known to have. */
  get #has(): ReadonlySet<string> {
    return this.#room.known(this.#rest.user)?.keys ?? new Set();
  }

  async #sendPart(part: UpdateUser, slot?: Slot): Promise<Verdict> {
    const verdict = await this.#send(part, slot);
    if (verdict.kind === 'accepted') this.#rest = withoutPart(this.#rest, part);
    if (verdict.kind === 'tag_cap') this.noteRefusal(part);
    return verdict;
  }

  #drop(keys: readonly string[]): Verdict {
    for (const input of this.#inputs) if (input.isWanted) input.dropForRoom(wantedOf(input, keys), 'tag_limit');
    return { kind: 'accepted', body: undefined };
  }
}
