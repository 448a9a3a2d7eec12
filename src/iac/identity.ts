import type { TrailReport } from '../report/report.ts';
import { arnOf, type DeploymentPlace, type TrailModel } from './model.ts';
import { hasToken } from './reference.ts';

/** Which trail and key it is in one world; texts may hold tokens. */
export interface WorldIdentity {
  readonly place: DeploymentPlace;
  readonly arn: string;
  /** `null`: it names none. */
  readonly key: {
    readonly arn: string | null;
    readonly address: string | null;
    readonly cdkPath: string | null;
    /** Of a key that a file declares; `null`: it is none. */
    readonly id: string | null;
  } | null;
}

export const identityIn = ({ place, name, key }: TrailModel): WorldIdentity => ({
  place,
  arn: arnOf('cloudtrail', place, `trail/${name}`),
  key:
    key === null
      ? null
      : {
          arn: key.arn,
          address: key.is === 'elsewhere' || key.is === 'deployed' ? null : key.address,
          cdkPath: key.is === 'declared' ? key.cdkPath : null,
          id: key.is === 'declared' ? key.id : null,
        },
});

type Settled = Pick<TrailReport, 'trailArn' | 'accountId' | 'region' | 'kmsKeyArn' | 'keyAddress' | 'keyCdkPath'>;

/** What the file settles of the trail, the same in every world. */
export function identityOf(identities: readonly WorldIdentity[]): Settled {
  const withKey = identities.filter(({ key }) => key !== null);
  return {
    trailArn: settled(identities, ({ arn }) => arn),
    accountId: settled(identities, ({ place }) => place.accountId),
    region: settled(identities, ({ place }) => place.region),
    kmsKeyArn: settled(identities, ({ key }) => key?.arn ?? null),
    // Where there is a key at all, it is the one that the author calls so.
    keyAddress: settled(withKey, ({ key }) => key?.address ?? null),
    keyCdkPath: settled(withKey, ({ key }) => key?.cdkPath ?? null),
  };
}

/** The declared key that a trail uses in every world, by its id. */
export const keyIn = (identities: readonly WorldIdentity[]): string | null =>
  settled(identities, ({ key }) => key?.id ?? null);

function settled(
  identities: readonly WorldIdentity[],
  text: (identity: WorldIdentity) => string | null,
): string | null {
  const [only, ...others] = new Set(identities.map(text));
  return only == null || others.length > 0 || hasToken(only) ? null : only;
}
