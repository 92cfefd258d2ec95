#!/usr/bin/env node
import { runCli } from './main.js';
import { createProcessTerminal } from './terminal/process-terminal.js';

// `process.exit` would cut off what is still being written to a pipe.
const exitCode = await runCli(process.argv.slice(2), createProcessTerminal());
// A failed write to stdout has set it already.
process.exitCode ||= exitCode;
