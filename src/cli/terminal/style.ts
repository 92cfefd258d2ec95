import { styleText } from 'node:util';

/** Wraps text in the codes of a color, or returns it as it is. */
export interface Style {
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

export function createStyle(hasColors: boolean): Style {
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    hasColors ? styleText(format, text, { validateStream: false }) : text;
  return { good: paint('green'), warn: paint('yellow'), bad: paint('red'), bold: paint('bold'), dim: paint('dim') };
}
