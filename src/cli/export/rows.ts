import type { MappingOptions } from 'segment-onesignal';
import type { FoldedUser, LeaveOut } from './fold-users.js';

/** A row of OneSignal's CSV import, by column. */
export type Row = Readonly<Record<string, string>>;

const profileColumns = ['language', 'country', 'timezone_id'] as const;
const addressColumns = ['email', 'phone_number'] as const;
const otherFields = ['lat', 'long', 'first_active', 'last_active'] as const;

/** The importer takes ASCII only. In JSON, everything can be written in it. */
const ascii = /^[\x20-\x7e]*$/;

/** Columns of a user, besides those of tags. Addresses have theirs if the mapping makes subscriptions of them. */
export function userColumns(mapping: MappingOptions | undefined): string[] {
  const { email, sms } = mapping?.subscriptions ?? {};
  const [emailColumn, phoneColumn] = addressColumns;
  return ['external_id', ...(email ? [emailColumn] : []), ...(sms ? [phoneColumn] : []), ...profileColumns];
}

/** A row with the tags as JSON. Blank tags are removed if the option "Delete tags with blank values" is on. */
export function toJsonRow(user: FoldedUser, leaveOut: LeaveOut): Row | undefined {
  const tags = JSON.stringify(user.tags).replace(/[^\x20-\x7e]/g, toEscape);
  return rowOf(user, Object.keys(user.tags).length === 0 ? {} : { tags }, leaveOut);
}

/** A row with a column for each tag. A blank cell cannot tell a removed tag from one that no event mentions. */
export function toTagRow(user: FoldedUser, leaveOut: LeaveOut): Row | undefined {
  const tags: [string, string][] = [];
  for (const [key, value] of Object.entries(user.tags)) {
    if (value === '') leaveOut('removals of tags');
    else if (reserved.has(key)) leaveOut('tags with the name of a column');
    else if (ascii.test(key) && ascii.test(value)) tags.push([key, value]);
    else leaveOut('tags that are not ASCII');
  }
  return rowOf(user, Object.fromEntries(tags), leaveOut);
}

const reserved = new Set([
  'external_id',
  'subscription_id',
  'subscribed',
  'suppressed',
  'tags',
  ...addressColumns,
  ...profileColumns,
]);

function rowOf({ externalId, profile, addresses }: FoldedUser, tags: Row, leaveOut: LeaveOut): Row | undefined {
  if (!ascii.test(externalId)) {
    leaveOut('users whose id is not ASCII');
    return undefined;
  }
  const fields: Record<string, string> = {};
  for (const column of profileColumns) {
    const value = profile[column];
    if (value !== undefined) fields[column] = value;
  }
  for (const column of addressColumns) {
    const value = addresses[column];
    if (value === undefined) continue;
    if (ascii.test(value)) fields[column] = value;
    else leaveOut('email addresses that are not ASCII');
  }
  if (otherFields.some((field) => profile[field] !== undefined)) leaveOut('users with a location or activity times');
  if (Object.keys(tags).length === 0 && Object.keys(fields).length === 0) return undefined;
  return { external_id: externalId, ...tags, ...fields };
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
