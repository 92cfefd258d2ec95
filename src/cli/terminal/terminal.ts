import type { Style } from './style.js';

/** A place to print to. */
export interface Output {
  /** Prints text as it is. Await the promise, if there is one, when you print a lot: the reader is slower. */
  write(text: string): Promise<void> | undefined;
}

/** Prints a sentence about something that is not an error, but is likely a mistake. */
export function warn({ stderr, style }: Pick<Terminal, 'stderr' | 'style'>, sentence: string): void {
  stderr.write(`${style.warn('Warning:')} ${sentence}\n`);
}

/** The surroundings of a command, so that tests can replace them. */
export interface Terminal {
  /** Results. */
  readonly stdout: Output;
  /** Progress, advice and errors. */
  readonly stderr: Output;
  /** What is piped or typed in. */
  readonly stdin: AsyncIterable<Uint8Array> & {
    readonly isTTY?: boolean | undefined;
    /** Hands over each key as it is pressed, in place of lines. */
    setRawMode?(isRaw: boolean): unknown;
    /** Lets the process end although something still waits for a key. */
    unref?(): unknown;
  };
  /** Whether a person watches: stdout and stderr are a terminal, and not the log of a CI job. */
  readonly isInteractive: boolean;
  /** Width of the terminal in characters; 120 if stdout is not one. */
  readonly columns: number;
  /** Height of the terminal in lines, if stdout is one. */
  readonly rows?: number | undefined;
  /** Colors, if stdout shows them. */
  readonly style: Style;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory: relative paths start here. */
  readonly cwd: string;
  /** Aborted by Ctrl-C and SIGTERM, and when stdout is closed. Its reason is the exit code, of type `ExitCode`. */
  readonly signal: AbortSignal;
}
