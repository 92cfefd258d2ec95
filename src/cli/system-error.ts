const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'it exists and is not a folder',
  EISDIR: 'it is a folder',
  ENOENT: 'no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a folder',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
};

/** Whether the operating system denies access to a file. */
export function isDenied(thrown: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(Reflect.get(Object(thrown), 'code'));
}

/** Why a file cannot be used, in words, or else the code of the operating system. */
export function reasonOf(thrown: unknown): string {
  const code: unknown = Reflect.get(Object(thrown), 'code');
  return reasons[String(code)] ?? (typeof code === 'string' ? code : String(thrown));
}

/**
 * Says what the operating system refused, such as `Cannot use /data/c.json: the disk is full.`
 *
 * @returns `undefined` for an error that is not about a file.
 */
export function explainSystemError(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('syscall' in thrown) || 'address' in thrown) return undefined;
  const subject = 'path' in thrown ? String(thrown.path) : 'a file';
  return `Cannot use ${subject}: ${reasonOf(thrown)}.`;
}
