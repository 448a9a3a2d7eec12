import type { ChangeEvent } from '../../../src/trail/changes.ts';
import type { KeyEvent } from '../../../src/trail/keyUse.ts';
import { probeAnswer } from '../../../src/trail/openQuestions/probe.ts';
import { OPEN_QUESTIONS } from '../../../src/trail/openQuestions/questions.ts';
import { recordedAnswers } from '../../../src/trail/openQuestions/recorded.ts';
import { settle } from '../../../src/trail/openQuestions/settle.ts';
import { trailFacts } from '../cases.ts';

const TRAIL = trailFacts({ name: '', expect: {} });
const FOLDER = 'arn:aws:s3:::logs/AWSLogs/111111111111/';
const FILE = `${FOLDER}CloudTrail/us-east-1/2026/11/20/x.json.gz`;

const change = (name: ChangeEvent['name']): ChangeEvent => ({
  id: 'c-1',
  at: new Date('2026-11-20T11:00:00Z'),
  name,
  by: null,
  policy: null,
});
const request = (path: string, seconds = 1, trail = TRAIL.arn): KeyEvent => ({
  id: 'e-1',
  at: new Date(Date.UTC(2026, 10, 20, 11, 0, seconds)),
  name: 'GenerateDataKey',
  invokedBy: 'cloudtrail.amazonaws.com',
  keyArns: [],
  encryptionContext: { 'aws:cloudtrail:arn': trail, 'aws:s3:arn': path },
  error: null,
});

test.each<[string, ChangeEvent['name'], readonly KeyEvent[], string | null]>([
  ['the folder, with CreateTrail', 'CreateTrail', [request(FOLDER)], 'folder'],
  ['the folder, with UpdateTrail', 'UpdateTrail', [request(FOLDER)], 'folder'],
  ['a file, with CreateTrail', 'CreateTrail', [request(FILE)], 'file'],
  ['a file, with UpdateTrail: it may be a delivery', 'UpdateTrail', [request(FILE)], null],
  ['the folder beside a file', 'UpdateTrail', [request(FILE), request(FOLDER)], 'folder'],
  ['too late', 'CreateTrail', [request(FOLDER, 16)], null],
  ['too early', 'CreateTrail', [request(FOLDER, -3)], null],
  ['another trail', 'CreateTrail', [request(FOLDER, 1, `${TRAIL.arn}2`)], null],
  ['another bucket', 'CreateTrail', [request('arn:aws:s3:::other/AWSLogs/111111111111/')], null],
  ['none', 'CreateTrail', [], null],
])('the probe: %s', (_, name, events, expected) => {
  expect(probeAnswer(TRAIL, change(name), events)?.answer ?? null).toBe(expected);
});

const PLACE = { accountId: '111111111111', region: 'us-east-1' };
const OWN = { arn: 'arn:aws:cloudtrail:us-east-1:111111111111:trail/own', homeRegion: 'us-east-1' };
const SHADOW = { arn: 'arn:aws:cloudtrail:eu-west-1:111111111111:trail/shadow', homeRegion: 'eu-west-1' };
const FOREIGN = { arn: 'arn:aws:cloudtrail:us-east-1:222222222222:trail/organization', homeRegion: 'us-east-1' };

test.each<[string, readonly (typeof OWN)[], readonly (typeof OWN)[], string | null, string | null]>([
  ['nothing', [], [], null, null],
  ['a trail that lives here', [OWN], [OWN], null, null],
  ['a shadow that is recorded', [OWN, SHADOW], [OWN, SHADOW], 'recorded', null],
  ['a shadow that is not', [OWN, SHADOW], [OWN], 'not-recorded', null],
  ['a shadow where nothing is recorded', [SHADOW], [], null, null],
  ['a trail of another account that is recorded', [FOREIGN], [FOREIGN], null, 'recorded'],
  ['one that is not', [OWN, FOREIGN], [OWN], null, 'not-recorded'],
  ['both', [OWN, SHADOW, FOREIGN], [OWN, SHADOW], 'recorded', 'not-recorded'],
])('what AWS Config records: %s', (_, shown, recorded, replicas, organization) => {
  const answers = recordedAnswers(shown, recorded, PLACE);
  expect(answers['replicas-recorded']?.answer ?? null).toBe(replicas);
  expect(answers['organization-trails-recorded']?.answer ?? null).toBe(organization);
});

const evidence = (...ruledOut: readonly string[]) => ({ ruledOut, eventId: null, time: null, words: 'something' });
const [QUESTION] = OPEN_QUESTIONS;

test.each<[string, readonly ReturnType<typeof evidence>[], string | null, RegExp | null]>([
  ['nothing is ruled out', [], null, /^what it takes$/],
  ['all but one', [evidence('absent'), evidence('absent')], 'carried', null],
  ['every one', [evidence('absent'), evidence('carried')], null, /contradict one another/],
])('%s', (_, list, answer, missing) => {
  const settled = settle(QUESTION!, list, 'what it takes');
  expect(settled).toMatchObject({ settled: answer !== null, answer, evidence: list });
  if (missing === null) expect(settled.missing).toBeNull();
  else expect(settled.missing).toMatch(missing);
});

test('every question has an id of its own and two answers, and those of policies assume something', () => {
  expect(new Set(OPEN_QUESTIONS.map(({ id }) => id)).size).toBe(OPEN_QUESTIONS.length);
  for (const { answers, settledBy } of OPEN_QUESTIONS) {
    expect(answers).toHaveLength(2);
    for (const { assume } of answers) expect(assume !== undefined).toBe(settledBy === 'policy');
  }
});
