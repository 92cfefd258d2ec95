import { readFileSync, writeFileSync } from 'node:fs';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['plugins']>[number];

interface SourceMap {
  sources: string[];
  sourcesContent?: (string | null)[];
}

/** Leaves the text of `src` out of the source maps: the package ships `src` itself. Bundled packages keep theirs. */
export const dropOwnSources: Plugin = {
  name: 'drop-own-sources',
  buildEnd({ writtenFiles }) {
    for (const { name } of writtenFiles.filter((file) => file.name.endsWith('.map'))) {
      const map: SourceMap = JSON.parse(readFileSync(name, 'utf8'));
      const sourcesContent = map.sources.map((source, index) =>
        source.includes('node_modules/') ? (map.sourcesContent?.[index] ?? null) : null,
      );
      writeFileSync(name, JSON.stringify({ ...map, sourcesContent }));
    }
  },
};
