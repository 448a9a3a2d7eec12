#!/usr/bin/env node
import { processIo } from './io.ts';
import { run } from './program.ts';

run(process.argv.slice(2), processIo()).then((code) => {
  // Not process.exit: what has been written to a pipe must still arrive.
  process.exitCode = code;
});
