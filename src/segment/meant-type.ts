const calls = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'delete'];

/** The call type that a misspelled one means: `track` for `Track`. `undefined` if there is none. @internal */
export function meantType(type: string): string | undefined {
  const lower = type.trim().toLowerCase();
  return lower !== type && calls.includes(lower) ? lower : undefined;
}
