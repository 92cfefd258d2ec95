import { type MappingOptions, mapEvent, parseEvent } from 'segment-onesignal';
import { summaryOf } from 'segment-onesignal/testing';
import { titleOf } from './event-title.js';
import { toLiteral } from './literal.js';
import { planEvent } from './play.js';
import { toJson } from './state.js';

/** A file to copy into a project. */
export interface ExportedFile {
  readonly path: string;
  readonly text: string;
}

/** `src/mapping.ts`: the mapping, for the tests and the destination. */
export function exportMapping(mapping: MappingOptions): ExportedFile {
  const text = `import { defineMapping } from 'segment-onesignal';

export const mapping = defineMapping(${toLiteral(mapping)});
`;
  return { path: 'src/mapping.ts', text };
}

/** A Vitest test with a case for each event. */
export function exportTest(events: readonly unknown[], mapping: MappingOptions): ExportedFile {
  const cases = events.map((event, index) => caseOf(event, mapping, `${index + 1}: ${titleOf(event)}`));
  const isUsed = (name: string) => cases.some((text) => text.includes(`${name}(`));
  const names = ['mapEvent', 'parseEvent'].filter(isUsed);
  const imports = [
    `import { ${names.join(', ')} } from 'segment-onesignal';`,
    ...(isUsed('summaryOf') ? ["import { summaryOf } from 'segment-onesignal/testing';"] : []),
    "import { expect, test } from 'vitest';",
    ...(isUsed('mapEvent') ? ["import { mapping } from '../src/mapping';"] : []),
  ];
  return { path: 'test/mapping.test.ts', text: `${imports.join('\n')}\n\n${cases.join('\n')}` };
}

function caseOf(input: unknown, mapping: MappingOptions, title: string): string {
  const parsed = parseEvent(input);
  if (!parsed.ok)
    return `test(${toLiteral(title)}, () => {
  const event: unknown = ${toLiteral(input, '  ')};
  expect(parseEvent(event)).toMatchObject({ ok: false, error: { code: ${toLiteral(parsed.error.code)} } });
});
`;
  const lines = summaryOf(mapEvent(parsed.event, mapping)).split('\n');
  return `test(${toLiteral(title)}, () => {
  const plan = mapEvent(${toLiteral(parsed.event, '  ')}, mapping);
  expect(summaryOf(plan).split('\\n')).toEqual([
${lines.map((line) => `    ${toLiteral(line)},\n`).join('')}  ]);
});
`;
}

/** A golden file, with the events that it is about: an array if there are several. */
export function exportGoldenFiles(events: readonly unknown[], mapping: MappingOptions): ExportedFile[] {
  const plans = events.map((event) => planEvent(event, mapping).plan);
  const textOf = (list: readonly unknown[]): string => `${toJson(list.length === 1 ? list[0] : list)}\n`;
  return [
    { path: 'test/events/playground.json', text: textOf(events) },
    { path: 'test/plans/playground.json', text: textOf(plans) },
  ];
}
