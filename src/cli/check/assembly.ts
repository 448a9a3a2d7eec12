import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssemblyStack } from '../../iac/project/given.ts';
import { parseJson } from '../json.ts';

/** What the manifest of a cloud assembly says: the folder that `cdk synth` writes, or one of a stage inside it. */
export interface Assembly {
  /** By the name of the template's file. */
  readonly stacks: ReadonlyMap<string, AssemblyStack>;
  /** Files of templates, from the folder. */
  readonly templates: readonly string[];
  /** Folders of stages. */
  readonly folders: readonly string[];
  /** Files that are uploaded, by the names that they get. */
  readonly assets: ReadonlyMap<string, string>;
  /** Files and folders that the manifest names, and that are not there. */
  readonly missing: readonly string[];
}

const TEMPLATE = /\.(json|ya?ml|template)$/i;

/** `null` where a folder is no cloud assembly. */
export async function readAssembly(folder: string): Promise<Assembly | null> {
  const artifacts = entriesOf(await jsonIn(folder, 'manifest.json'), 'artifacts');
  const typed = artifacts.filter(([, one]) => textAt(one, 'type') !== null);
  if (typed.length === 0 || typed.length < artifacts.length) return null;
  const named = (type: string, property: string) =>
    typed.flatMap(([id, one]) => {
      const file = textAt(one, 'properties', property);
      return textAt(one, 'type') === type && file !== null ? [{ id, one, file }] : [];
    });
  const stacks = named('aws:cloudformation:stack', 'templateFile');
  const folders = named('cdk:cloud-assembly', 'directoryName').map(({ file }) => file);
  const manifests = named('cdk:asset-manifest', 'file').map(({ file }) => file);
  const assets = (await Promise.all(manifests.map((file) => assetsIn(folder, file)))).flat();
  const uploaded = new Map(assets);
  const nested = (await readdir(folder)).filter((name) => name.endsWith('.nested.template.json'));
  const templates = new Set([...stacks.map(({ file }) => file), ...nested, ...uploaded.values()]);
  const missing = await missingIn(folder, [...templates, ...folders, ...manifests]);
  return {
    stacks: new Map(stacks.map(({ id, one, file }) => [file, stackOf(id, one)])),
    templates: [...templates].filter((file) => !missing.includes(file)),
    folders: folders.filter((name) => !missing.includes(name)),
    assets: uploaded,
    missing,
  };
}

/** `aws://ACCOUNT/REGION`, where either may be unknown. */
function stackOf(id: string, artifact: unknown): AssemblyStack {
  const [, account = '', region = ''] = /^aws:\/\/([^/]*)\/(.*)$/.exec(textAt(artifact, 'environment') ?? '') ?? [];
  const parameters = entriesOf(artifact, 'properties', 'parameters').flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  return {
    accountId: /^\d{12}$/.test(account) ? account : null,
    region: region === '' || region === 'unknown-region' ? null : region,
    stackName: textAt(artifact, 'properties', 'stackName') ?? id,
    parameters: Object.fromEntries(parameters),
  };
}

/** Files that may be templates, by the names under which they are uploaded. */
async function assetsIn(folder: string, manifest: string): Promise<readonly (readonly [name: string, file: string])[]> {
  return entriesOf(await jsonIn(folder, manifest), 'files').flatMap(([, asset]) => {
    const file = textAt(asset, 'source', 'path');
    if (file === null || !TEMPLATE.test(file) || textAt(asset, 'source', 'packaging') !== 'file') return [];
    return entriesOf(asset, 'destinations').flatMap(([, one]) => {
      const key = textAt(one, 'objectKey');
      return key === null ? [] : [[key.slice(key.lastIndexOf('/') + 1), file] as const];
    });
  });
}

async function missingIn(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    names.map((name) =>
      access(join(folder, name)).then(
        () => [],
        () => [name],
      ),
    ),
  );
  return found.flat();
}

/** A file's JSON; `null` where there is none. */
async function jsonIn(folder: string, name: string): Promise<unknown> {
  try {
    const file = join(folder, name);
    return parseJson(await readFile(file, 'utf8'), file);
  } catch {
    return null;
  }
}

function at(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}

function entriesOf(value: unknown, ...path: readonly string[]): readonly (readonly [string, unknown])[] {
  const found = at(value, path);
  return typeof found === 'object' && found !== null ? Object.entries(found) : [];
}

function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, path);
  return typeof found === 'string' && found !== '' ? found : null;
}
