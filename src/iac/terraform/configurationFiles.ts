import { posix } from 'node:path';
import { isObject, type Json, type JsonObject, member, objectsIn, textAt } from '../json.ts';
import type { Location } from '../model.ts';
import { lineCounter } from '../source/jsonPositions.ts';
import { attributesOf, blocksOf, referencesIn } from './hcl.ts';
import { type ConfigurationFiles, moduleConfiguration, moduleNames } from './plan.ts';

/** Files by their path below the folder of the root module. */
export type Files = ReadonlyMap<string, string>;

interface Folder {
  readonly places: ReadonlyMap<string, Location>;
  readonly locals: ReadonlyMap<string, readonly string[]>;
}

/** Where Terraform writes which folder each module was put into. */
export const MODULES_FILE = '.terraform/modules/modules.json';

/** @param root how messages call the folder of the root module */
export function configurationFiles(document: JsonObject, files: Files, root: string): ConfigurationFiles {
  const folders = new Map<string, Folder>();
  const folderOf = (module: string): Folder | null => {
    const path = pathOf(document, module, installed(files));
    if (path === null) return null;
    const known = folders.get(path) ?? readFolder(path, files, root);
    folders.set(path, known);
    return known;
  };
  return {
    placeOf: (module, localName) => folderOf(module)?.places.get(localName) ?? null,
    localOf: (module, name) => folderOf(module)?.locals.get(name) ?? null,
  };
}

/** The folder of a module below that of the root module; `null`: nobody knows. */
function pathOf(document: JsonObject, module: string, installedIn: ReadonlyMap<string, string>): string | null {
  const names = moduleNames(module);
  const known = installedIn.get(names.join('.'));
  if (known !== undefined) return posix.normalize(known);
  let path = '.';
  for (const [depth, name] of names.entries()) {
    const caller = names
      .slice(0, depth)
      .map((one) => `module.${one}`)
      .join('.');
    const source = textAt(moduleConfiguration(document, caller), 'module_calls', name, 'source');
    if (source === null || !/^\.\.?\//.test(source)) return null;
    path = posix.join(path, source);
  }
  return posix.normalize(path).replace(/(?<=.)\/$/, '');
}

/** The folders of installed modules, by the names of their calls. */
function installed(files: Files): ReadonlyMap<string, string> {
  const modules = objectsIn(parsed(files.get(MODULES_FILE) ?? '{}'), 'Modules');
  return new Map(modules.map((one) => [textAt(one, 'Key') ?? '', textAt(one, 'Dir') ?? '.']));
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? member({ value }, 'value') : undefined;
  } catch {
    return undefined;
  }
}

function readFolder(path: string, files: Files, root: string): Folder {
  const places = new Map<string, Location>();
  const locals = new Map<string, readonly string[]>();
  for (const [file, text] of files) {
    if (posix.dirname(file) !== path || !file.endsWith('.tf')) continue;
    const position = lineCounter(text);
    for (const { type, labels, offset, body } of blocksOf(text)) {
      if (type === 'resource') places.set(labels.join('.'), { file: posix.join(root, file), ...position(offset) });
      if (type !== 'locals') continue;
      for (const [name, expression] of attributesOf(body)) locals.set(name, referencesIn(expression));
    }
  }
  return { places, locals };
}
