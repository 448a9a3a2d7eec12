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
