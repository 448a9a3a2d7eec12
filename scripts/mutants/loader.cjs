/**
 * Runs `harness.ts` out of `modules.cjs`, where every module is a function: one of them can be another one, without
 * anything being bundled again. What is not of this repository comes from Node's own `require`.
 */
const { createRequire } = require('node:module');
const { dirname, resolve } = require('node:path');
const { readFileSync } = require('node:fs');

const [, , folder, root] = process.argv;
const modules = require(`${folder}/modules.cjs`);
const { MUTANT } = process.env;
if (MUTANT !== undefined) {
  const { file, code } = JSON.parse(readFileSync(MUTANT, 'utf8'));
  modules[file] = new Function('module', 'exports', 'require', '__dirname', code);
}
const loaded = new Map();

function load(file) {
  const before = loaded.get(file);
  if (before !== undefined) return before.exports;
  const module = { exports: {} };
  loaded.set(file, module);
  const path = resolve(root, file);
  const own = createRequire(path);
  const required = (name) => {
    const other = name.startsWith('.') ? resolve(dirname(path), name).slice(root.length + 1) : '';
    return other in modules ? load(other) : own(name);
  };
  modules[file](module, module.exports, required, dirname(path));
  return module.exports;
}

globalThis.__hits = [];
load('scripts/mutants/harness.ts').run(load);
