import type { Figure } from './figure.js';

/** Whether only the short form is asked for. */
export const isSmoke = process.argv.includes('--smoke');

/** Hands the figures to whoever started this program. */
export function report(figures: readonly Figure[]): void {
  process.stdout.write(JSON.stringify(figures));
}

/** One line that shows that it goes on. */
export function progress(what: string): void {
  process.stderr.write(`      ${what}\n`);
}
