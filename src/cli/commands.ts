import type { AddCommand } from './command.js';
import { addCheck } from './commands/check.js';

/** Every command, in the order of the help. */
export const commands: readonly AddCommand[] = [addCheck];
