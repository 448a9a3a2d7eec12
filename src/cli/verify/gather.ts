import { changeEventReader } from '../../aws/read/changeEvents.ts';
import { eventLookup } from '../../aws/read/lookUp.ts';
import { readServiceEvents } from '../../aws/read/serviceEvents.ts';
import { readRecordedTrails, readShownTrails } from '../../aws/read/trailRecords.ts';
import { changeEvents } from '../../facts/changeEvents.ts';
import { keyEvents } from '../../facts/keyEvents.ts';
import { type KeyReference, keyOfArn } from '../../facts/keyReference.ts';
import type { EventMember, Member } from '../../facts/members.ts';
import { readingOf } from '../../facts/readings.ts';
import type { TrailVerdict } from '../../rule/evaluate/evaluation.ts';
import { NO_EXCEPTIONS } from '../../rule/exceptions/exceptions.ts';
import type { RuleParameters } from '../../rule/parameters.ts';
import { type ChangeEvent, TRAIL_CHANGES } from '../../trail/changes.ts';
import type { TrailFacts } from '../../trail/facts.ts';
import type { KeyEvent } from '../../trail/keyUse.ts';
import type { WatchedKey } from '../../trail/openQuestions/observations.ts';
import { PROBE_WINDOW_MS, probeAnswer } from '../../trail/openQuestions/probe.ts';
import { recordedAnswers } from '../../trail/openQuestions/recorded.ts';
import { verdictsOf } from '../evaluate/reported.ts';
import type { Collected } from '../live/collect.ts';
import type { AccountAccess } from '../live/reach.ts';
import { parseSnapshot } from '../snapshot/parse.ts';
import { snapshotPorts } from '../snapshot/ports.ts';
import { jsonText } from '../tooLong.ts';

/** What an account's records show in one Region. */
export interface Gathered {
  readonly watched: readonly WatchedKey[];
  /** By question, the answers that calls and items give outright. */
  readonly shown: readonly Shown[];
  /** What could not be read, each with AWS's reason. */
  readonly unread: readonly string[];
}

export interface Shown {
  readonly id: string;
  readonly answer: string;
  readonly eventId: string | null;
  readonly time: string | null;
  readonly words: string;
}

/** Calls of CreateTrail and UpdateTrail beside which the probe of a trail is looked for. */
const CHANGES_OF_A_TRAIL = 3;

/** Reads what settles questions, of the trails that were collected. */
export async function gather(
  { document }: Collected,
  reach: AccountAccess,
  region: string,
  parameters: RuleParameters,
  now: Date,
  lookUp = eventLookup(),
): Promise<Gathered> {
  const changesOf = changeEventReader(lookUp);
  const unread: string[] = [];
  const told = <T>(member: Member<readonly T[]>, what: string, permission: string): readonly T[] => {
    const reading = readingOf(member, what, permission, (list) => list);
    if (reading.read) return reading.value;
    if (!unread.includes(reading.reason)) unread.push(reading.reason);
    return [];
  };
  const events = (member: Member<readonly EventMember[]>) => told(member, 'events', 'cloudtrail:LookupEvents');

  const snapshot = parseSnapshot(jsonText(document), 'of this account');
  const descriptions = snapshot.trails.map(({ description }) => description);
  const verdicts: TrailVerdict[] = [];
  const ports = snapshotPorts(snapshot, null, now);
  for await (const verdict of verdictsOf(descriptions, ports, parameters, NO_EXCEPTIONS)) verdicts.push(verdict);

  const known = new Map<string, readonly KeyEvent[]>();
  const watched: WatchedKey[] = [];
  const shown: Shown[] = [];
  for (const { trail, key } of verdicts) {
    const named = key?.arn == null ? null : keyOfArn(key.arn);
    if (key === null || named === null || named.accountId !== reach.home.accountId) continue;
    const ofKey = known.get(named.arn) ?? keyEvents(events(await readServiceEvents(lookUp, reach.own, named)));
    known.set(named.arn, ofKey);
    watched.push({ trail, key, events: ofKey });
    if (trail.accountId !== reach.home.accountId) continue;
    const place = { arn: trail.arn, accountId: trail.accountId, region: trail.homeRegion };
    const changes = changeEvents(events(await changesOf(reach.own, null, TRAIL_CHANGES, place)), trail.arn);
    const eventsOf = async (between: readonly [from: Date, to: Date]) =>
      keyEvents(events(await readServiceEvents(lookUp, reach.own, named, between)));
    shown.push(...(await probes(trail, named, changes, eventsOf)));
  }
  const records = told(await readRecordedTrails(reach.own, region), 'items', 'config:SelectResourceConfig');
  const trails = told(await readShownTrails(reach.own, region), 'trails', 'cloudtrail:DescribeTrails');
  const answers = recordedAnswers(trails, records, { accountId: reach.home.accountId, region });
  for (const [id, given] of Object.entries(answers)) {
    const words = given?.answer === 'recorded' ? 'an item of AWS Config is of' : 'no item of AWS Config is of';
    for (const { arn } of given?.trails ?? [])
      shown.push({ id, answer: given?.answer ?? '', eventId: null, time: null, words: `${words} ${arn}` });
  }
  return { watched, shown, unread };
}

/** What stands beside the calls that created or updated a trail. */
async function probes(
  trail: TrailFacts,
  key: KeyReference,
  changes: readonly ChangeEvent[],
  eventsOf: (between: readonly [from: Date, to: Date]) => Promise<readonly KeyEvent[]>,
): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  for (const change of changes.filter(({ name }) => name !== 'StopLogging').slice(0, CHANGES_OF_A_TRAIL)) {
    const start = change.at.getTime();
    const between = [new Date(start - PROBE_WINDOW_MS.before), new Date(start + PROBE_WINDOW_MS.after)] as const;
    const found = probeAnswer(trail, change, await eventsOf(between));
    if (found === null) continue;
    const { answer, event } = found;
    const words = `CloudTrail's request for the ${answer}, by ${key.arn}, came with ${change.name} (event ${change.id})`;
    shown.push({ id: 'probe-path', answer, eventId: event.id, time: event.at.toISOString(), words });
  }
  return shown;
}
