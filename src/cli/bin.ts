#!/usr/bin/env node
import { runCli } from './main.js';
import { createProcessTerminal } from './terminal/process-terminal.js';

// `process.exit` would cut off what is still being written to a pipe.
process.exitCode = await runCli(process.argv.slice(2), createProcessTerminal());
