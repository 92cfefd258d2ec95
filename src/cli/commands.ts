import type { AddCommand } from './command.js';
import { addCheck } from './commands/check.js';
import { addCompletion } from './commands/completion.js';
import { addDiff } from './commands/diff.js';
import { addEventStreamTemplate } from './commands/event-stream-template.js';
import { addExport } from './commands/export.js';
import { addFunction } from './commands/function.js';
import { addPlan } from './commands/plan.js';
import { addSamples } from './commands/samples.js';
import { addSandbox } from './commands/sandbox.js';
import { addSend } from './commands/send.js';
import { addServe } from './commands/serve.js';
import { addTest } from './commands/test.js';
import { addTrigger } from './commands/trigger.js';
import { addVerify } from './commands/verify.js';
import { addWorker } from './commands/worker.js';

/** Every command, in the order of the help. */
export const commands: readonly AddCommand[] = [
  addPlan,
  addTest,
  addSamples,
  addSend,
  addExport,
  addTrigger,
  addServe,
  addWorker,
  addSandbox,
  addDiff,
  addVerify,
  addFunction,
  addEventStreamTemplate,
  addCheck,
  addCompletion,
];
