const prefix = 'profile/';

/**
 * A field of the profile where keys of tags stand: `profile/language`.
 *
 * @internal
 */
export function profileKey(field: string): string {
  return prefix + field;
}
