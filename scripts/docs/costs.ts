import { table } from './tables.ts';

/**
 * What each way of an organization costs a month: counts of what it does, times AWS's published prices in USD (us-east-1, as of
 * November 2026: the pricing pages of AWS Config, Lambda, CloudWatch, KMS, EventBridge, Step Functions, S3 and Athena).
 */
const PRICE = {
  configEvaluation: 0.001,
  lambdaGigabyteSecond: 0.0000166667,
  lambdaRequest: 0.2 / 1_000_000,
  kmsRequest: 0.03 / 10_000,
  logGigabyte: 0.5,
  event: 1 / 1_000_000,
  stateTransition: 0.025 / 1_000,
  s3Write: 0.005 / 1_000,
  s3Read: 0.0004 / 1_000,
  // Metered for the hours in which a value is written.
  metricHour: 0.3 / 730,
  alarm: 0.1,
  dashboard: 3,
  storedGigabyteMonth: 0.023,
  put: 0.005 / 1_000,
  scannedTerabyte: 5,
} as const;

/** The organization of the table, and what happens in it. */
const ACCOUNTS = 1_000;
const DAYS = 30;
/** Of a trail or its key, a month. */
const CHANGES = 10;
/** GetKeyPolicy twice, DescribeKey, ListGrants, GetKeyRotationStatus. */
const KMS_REQUESTS = 5;
/** One line of the log for each verdict, and Lambda's own. */
const LOG_BYTES = 4_000;
/** Of a healthy trail: the verdict, requests, and their mean and longest time. */
const METRICS = 4;
const SECONDS = 2;

/** Of a trail each, as `deploy/central.yaml` makes them. */
const BATCHES = ACCOUNTS / 100;
/** Of a run: its four states, and of each batch the start and the state; the items and the results of the batches and of the map. */
const STATE_MACHINE_RUN =
  (4 + 2 * BATCHES) * PRICE.stateTransition + (4 + BATCHES) * PRICE.s3Write + (3 + BATCHES) * PRICE.s3Read;

/** What a template says of its function. */
interface DeployedFunction {
  /** In MB. */
  readonly memory: number;
  /** How many are made where a topic is given, whatever else the stack makes. */
  readonly alarms: number;
}

interface Way {
  readonly name: string;
  /** Stacks with a function of their own. */
  readonly stacks: number;
  /** Verdicts that AWS Config is told. */
  readonly reported: number;
  readonly verdicts: number;
  readonly invocations: number;
  /** Hours a month in which a function writes metrics. */
  readonly hours: number;
  readonly events: number;
  /** Runs of the state machine. */
  readonly runs?: number;
  readonly function: DeployedFunction;
}

const onSchedule = ACCOUNTS * DAYS;
const onChange = ACCOUNTS * CHANGES;

const ways = (rule: DeployedFunction, central: DeployedFunction): readonly Way[] => [
  {
    name: 'A: per account',
    stacks: ACCOUNTS,
    reported: onSchedule + onChange,
    verdicts: onSchedule + onChange,
    invocations: onSchedule + onChange,
    hours: onSchedule + onChange,
    events: 0,
    function: rule,
  },
  {
    name: 'B: central',
    stacks: 1,
    reported: 0,
    verdicts: onSchedule + onChange,
    invocations: DAYS + onChange,
    // More than one change falls into most hours.
    hours: DAYS * 24,
    events: onChange,
    function: central,
  },
  {
    name: 'B: with the state machine',
    stacks: 1,
    reported: 0,
    verdicts: onSchedule + onChange,
    invocations: DAYS * (BATCHES + 2) + onChange,
    hours: DAYS * 24,
    events: onChange,
    runs: DAYS,
    // That of the state machine.
    function: { ...central, alarms: central.alarms + 1 },
  },
  {
    name: 'C: organization rule',
    stacks: 1,
    reported: onSchedule + onChange,
    verdicts: onSchedule + onChange,
    invocations: onSchedule + onChange,
    hours: DAYS * 24,
    events: 0,
    function: rule,
  },
];

const usd = (amount: number): string => (amount > 0 && amount < 0.01 ? 'under 0.01' : amount.toFixed(2));

/**
 * A row a way, for an organization of 1,000 accounts with a trail and a key each.
 *
 * @param central the function of the central evaluation
 */
export function costsTable(rule: DeployedFunction, central: DeployedFunction): string {
  const head = [
    '',
    'AWS Config',
    'Lambda',
    'KMS',
    'log',
    'metrics',
    'Step Functions, S3',
    'in all',
    'an account',
    'with alarms',
    'a dashboard',
  ];
  const rows = ways(rule, central).map((way) => {
    const parts = [
      way.reported * PRICE.configEvaluation,
      way.invocations * PRICE.lambdaRequest +
        way.verdicts * SECONDS * (way.function.memory / 1024) * PRICE.lambdaGigabyteSecond,
      way.verdicts * KMS_REQUESTS * PRICE.kmsRequest,
      ((way.verdicts * LOG_BYTES) / 1e9) * PRICE.logGigabyte + way.events * PRICE.event,
      way.hours * METRICS * PRICE.metricHour,
      (way.runs ?? 0) * STATE_MACHINE_RUN,
    ];
    const all = parts.reduce((sum, part) => sum + part, 0);
    const withAlarms = way.stacks * way.function.alarms * PRICE.alarm;
    return [
      way.name,
      ...parts.map(usd),
      usd(all),
      usd(all / ACCOUNTS),
      `+ ${usd(withAlarms)}`,
      `+ ${usd(way.stacks * PRICE.dashboard)}`,
    ];
  });
  return table(head, rows);
}

/** A line of results, and lines in one object. */
const LINE_BYTES = 9_000;
const LINES_AN_OBJECT = 100;

/**
 * A row an organization, of what its results cost.
 *
 * @param kept how many days they are
 */
export function resultsCostsTable(kept: number): string {
  const rows = (
    [
      ['1,000 trails, daily', 1_000, 1],
      ['30,000 trails, daily', 30_000, 1],
      ['30,000 trails, hourly', 30_000, 24],
    ] as const
  ).map(([name, trails, runs]) => {
    const gigabytes = (trails * runs * LINE_BYTES) / 1e9;
    const scan = (days: number): string => usd((days * gigabytes * PRICE.scannedTerabyte) / 1_000);
    const written = ((DAYS * trails * runs) / LINES_AN_OBJECT) * PRICE.put;
    return [
      name,
      `${gigabytes.toFixed(3)} GB`,
      usd(written),
      usd(kept * gigabytes * PRICE.storedGigabyteMonth),
      scan(2),
      scan(8),
      scan(91),
    ];
  });
  const head = [
    '',
    'a day',
    'written a month',
    `${kept} days kept, a month`,
    'a query of 2 days',
    'of 8 days',
    'of 91 days',
  ];
  return table(head, rows);
}
