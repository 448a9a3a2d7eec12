import type { Deployed, DeployedKeyName } from '../../iac/project/deployed.ts';
import { parseArn } from '../../trail/arn.ts';
import type { Io } from '../io.ts';
import { parseSnapshot } from '../snapshot/parse.ts';
import { keyReader } from '../snapshot/ports.ts';
import { readSnapshotText } from '../snapshot/read.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/** What `--snapshot` tells of keys that are there already. @throws BadInput */
export async function readDeployed(file: string | undefined, io: Io): Promise<Deployed | null> {
  if (file === undefined) return null;
  const text = await readSnapshotText(io, file);
  const snapshot = parseSnapshot(text, file);
  const keyOf = keyReader(snapshot);
  return {
    text,
    keys: namesOf(snapshot),
    facts: (arn) => {
      const { partition = '', accountId = '', region = '' } = parseArn(arn) ?? {};
      return keyOf(arn, { partition, accountId, homeRegion: region });
    },
    parameter: (name, version) => {
      const found = snapshot.ssmParameters.find(
        ({ Name, Version }) => Name === name && (version === null || Version === null || String(Version) === version),
      );
      return found?.Value ?? null;
    },
  };
}

/** Keys by their own ARNs; what is listed under an alias is a name of the key that it leads to. */
function namesOf({ keys }: Snapshot): readonly DeployedKeyName[] {
  if (!keys.read) return [];
  const names = new Map<string, string[]>();
  for (const [arn, { aliases, leadsTo }] of keys.value) {
    const key = leadsTo ?? arn;
    const place = key.slice(0, key.lastIndexOf(':') + 1);
    const own = aliases.read ? aliases.value.map((alias) => `${place}${alias}`) : [];
    names.set(key, [...(names.get(key) ?? []), ...own, ...(arn === key ? [] : [arn])]);
  }
  return [...names].map(([arn, aliases]) => ({ arn, aliases }));
}
