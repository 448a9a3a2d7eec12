import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { parse } from 'yaml';

/** One Lambda function of the SAM template. */
export interface LambdaBuild {
  /** Such as `configRule`. */
  readonly handler: string;
  /** Relative to the template. */
  readonly entryPoint: string;
  readonly options: BuildOptions;
}

interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      { readonly Metadata?: { readonly BuildMethod?: string; readonly BuildProperties?: Record<string, unknown> } }
    >
  >;
}

/** SAM's spelling of esbuild's options (AWS SAM Developer Guide, "Building Node.js Lambda functions with esbuild"). */
const READERS: Readonly<Record<string, (value: unknown) => BuildOptions>> = {
  Format: (value) => ({ format: value as 'esm' | 'cjs' }),
  OutExtension: (value) => ({ outExtension: Object.fromEntries(texts(value).map((text) => text.split('='))) }),
  Splitting: (value) => ({ splitting: value === true }),
  Minify: (value) => ({ minify: value === true }),
  Target: (value) => ({ target: String(value) }),
  MainFields: (value) => ({ mainFields: String(value).split(',') }),
  External: (value) => ({ external: texts(value) }),
};

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

/**
 * Every Lambda function: each file under `src/handlers` that exports a handler. Those that template.yaml does not hold are
 * deployed by the templates of `deploy/`, built like the rule's.
 */
export function everyLambdaBuild(root: string): readonly LambdaBuild[] {
  const inTemplate = lambdaBuilds(join(root, 'template.yaml'));
  const [rule] = inTemplate;
  if (rule === undefined) throw new Error('template.yaml holds no function that esbuild builds');
  const folder = 'src/handlers';
  const others = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => /^export (async function|const) handler\b/m.test(readFileSync(join(root, folder, file), 'utf8')))
    .map((file) => ({ handler: basename(file, '.ts'), entryPoint: `${folder}/${file}`, options: rule.options }))
    .filter(({ handler }) => !inTemplate.some((build) => build.handler === handler));
  return [...inTemplate, ...others];
}

/**
 * The functions that SAM builds with esbuild, with the options that it uses.
 *
 * @throws Error on an option that is not known here: it would be silently left out of the build that is tested
 */
export function lambdaBuilds(templateFile: string): readonly LambdaBuild[] {
  // CloudFormation's own tags (!Ref, !Sub) are of no interest here.
  const template = parse(readFileSync(templateFile, 'utf8'), { logLevel: 'error' }) as Template;
  return Object.values(template.Resources)
    .filter(({ Metadata }) => Metadata?.BuildMethod === 'esbuild')
    .flatMap(({ Metadata }) => {
      const { EntryPoints, ...properties } = Metadata?.BuildProperties ?? {};
      const options = Object.entries(properties).map(([name, value]) => {
        const read = READERS[name];
        if (read === undefined)
          throw new Error(`template.yaml: the build property \`${name}\` is not known to scripts/build.ts`);
        return read(value);
      });
      return texts(EntryPoints).map((entryPoint) => ({
        handler: basename(entryPoint, '.ts'),
        entryPoint,
        options: Object.assign({}, ...options) as BuildOptions,
      }));
    });
}
