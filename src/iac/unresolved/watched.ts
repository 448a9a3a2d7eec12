import { type KeyModel, type TrailModel, unsettled } from '../model.ts';

/** A trail that tells what of it was asked for. */
interface Watched {
  readonly trail: TrailModel;
  /** The trail with nothing in place of what nobody asked for. */
  readonly asked: () => TrailModel;
}

const NOBODY_ASKED = unsettled('nobody asked');

/** Names nothing, so that nothing depends on it. */
const NOTHING: TrailModel = {
  place: { partition: '', accountId: '', region: '' },
  name: '',
  bucketName: null,
  keyPrefix: null,
  isMultiRegion: NOBODY_ASKED,
  isOrganization: NOBODY_ASKED,
  logFileValidation: NOBODY_ASKED,
  hasInsightSelectors: NOBODY_ASKED,
  eventCategories: NOBODY_ASKED,
  aggregates: NOBODY_ASKED,
  isLogging: NOBODY_ASKED,
  bucket: { region: NOBODY_ASKED, encryption: NOBODY_ASKED },
  key: null,
  lateWriter: null,
};

/** Watches which properties of a trail, its bucket and its key somebody reads. */
export function watched(model: TrailModel): Watched {
  const ofTrail = new Map<string, unknown>();
  const ofBucket = new Map<string, unknown>();
  const ofKey = new Map<string, unknown>();
  const trail = watching(model, ofTrail, (name, value) => {
    if (name === 'bucket') return watching(value as TrailModel['bucket'], ofBucket);
    return name === 'key' && value !== null ? watching(value as KeyModel, ofKey) : value;
  });
  const asked = (): TrailModel => ({
    ...NOTHING,
    ...Object.fromEntries(ofTrail),
    bucket: { ...NOTHING.bucket, ...Object.fromEntries(ofBucket) },
    key: keyAsked((ofTrail.get('key') ?? null) as KeyModel | null, ofKey),
  });
  return { trail, asked };
}

function watching<T extends object>(
  object: T,
  read: Map<string, unknown>,
  inside: (name: string, value: unknown) => unknown = (_, value) => value,
): T {
  return new Proxy(object, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      read.set(String(name), value);
      return inside(String(name), value);
    },
  });
}

/** Of a key texts matter alone: how it is called, whom its policy, grants and shares name. */
function keyAsked(key: KeyModel | null, read: ReadonlyMap<string, unknown>): KeyModel | null {
  if (key === null) return null;
  const names = { reference: '', arn: null };
  const nobody = { grants: [], shares: [], policy: NOBODY_ASKED };
  return { ...names, ...nobody, ...Object.fromEntries(read), is: key.is } as unknown as KeyModel;
}
