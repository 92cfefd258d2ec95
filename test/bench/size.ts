import type { Figure } from './figure.js';
import { report } from './program.js';
import { sizeOf } from './sizes.js';

const figures: Figure[] = [];
for (const name of ['identifyToTags', 'trackToTags', 'computedTraitToTags', 'audienceToSegment'])
  figures.push(await sizeFigure(`import { ${name} }`, `export { ${name} } from 'segment-onesignal'`, 3));
figures.push(
  await sizeFigure('import { mapEvent }, all of the mapping', "export { mapEvent } from 'segment-onesignal'"),
);
const frontDoor = "export * from 'segment-onesignal'";
figures.push(await sizeFigure('the whole front door', frontDoor, 20));
figures.push(await sizeFigure('the whole front door, with ky 2', frontDoor, undefined, { ky: 'ky2' }));
report(figures);

async function sizeFigure(
  what: string,
  code: string,
  atMost?: number,
  alias?: Record<string, string>,
): Promise<Figure> {
  const { gzipKb, packages } = await sizeOf(code, alias);
  const detail = packages.length === 0 ? 'no other package in it' : `with ${packages.join(', ')}`;
  return { what, value: gzipKb, unit: 'kB', ...(atMost === undefined ? {} : { bar: { atMost } }), detail };
}
