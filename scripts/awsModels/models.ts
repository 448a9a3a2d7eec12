import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { modelFacts } from './modelFacts.ts';
import { WATCHED, type WatchedService } from './watched.ts';
import { zipFiles } from './zip.ts';

/** The files of a botocore, `botocore/...`, by name. */
export type Models = ReadonlyMap<string, () => Buffer>;

export interface PublicFacts {
  /** botocore's. */
  readonly version: string;
  readonly facts: readonly string[];
}

/** A wheel, or a folder that holds the folder `botocore`. */
export function modelsAt(path: string): Models {
  if (!statSync(path).isDirectory()) return zipFiles(readFileSync(path));
  const names = globSync('botocore/{__init__.py,data/*/*/service-2.json*}', { cwd: path });
  return new Map(names.map((name) => [name, () => readFileSync(join(path, name))]));
}

export function publicFacts(models: Models, watched: Readonly<Record<string, WatchedService>> = WATCHED): PublicFacts {
  const init = models.get('botocore/__init__.py')?.().toString('utf8') ?? '';
  const [, version] = /^__version__ = '([0-9.]+)'/m.exec(init) ?? [];
  if (version === undefined) throw new Error('no `botocore/__init__.py` with a version is there');
  const facts = Object.entries(watched).flatMap(([service, what]) =>
    modelFacts(service, newestModel(models, service), what),
  );
  return { version, facts: facts.sort() };
}

/** A service has a folder for each version of its API, named by its date. */
function newestModel(models: Models, service: string) {
  const folder = `botocore/data/${service}/`;
  const name = [...models.keys()]
    .filter((file) => file.startsWith(folder) && /\/service-2\.json(\.gz)?$/.test(file))
    .sort()
    .at(-1);
  const bytes = name === undefined ? undefined : models.get(name)?.();
  if (name === undefined || bytes === undefined) throw new Error(`no model of \`${service}\` is there`);
  return JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}
