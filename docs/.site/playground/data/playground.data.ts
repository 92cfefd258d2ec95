import { readFileSync } from 'node:fs';
import { sizeOf } from '../../../../test/bench/sizes.js';
import { root } from '../../places.js';
import { optionsFile } from '../../reference/write.js';
import type { OptionDoc } from '../options/option-doc.js';
import { readReasons } from './read-reasons.js';
import type { Reason } from './reason.js';

/** What the playground takes from the sources, read when the site is built. */
export interface PlaygroundData {
  readonly options: readonly OptionDoc[];
  readonly reasons: Readonly<Record<string, Reason>>;
  readonly version: string;
  /** kB of `mapEvent` and `defineMapping` in a bundle, minified and gzipped. */
  readonly mappingKb: number;
  /** kB of everything that this page takes from the package. */
  readonly wholeKb: number;
}

declare const data: PlaygroundData;

export { data };

const mappingCode = "export { defineMapping, mapEvent } from 'segment-onesignal';";
const wholeCode = `export { ConfigurationError, createDestination, defineMapping, mapEvent, parseEvent } from 'segment-onesignal';
export { createEvents, exactly, simulate, summaryOf } from 'segment-onesignal/testing';`;

export default {
  async load(): Promise<PlaygroundData> {
    return {
      options: JSON.parse(readFileSync(optionsFile, 'utf8')),
      reasons: readReasons(),
      version: JSON.parse(readFileSync(`${root}package.json`, 'utf8')).version,
      mappingKb: (await sizeOf(mappingCode)).gzipKb,
      wholeKb: (await sizeOf(wholeCode)).gzipKb,
    };
  },
};
