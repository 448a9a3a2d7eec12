import { posix } from 'node:path';

const BUILD = /^ {4}Metadata:\n {6}BuildMethod: esbuild\n(?: {6}.*\n|\n)*/gm;
const CODE = /^( +)CodeUri: .*\n( +Handler: (\w+)\.handler)$/gm;

/**
 * A template of SAM's whose functions are built already: in place of how to build each it says where it lies, in the folder
 * `lambda` beside template.yaml.
 *
 * @param path of the template, relative to the folder that holds template.yaml
 */
export function builtTemplate(text: string, path: string): string {
  const lambda = posix.relative(posix.dirname(path), 'lambda');
  return text.replaceAll(BUILD, '').replaceAll(CODE, `$1CodeUri: ${lambda}/$3\n$2`);
}

const BUILD_OF = /^\[(\w+)\.build\.parameters\]\ntemplate_file = (".*")\nbuild_dir = .*\n\n/gm;
const DEPLOYED = /^(\[(\w+)\.deploy\.parameters\]\ntemplate_file = ).*$/gm;

/** samconfig.toml for templates whose functions are built already: nothing is said of building, and each is deployed as it lies. */
export function builtConfig(text: string): string {
  const sources = new Map([...text.matchAll(BUILD_OF)].map(([, environment, file]) => [environment, file]));
  return text
    .replaceAll(BUILD_OF, '')
    .replaceAll(DEPLOYED, (_, start: string, environment: string) => `${start}${sources.get(environment)}`)
    .replace(
      '`sam build` and `sam deploy` of one take the same `--config-env`',
      '`sam deploy` takes its name as `--config-env`',
    );
}
