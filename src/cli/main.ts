#!/usr/bin/env node
import { processIo } from './io.ts';
import { run } from './program.ts';
import { watchProcess } from './watchProcess.ts';

const io = processIo();
watchProcess(io);
run(process.argv.slice(2), io).then((code) => {
  // Not process.exit: what has been written to a pipe must still arrive.
  process.exitCode = code;
});
