import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { AssemblyStack } from '../../iac/project/given.ts';
import { type Assembly, readAssembly } from './assembly.ts';
import { depthOf, folderOf, globMatcher, isGlob } from './glob.ts';
import { type Walked, walk } from './walk.ts';

/** A file to read. */
export interface InputFile {
  readonly file: string;
  /** Whether the command line names it, and so takes it for a template or a plan. */
  readonly isNamed: boolean;
  readonly path: string;
  readonly stack?: AssemblyStack;
  readonly assets?: ReadonlyMap<string, string>;
}

interface Inputs {
  readonly files: readonly InputFile[];
  /** Files in folders that are no templates by their names. */
  readonly skipped: number;
  /** What is bad input, one sentence each. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** What templates and plans are called. */
const TEMPLATE = /\.(json|ya?ml|template|cfn)$/i;

/** The files that paths of the command line stand for: files, folders, patterns, cloud assemblies, `-`. */
export async function findInputs(paths: readonly string[]): Promise<Inputs> {
  const files = new Map<string, InputFile>();
  const problems = new Set<string>();
  const notes = new Set<string>();
  let skipped = 0;
  const assemblies = new Map<string, Promise<Assembly | null>>();
  const assemblyIn = (folder: string): Promise<Assembly | null> => {
    const known = assemblies.get(folder) ?? readAssembly(folder);
    assemblies.set(folder, known);
    return known;
  };
  const add = async (file: string, isNamed: boolean): Promise<void> => {
    const place = file === '-' ? file : await realpath(file).catch(() => file);
    const known = files.get(place);
    if (known !== undefined && (known.isNamed || !isNamed)) return;
    const assembly = file === '-' ? null : await assemblyIn(dirname(file));
    const stack = assembly?.stacks.get(basename(file));
    const ofAssembly = assembly === null ? {} : { assets: assembly.assets, ...(stack === undefined ? {} : { stack }) };
    files.set(place, { file, isNamed, path: resolve(file), ...ofAssembly });
  };
  const say = (found: Walked): readonly string[] => {
    for (const problem of found.problems) problems.add(problem);
    for (const note of found.notes) notes.add(note);
    return found.files;
  };
  const walkFolder = async (folder: string): Promise<readonly string[]> => {
    const seen = new Set<string>();
    /** The files of an assembly, those of its stages among them. */
    const choose = async (at: string): Promise<readonly string[] | null> => {
      const assembly = await assemblyIn(at);
      if (assembly === null) return null;
      const manifest = join(at, 'manifest.json');
      for (const name of assembly.missing) problems.add(`\`${manifest}\` names \`${name}\`, which is not there`);
      const found = assembly.templates.map((name) => join(at, name));
      for (const stage of assembly.folders) found.push(...say(await walk(join(at, stage), { choose, seen })));
      return found;
    };
    return say(await walk(folder, { choose, seen }));
  };
  const addFound = async (found: readonly string[]): Promise<void> => {
    for (const file of found) {
      if (TEMPLATE.test(file)) await add(file, false);
      else skipped += 1;
    }
  };

  for (const path of paths) {
    const kind = path === '-' ? null : await stat(path).catch(() => null);
    if (kind?.isDirectory()) {
      const found = await walkFolder(path);
      if (!found.some((file) => TEMPLATE.test(file))) notes.add(`\`${path}\` holds no template and no plan`);
      await addFound(found);
    } else if (kind === null && isGlob(path)) {
      const walked = await walk(folderOf(path), { depth: depthOf(path) });
      const found = say(walked).filter(globMatcher(path));
      if (found.length === 0 && walked.problems.length === 0) problems.add(`\`${path}\` matches no file`);
      await addFound(found);
    } else await add(path, true);
  }
  return { files: [...files.values()], skipped, problems: [...problems], notes: [...notes] };
}
