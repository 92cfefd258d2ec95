/** What a script can tell from the exit code. Listed in `docs/cli.md`. */
export const exitCodes = {
  /** Everything was done. */
  ok: 0,
  /** The command ran and found something wrong: events that failed, plans that differ, a signature that was refused. */
  failed: 1,
  /** Wrong usage or settings. Nothing was done. */
  usage: 2,
  /** A bug of the command line. */
  internal: 70,
  /** Stopped by Ctrl-C (SIGINT). */
  interrupted: 130,
  /** Stopped by SIGTERM. */
  terminated: 143,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
