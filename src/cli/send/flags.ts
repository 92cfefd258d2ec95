import type { SettingsFlags } from '../settings/flags.js';
import type { FilterFlags } from './filter.js';

/** The flags of `send`, as commander reads them. */
export interface SendFlags extends SettingsFlags, FilterFlags {
  readonly checkpoint?: string | undefined;
  readonly failed?: string | undefined;
  readonly attempts: number;
  readonly requestsPerSecond?: number | undefined;
  readonly dryRun?: boolean | undefined;
  readonly compact?: boolean | undefined;
  readonly tagsOnly?: boolean | undefined;
  readonly tempDir?: string | undefined;
}
