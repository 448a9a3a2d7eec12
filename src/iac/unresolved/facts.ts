import { parseKeyPolicy } from '../../policy/parse.ts';
import {
  type BucketFacts,
  type KeyFacts,
  type KeyMetadata,
  type Reading,
  read,
  type TrailFacts,
  unread,
} from '../../trail/facts.ts';
import { isList, isObject, type Json } from '../json.ts';
import { lazily } from '../lazily.ts';
import {
  arnOf,
  type DeclaredKey,
  type DeployedKey,
  type ElsewhereKey,
  type KeyModel,
  type Settled,
  type TrailModel,
} from '../model.ts';
import { replaceTokens } from '../reference.ts';
import { boundPolicy } from './boundPolicy.ts';
import type { Bounds } from './bounds.ts';

/** What makes facts of a model in one world. */
export interface WorldValues {
  /** A text with a value for every reference. */
  readonly fill: (text: string) => string;
  /** A text of the key policy: references that the policy leaves open stay. */
  readonly fillPolicy: (text: string) => string;
  /** A text in which every reference stays that this world does not tell. */
  readonly fillKnown: (text: string) => string;
  readonly bounds: Bounds;
  readonly asOf: Date;
  /** What no file tells, as a sentence part: "a template does not tell". */
  readonly notTold: string;
}

export function trailFacts(model: TrailModel, world: WorldValues): TrailFacts {
  const { fill, asOf, notTold } = world;
  const fillOrNull = (text: string | null): string | null => (text === null ? null : fill(text));
  return lazily<Undefinable<TrailFacts>>({
    arn: () => fill(arnOf('cloudtrail', model.place, `trail/${model.name}`)),
    name: () => fill(model.name),
    partition: () => fill(model.place.partition),
    accountId: () => fill(model.place.accountId),
    homeRegion: () => fill(model.place.region),
    kmsKeyId: () => fillOrNull(model.key?.reference ?? null),
    bucketName: () => fillOrNull(model.bucketName),
    keyPrefix: () => fillOrNull(model.keyPrefix),
    isMultiRegion: () => valueOrNull(model.isMultiRegion),
    isOrganization: () => valueOrNull(model.isOrganization),
    logFileValidation: () => valueOrNull(model.logFileValidation),
    hasInsightSelectors: () => valueOrNull(model.hasInsightSelectors),
    eventCategories: () => readingOf(model.eventCategories),
    aggregates: () => readingOf(model.aggregates),
    isDeclaredLogging: () => valueOrNull(model.isLogging),
    status: () => statusOf(model, notTold),
    bucket: () => read(bucketFacts(model, world)),
    logGroup: () => logGroupFacts(model, fill),
    topic: () => topicFacts(model, world),
    organizationId: () => unread('not-told', `${notTold} the organization`),
    asOf: () => asOf,
    eventDataStore: () => (model.isEventDataStore === true ? { unread: null } : undefined),
  }) as TrailFacts;
}

/** Members that may be left out are there, without a value. */
type Undefinable<T> = { readonly [K in keyof T]: T[K] | undefined };

const valueOrNull = <T>(value: Settled<T>): T | null => (value.settled ? value.value : null);

const readingOf = <T>(value: Settled<T>): Reading<T> =>
  value.settled ? read(value.value) : unread('unresolved', value.why);

/** A trail that is declared as stopped delivers nothing; of any other only AWS can tell how its deliveries go. */
function statusOf({ isLogging }: TrailModel, notTold: string): TrailFacts['status'] {
  if (!isLogging.settled || isLogging.value) return unread('not-told', `${notTold} how deliveries go`);
  return read({
    isLogging: false,
    latestDeliveryTime: null,
    latestDeliveryError: null,
    latestDigestDeliveryError: null,
  });
}

function bucketFacts({ bucket }: TrailModel, world: WorldValues): BucketFacts {
  const { fill } = world;
  return lazily<Undefinable<BucketFacts>>({
    region: () => (bucket.region.settled ? read(fill(bucket.region.value)) : unread('unresolved', bucket.region.why)),
    encryption: () => readingOf(bucket.encryption),
    policy: () => (bucket.policy ? policyReading(bucket.policy, world) : undefined),
  }) as BucketFacts;
}

function logGroupFacts({ logGroup }: TrailModel, fill: (text: string) => string): TrailFacts['logGroup'] {
  if (!logGroup) return undefined;
  const { name, kmsKeyId } = logGroup;
  if (!kmsKeyId.settled) return unread('unresolved', kmsKeyId.why);
  return read({ arn: fill(name), kmsKeyId: kmsKeyId.value === null ? null : fill(kmsKeyId.value) });
}

function topicFacts({ topic }: TrailModel, world: WorldValues): TrailFacts['topic'] {
  if (!topic) return undefined;
  const { name, key } = topic;
  if (!key.settled) return unread('unresolved', key.why);
  return read({ arn: world.fill(name), key: key.value === null ? null : keyFacts(key.value, world) });
}

export function keyFacts(model: KeyModel, world: WorldValues): KeyFacts {
  const { fill, notTold } = world;
  if (model.is === 'deployed') return { ...model.facts, reference: fill(model.reference) };
  const common: Members<KeyFacts> = {
    reference: () => fill(model.reference),
    arn: () => (model.arn === null ? null : fill(model.arn)),
    grants: () => grantsReading(model, notTold),
    resourceControlPolicies: () => unread('not-told', `${notTold} them`),
    organizationId: () => unread('not-told', `${notTold} the organization`),
    aliases: () => unread('not-told', `${notTold} every alias`),
  };
  return lazily<KeyFacts>({ ...common, ...membersOf(model, world) } as Members<KeyFacts> as Required<
    Members<KeyFacts>
  >);
}

type Members<T> = { readonly [K in keyof T]?: () => T[K] };

function membersOf(model: Exclude<KeyModel, DeployedKey>, world: WorldValues): Members<KeyFacts> {
  const { notTold } = world;
  switch (model.is) {
    case 'declared':
      return {
        exists: () => read(true),
        metadata: () => read(declaredMetadata(model)),
        policy: () => policyReading(model.policy, world),
        ...sharing(model, read(null), world),
        rotation: () => readingOf(model.rotation),
        planned: () => ({
          document: plannedDocument(model.policy, world),
          skipsLockoutCheck: valueOrNull(model.skipsLockoutCheck),
        }),
      };
    case 'known':
      return {
        exists: () => read(true),
        metadata: () => read(model.metadata),
        policy: () => policyReading(model.policy, world),
        ...sharing(model, unread('not-told', `${notTold} its policy`), world),
        rotation: () => unread('not-told', `${notTold} whether the key rotates`),
      };
    case 'elsewhere': {
      const why = unread('unresolved', model.why);
      return {
        exists: () => (model.isImpossible ? read(false) : why),
        metadata: () => why,
        policy: () => why,
        ramPolicy: () => why,
        rotation: () => why,
      };
    }
  }
}

/** RAM writes its policy when the file is deployed: what it lets those do with whom the key is shared is open. */
const sharing = (
  model: Exclude<KeyModel, ElsewhereKey | DeployedKey>,
  unshared: KeyFacts['ramPolicy'],
  { fill }: WorldValues,
): Members<Pick<KeyFacts, 'ramPolicy' | 'shares'>> => ({
  ramPolicy: () => {
    const whys = model.shares.map(({ name, doubt }) =>
      doubt === null
        ? `\`${name}\` shares the key through AWS RAM, and for which actions is open`
        : `whether \`${name}\` shares this key is open: ${doubt}`,
    );
    return whys.length === 0 ? unshared : unread('unresolved', whys.join('; '));
  },
  shares: () => {
    const filled = (texts: readonly string[] | null) => texts?.map(fill) ?? null;
    const sure = model.shares.filter(({ doubt }) => doubt === null);
    return sure.map(({ name, principals, sources, allowsExternal }) => ({
      name,
      principals: filled(principals),
      sources: filled(sources),
      allowsExternal,
    }));
  },
});

/** Grants of the file may be bad ones; that there are no others no file tells (see `notes.ts`). */
function grantsReading(model: Exclude<KeyModel, DeployedKey>, notTold: string): KeyFacts['grants'] {
  const grants = model.is === 'elsewhere' ? [] : model.grants;
  return grants.length === 0 ? unread('not-told', `${notTold} them`) : read(grants);
}

/** A key that a file declares is made, and in force, when the file is deployed. */
function declaredMetadata(key: DeclaredKey): KeyMetadata {
  const origin = (): string | null => valueOrNull(key.origin);
  return lazily<KeyMetadata>({
    state: () => {
      const enabled = valueOrNull(key.enabled);
      // Without its material an imported key waits; whether it is there no file tells.
      const isImported = origin() === 'EXTERNAL' && key.validTo === null;
      return enabled === false ? 'Disabled' : enabled === null || isImported ? null : 'Enabled';
    },
    manager: () => 'CUSTOMER',
    spec: () => valueOrNull(key.spec),
    usage: () => valueOrNull(key.usage),
    origin,
    deletionDate: () => null,
    validTo: () => key.validTo,
    isMultiRegion: () => valueOrNull(key.isMultiRegion),
    // Each replica that the file declares is evaluated where a trail names it.
    relatedKeys: () => [],
  });
}

function policyReading(policy: Settled<Json>, { fillPolicy, bounds }: WorldValues): KeyFacts['policy'] {
  if (!policy.settled) return unread('unresolved', policy.why);
  return read(parseKeyPolicy(boundPolicy(fillAll(policy.value, fillPolicy), bounds)));
}

/** What KMS is asked to take, with something that it takes in place of what the file leaves open. */
function plannedDocument(policy: Settled<Json>, { fillKnown, bounds }: WorldValues): Reading<unknown> {
  if (!policy.settled) return unread('unresolved', policy.why);
  const bounded = boundPolicy(fillAll(policy.value, fillKnown), { ...bounds, boundOf: () => 'own' });
  return read(fillAll(bounded, (text) => replaceTokens(text, () => 'unresolved')));
}

/** A value with the texts that are known in this world filled in. */
function fillAll(value: Json, fill: (text: string) => string): Json {
  if (typeof value === 'string') return fill(value);
  if (isList(value)) return value.map((entry) => fillAll(entry, fill));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, fillAll(entry, fill)]));
}
