import { type Chance, chance } from './chance.ts';
import { added, controls, type Estate, narrowed, OTHER, published, shared, slipped, VENDOR } from './estates.ts';
import type { StatementDocument } from './policyLanguage.ts';
import { type GrantDocument, SERVICE, type Snapshot } from './snapshot.ts';

const ACCOUNT = '111111111111';
const ARCHIVE = '222222222222';

/** A realistic snapshot: a published policy, none to three statements more, a slip now and then. */
export function generate(seed: number): Snapshot {
  const random = chance(seed);
  const { one, is, some } = random;
  const partition = one(['aws', 'aws', 'aws', 'aws-us-gov']);
  const region = partition === 'aws' ? 'us-east-1' : 'us-gov-west-1';
  const keyAccount = one([ACCOUNT, ACCOUNT, ARCHIVE]);
  const estate: Estate = {
    partition,
    account: ACCOUNT,
    keyAccount,
    trailArn: `arn:${partition}:cloudtrail:${region}:${ACCOUNT}:trail/main`,
    keyArn: `arn:${partition}:kms:${region}:${keyAccount}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    organization: 'o-abcdefghij',
  };
  const written = [...published(estate, random), ...some([0], 3).map(() => more(estate, random))];
  const Statement = written
    .map((statement) => (is(0.08) ? slipped(statement, random) : statement))
    .filter(() => is(0.96));
  const organization = one([estate.organization, estate.organization, null, undefined]);
  const isOrganization = organization !== null && is(0.3);
  return {
    seed,
    partition,
    trailArn: estate.trailArn,
    isOrganization,
    isMultiRegion: isOrganization || is(0.7),
    keyPrefix: is(0.15) ? 'central' : null,
    logFileValidation: is(0.8),
    insights: is(0.2),
    bucketKey: is(0.3),
    trailOrganization: organization,
    keyOrganization: keyAccount === ACCOUNT ? organization : one([organization, organization, undefined]),
    keyArn: estate.keyArn,
    isMultiRegionKey: is(0.15),
    aliases: one([['alias/trail'], [], ['alias/trail', 'alias/logs']]),
    policy: { Version: one(['2012-10-17', '2012-10-17', '2012-10-17', '2008-10-17']), Statement },
    ramPolicy: is(0.2)
      ? { Version: '2012-10-17', Statement: shared(estate, random) }
      : one([null, null, null, undefined]),
    controls: is(0.2) ? [{ Version: '2012-10-17', Statement: controls(estate, random) }] : [],
    grants: is(0.25) ? [grant(estate, random)] : [],
    trustedAccounts: one([[], [], [OTHER], [ARCHIVE, OTHER]]),
    trustedOrganizations: one([null, null, [estate.organization], []]),
  };
}

const more = (estate: Estate, random: Chance): StatementDocument =>
  random.is(0.2) ? narrowed(added(estate, random), added(estate, random)) : added(estate, random);

function grant({ partition, trailArn }: Estate, { one, is }: Chance): GrantDocument {
  const toService = is(0.5);
  const foreign = trailArn.replace(ACCOUNT, VENDOR);
  const source = one([
    trailArn,
    trailArn,
    foreign,
    trailArn.replace(ACCOUNT, OTHER),
    `arn:${partition}:cloudtrail:*:*:trail/main`,
  ]);
  return {
    GrantId: 'g-1',
    GranteePrincipal: toService
      ? one([SERVICE, SERVICE, 'auditmanager.amazonaws.com'])
      : one([`arn:${partition}:iam::${one([ACCOUNT, OTHER, VENDOR])}:role/worker`, VENDOR, 'AROAEXAMPLEEXAMPLEEX']),
    Operations: one([
      ['GenerateDataKey'],
      ['Decrypt', 'GenerateDataKey'],
      ['GenerateDataKey', 'DescribeKey'],
      ['Encrypt', 'CreateGrant'],
      ['DescribeKey'],
      ['Decrypt', 'RetireGrant'],
    ]),
    ...(toService && is(0.8) && { SourceArn: source }),
    ...(is(0.2) && { EncryptionContextSubset: { 'aws:cloudtrail:arn': one([trailArn, foreign]) } }),
    ...(is(0.1) && { EncryptionContextEquals: { 'aws:cloudtrail:arn': trailArn } }),
    ...(is(0.1) && { Strange: 'NewConstraint' }),
  };
}
