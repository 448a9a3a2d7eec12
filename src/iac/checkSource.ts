import type { TrailReport } from '../report/report.ts';
import { reportFinding } from '../report/trailReport.ts';
import { judge } from '../rule/evaluate/verdict.ts';
import { type Exceptions, NO_EXCEPTIONS } from '../rule/exceptions/exceptions.ts';
import type { RuleParameters } from '../rule/parameters.ts';
import { checkOf } from '../trail/checks/index.ts';
import type { OwnerKind } from '../trail/owner.ts';
import type { Deployment } from './cloudformation/template.ts';
import { InvalidSourceError, invalidSource } from './errors.ts';
import { type EvaluatedSource, evaluateSource, type FileContext, identityOf, mayBeAbsent } from './evaluateSource.ts';
import type { DeclaredKeys, TrailSource } from './model.ts';
import type { Deployed } from './project/deployed.ts';
import type { References } from './reference.ts';

/** What files are evaluated by. */
export interface CheckRequest {
  readonly parameters: RuleParameters;
  readonly exceptions: Exceptions;
  readonly deployment: Deployment;
  /** What is there already. */
  readonly deployed?: Deployed | null;
  readonly asOf: Date;
  /** Keys for CloudTrail are evaluated alone also where a trail of the file uses them. */
  readonly everyKey?: boolean;
  /** Nested stacks are evaluated apart: nothing is said of those that are not given. */
  readonly isOneStack?: boolean;
}

/** What was found in one file. */
export interface CheckedSource {
  readonly trails: readonly TrailReport[];
  /** Keys for CloudTrail that no given trail uses. */
  readonly keys: readonly TrailReport[];
  /** Keys that are not evaluated: nothing shows that they are for CloudTrail. */
  readonly otherKeys: readonly string[];
  /** Trails and keys that an open condition may leave out. */
  readonly conditional: () => ReadonlySet<string>;
  /** What was not looked at, one sentence part each. */
  readonly notes: readonly string[];
  /** Parameters that the file declares. */
  readonly declaredParameters: readonly string[];
}

/** Trails of a file with all that evaluating them needs. */
export interface Sources {
  readonly file: string;
  readonly trails: readonly TrailSource[];
  readonly keys: DeclaredKeys;
  readonly references: References;
  readonly notTold: string;
  readonly owner: OwnerKind;
  readonly isUsed: (text: string) => boolean;
  readonly notes: () => readonly string[];
  readonly declaredParameters: readonly string[];
}

/**
 * Evaluates every trail of the files, and every key for CloudTrail that no trail of any of them uses, by the rule's own
 * checks, with what the files settle; what they leave open is `unknown`. A file that cannot be evaluated costs itself.
 */
export function checkSources(
  files: readonly Sources[],
  request: CheckRequest,
): readonly (CheckedSource | InvalidSourceError)[] {
  const used = new Set<string>();
  const trails = files.map((file) =>
    guarded(file, () => {
      const evaluated = evaluatorOf(file, request)(file.trails);
      if (!request.everyKey) for (const { models } of evaluated) for (const id of keyIn(models)) used.add(id);
      return { file, reports: evaluated.map((trail) => trailReport(trail, request)), created: evaluated.map(sourceOf) };
    }),
  );
  return trails.map((checked) =>
    checked instanceof InvalidSourceError ? checked : guarded(checked.file, () => keysChecked(checked, used, request)),
  );
}

interface TrailsChecked {
  readonly file: Sources;
  readonly reports: readonly TrailReport[];
  /** Those that are created in some world. */
  readonly created: readonly TrailSource[];
}

function keysChecked(
  { file, reports, created }: TrailsChecked,
  used: ReadonlySet<string>,
  request: CheckRequest,
): CheckedSource {
  const { forCloudTrail, others } = file.keys;
  const keys = evaluatorOf(file, request)(forCloudTrail.filter(({ id }) => !used.has(id)));
  const all = [...created, ...keys.map(sourceOf)];
  return {
    trails: reports,
    keys: keys.map((key) => keyReport(key, request)),
    otherKeys: others,
    conditional: () => new Set(all.flatMap((one) => (mayBeAbsent(one, contextOf(file, request)) ? [one.address] : []))),
    notes: file.notes(),
    declaredParameters: file.declaredParameters,
  };
}

const contextOf = (file: Sources, { parameters, asOf }: CheckRequest): FileContext => ({ ...file, parameters, asOf });

const sourceOf = ({ source }: Evaluated): TrailSource => source;

const evaluatorOf = (file: Sources, request: CheckRequest) => {
  const context = contextOf(file, request);
  return (sources: readonly TrailSource[]): readonly Evaluated[] =>
    sources.flatMap((source) => {
      const evaluated = evaluateSource(source, context);
      return evaluated === null ? [] : [{ ...evaluated, source, owner: file.owner }];
    });
};

function guarded<T>(file: Sources, evaluate: () => T): T | InvalidSourceError {
  try {
    return evaluate();
  } catch (error) {
    return invalidSource(error, file.file);
  }
}

interface Evaluated extends EvaluatedSource {
  readonly source: TrailSource;
  /** What deploys the file. */
  readonly owner: OwnerKind;
}

/** The declared key that a trail uses in every world; none or one. */
function keyIn(models: EvaluatedSource['models']): readonly string[] {
  const [only, ...others] = new Set(models.map(({ key }) => (key?.is === 'declared' ? key.id : null)));
  return only == null || others.length > 0 ? [] : [only];
}

function trailReport(evaluated: Evaluated, request: CheckRequest): TrailReport {
  const { models, trail, key, findings, wording, source, owner } = evaluated;
  const { complianceType, standing, annotation } = judge(
    trail,
    key,
    findings,
    request.parameters,
    request.exceptions,
    wording,
  );
  return {
    ...identityOf(models),
    owner,
    complianceType,
    standing,
    annotation,
    findings: findings.map((finding) => reportFinding(finding, wording)),
    address: source.address,
    location: source.location,
  };
}

/** What is true of the key whatever trail uses it. A remedy would name the trail that stands in, the check's document names none. */
function keyReport(evaluated: Evaluated, request: CheckRequest): TrailReport {
  const findings = evaluated.findings
    .filter(({ check }) => checkOf(check).speaksOf === 'key')
    .map((finding) => ({ ...finding, remedy: [] }));
  const report = trailReport({ ...evaluated, findings }, { ...request, exceptions: NO_EXCEPTIONS });
  return {
    ...report,
    trailArn: null,
    findings: report.findings.map((finding) => {
      const isOpen = finding.status === 'fail' || finding.status === 'unknown';
      return isOpen ? { ...finding, remediation: checkOf(finding.check).remediation } : finding;
    }),
  };
}
