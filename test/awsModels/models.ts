import { deflateRawSync, gzipSync } from 'node:zlib';
import type { Models } from '../../scripts/awsModels/models.ts';
import type { WatchedService } from '../../scripts/awsModels/watched.ts';

/** One service that locks boxes, and what of it is watched. */
export const WATCHED: Readonly<Record<string, WatchedService>> = {
  boxes: { operations: ['Lock', 'Peek'], values: { Colour: /^RED/ }, without: ['Inside'] },
};

const MODEL = {
  operations: {
    Lock: {
      input: { shape: 'LockRequest' },
      errors: [{ shape: 'JammedException' }],
      documentation: 'Needs <code>boxes:Lock</code>; see <code>LockRequest</code> and <code>1234abcd</code>.',
    },
    Peek: { output: { shape: 'Inside' } },
    Paint: { input: { shape: 'PaintRequest' } },
  },
  shapes: {
    LockRequest: {
      type: 'structure',
      required: ['Box'],
      members: {
        Box: { shape: 'Name', documentation: 'A name, or <code>THE_OTHER</code>.' },
        State: { shape: 'State' },
        Colours: { shape: 'Colours' },
        Parent: { shape: 'LockRequest' },
      },
    },
    Name: { type: 'string', min: 1, max: 20 },
    State: { type: 'string', enum: ['Open', 'Shut'] },
    Colours: { type: 'list', member: { shape: 'Colour' }, max: 5 },
    Colour: { type: 'string', enum: ['RED', 'BLUE'] },
    Inside: { type: 'structure', members: { Secret: { shape: 'Name' } } },
    PaintRequest: { type: 'structure', members: { Brush: { shape: 'Name' } } },
  },
};

export const FACTS = [
  'boxes enum Colour.RED',
  'boxes enum State.Open',
  'boxes enum State.Shut',
  'boxes error Lock.JammedException',
  'boxes limit Colours.max=5',
  'boxes limit Name.max=20',
  'boxes limit Name.min=1',
  'boxes member LockRequest.Box',
  'boxes member LockRequest.Colours',
  'boxes member LockRequest.Parent',
  'boxes member LockRequest.State',
  'boxes operation Lock',
  'boxes operation Paint',
  'boxes operation Peek',
  'boxes required LockRequest.Box',
  'boxes word THE_OTHER',
  'boxes word boxes:Lock',
];

type Model = typeof MODEL;

/** The model after a change. */
export function changed(change: (model: Model) => void): Model {
  const copy = structuredClone(MODEL);
  change(copy);
  return copy;
}

/** Files as a botocore holds them; an older version of the API lies beside the newest. */
export function files(version: string, model: object = MODEL): Readonly<Record<string, Buffer>> {
  return {
    'botocore/__init__.py': Buffer.from(`import os\n\n__version__ = '${version}'\n`),
    'botocore/data/boxes/2015-01-01/service-2.json': Buffer.from('{"operations":{},"shapes":{}}'),
    'botocore/data/boxes/2020-02-02/paginators-1.json': Buffer.from('{}'),
    'botocore/data/boxes/2020-02-02/service-2.json.gz': gzipSync(JSON.stringify(model)),
  };
}

export const modelsOf = (given: Readonly<Record<string, Buffer>>): Models =>
  new Map(Object.entries(given).map(([name, bytes]) => [name, () => bytes]));

/** A zip archive: the second file is stored, the others deflated, and local headers have extra fields of their own. */
export function zip(given: Readonly<Record<string, Buffer>>, method?: number): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [index, [name, bytes]] of Object.entries(given).entries()) {
    const how = method ?? (index === 1 ? 0 : 8);
    const data = how === 8 ? deflateRawSync(bytes) : bytes;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(4, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(how, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(2, 30);
    entry.writeUInt16LE(3, 32);
    entry.writeUInt32LE(at, 42);
    const whole = Buffer.concat([local, Buffer.from(name), Buffer.alloc(4), data]);
    parts.push(whole);
    directory.push(Buffer.concat([entry, Buffer.from(name), Buffer.alloc(2), Buffer.from('why')]));
    at += whole.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
