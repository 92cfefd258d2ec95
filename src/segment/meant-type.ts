const calls = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'delete'];

/** The call type that another spelling of it means: `track` for `Track`. `undefined` for any other type. @internal */
export function meantType(type: string): string | undefined {
  const lower = type.trim().toLowerCase();
  return lower !== type && calls.includes(lower) ? lower : undefined;
}
