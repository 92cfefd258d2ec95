import type { Figure } from './figure.js';
import { report } from './program.js';
import { sizeOf } from './sizes.js';

const figures: Figure[] = [];
/** The budgets in kB. The target is 4 kB. */
const mappingFunctions = { identifyToTags: 5.4, trackToTags: 6.1, computedTraitToTags: 6.2, audienceToSegment: 6.9 };
for (const [name, budget] of Object.entries(mappingFunctions))
  figures.push(
    await sizeFigure(`import { ${name} }`, `export { ${name} } from 'segment-onesignal'`, {
      bar: { atMost: 4 },
      budget,
    }),
  );
figures.push(
  await sizeFigure('import { mapEvent }, the whole mapping', "export { mapEvent } from 'segment-onesignal'", {
    bar: { atMost: 10 },
    budget: 16.8,
  }),
);
const everything = "export * from 'segment-onesignal'";
figures.push(await sizeFigure('the main entry point', everything, { bar: { atMost: 20 }, budget: 52.5 }));
figures.push(await sizeFigure('the main entry point, with ky 2', everything, {}, { ky: 'ky2' }));
report(figures);

async function sizeFigure(
  what: string,
  code: string,
  limits: Pick<Figure, 'bar' | 'budget'> = {},
  alias?: Record<string, string>,
): Promise<Figure> {
  const { gzipKb, packages } = await sizeOf(code, alias);
  const detail = packages.length === 0 ? 'no other package' : `with ${packages.join(', ')}`;
  return { what, value: gzipKb, unit: 'kB', ...limits, detail };
}
