/** The partition of a Region, by its name. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('us-isob-')) return 'aws-iso-b';
  if (region.startsWith('us-isof-')) return 'aws-iso-f';
  if (region.startsWith('eu-isoe-')) return 'aws-iso-e';
  if (region.startsWith('eusc-')) return 'aws-eusc';
  return region.startsWith('us-iso-') ? 'aws-iso' : 'aws';
}

const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['aws-cn', 'amazonaws.com.cn'],
  ['aws-iso', 'c2s.ic.gov'],
  ['aws-eusc', 'amazonaws.eu'],
  ['aws-iso-b', 'sc2s.sgov.gov'],
  ['aws-iso-e', 'cloud.adc-e.uk'],
  ['aws-iso-f', 'csp.hci.ic.gov'],
]);

/** The domain of a partition's services. */
export const urlSuffixOf = (partition: string): string => SUFFIXES.get(partition) ?? 'amazonaws.com';

export const URL_SUFFIXES: readonly string[] = ['amazonaws.com', ...SUFFIXES.values()];

/** The partitions that ARNs in a text name literally. */
export const partitionsIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/\barn:(aws[a-z-]*):/g)].map((match) => match[1] ?? '')),
];
