import type { Figure } from './figure.js';

/** Whether to run just enough to show that the program works. */
export const isSmoke = process.argv.includes('--smoke');

/** Passes the figures to the parent process. */
export function report(figures: readonly Figure[]): void {
  process.stdout.write(JSON.stringify(figures));
}

/** Prints a line of progress. */
export function progress(text: string): void {
  process.stderr.write(`      ${text}\n`);
}
