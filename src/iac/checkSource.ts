import { controlsOf } from '../report/controlsOf.ts';
import { eventDataStoreReport } from '../report/eventDataStore.ts';
import type { TrailReport } from '../report/report.ts';
import { reportFinding } from '../report/trailReport.ts';
import { verdictBy } from '../rule/evaluate/verdict.ts';
import type { Exceptions } from '../rule/exceptions/exceptions.ts';
import { checkOptions, type RuleParameters } from '../rule/parameters.ts';
import { checkOf } from '../trail/checks/index.ts';
import type { CheckOptions } from '../trail/finding.ts';
import type { OwnerKind } from '../trail/owner.ts';
import type { Deployment } from './cloudformation/template.ts';
import { InvalidSourceError, invalidSource } from './errors.ts';
import { type EvaluatedSource, evaluateSource, type FileContext, mayBeAbsent } from './evaluateSource.ts';
import { exceptionsOf } from './exceptions.ts';
import { identityOf, keyIn } from './identity.ts';
import type { JsonObject } from './json.ts';
import type { DeclaredKeys, TrailSource } from './model.ts';
import type { Deployed } from './project/deployed.ts';
import type { References } from './reference.ts';
import { whereItFails } from './whereItFails.ts';

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
  /** Makes remedies that can be pasted into a template. */
  readonly proveRemedies?: (trail: EvaluatedTrail, template: TemplateUnderFix) => EvaluatedTrail;
}

/** A template, and what the checks would say of its trails if it were another one. */
export interface TemplateUnderFix {
  readonly document: JsonObject;
  readonly evaluate: (document: JsonObject) => readonly EvaluatedTrail[];
  readonly options: CheckOptions;
}

/** What was found in one file. */
export interface CheckedSource {
  readonly trails: readonly TrailReport[];
  /** Keys for CloudTrail that no given trail, nor an event data store, uses. */
  readonly keys: readonly TrailReport[];
  readonly eventDataStores: readonly TrailReport[];
  /** Keys that are not evaluated: nothing shows that they are for CloudTrail. */
  readonly otherKeys: readonly string[];
  /** Trails and keys that an open condition may leave out. */
  readonly conditional: () => ReadonlySet<string>;
  /** Those that resources of the file carry. */
  readonly exceptions: Exceptions;
  /** Those, and of the given ones, that are for a trail or key of the file, whether in force or over. */
  readonly matchedExceptions: ReadonlySet<Exceptions[number]>;
  /** What was not looked at, one sentence part each. */
  readonly notes: readonly string[];
  /** Parameters that the file declares. */
  readonly declaredParameters: readonly string[];
}

/** Trails of a file with all that evaluating them needs. */
export interface Sources {
  readonly file: string;
  /** Says that ARNs of the file settle its partition; `null`: nothing has to be told. */
  readonly takenPartition: string | null;
  readonly trails: readonly TrailSource[];
  readonly eventDataStores: readonly TrailSource[];
  readonly keys: DeclaredKeys;
  readonly references: References;
  readonly notTold: string;
  readonly owner: OwnerKind;
  readonly isUsed: (text: string) => boolean;
  readonly notes: () => readonly string[];
  readonly declaredParameters: readonly string[];
  /** Those that resources of the file carry. */
  readonly exceptions: Exceptions;
  /** The template, and what its file would be with another one in its place; `null`: it is none, or only a part. */
  readonly template: {
    readonly document: JsonObject;
    readonly with: (document: JsonObject) => readonly Sources[];
  } | null;
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
  const checked = files.map((file) =>
    guarded(file, () => {
      const trails = withProvedRemedies(evaluatorOf(file, request)(file.trails), file, request).map((trail) => {
        const exceptions = exceptionsOf(trail.source, trail.identities, givenTo(file, request), file.references);
        return { ...trail, exceptions, report: trailReport(trail, exceptions, request) };
      });
      const eventDataStores = evaluatorOf(
        file,
        request,
      )(file.eventDataStores).map((store) => {
        const exceptions = exceptionsOf(store.source, [], givenTo(file, request), file.references);
        return { ...store, exceptions, report: storeReport(store, exceptions, request) };
      });
      for (const { identities, report } of [...trails, ...eventDataStores])
        if (!request.everyKey || report.standing === 'excepted') used.add(keyIn(identities) ?? '');
      return { file, trails, eventDataStores };
    }),
  );
  return checked.map((one) =>
    one instanceof InvalidSourceError ? one : guarded(one.file, () => withKeys(one, used, request)),
  );
}

interface TrailsChecked {
  readonly file: Sources;
  readonly trails: readonly Reported[];
  readonly eventDataStores: readonly Reported[];
}

type Reported = EvaluatedTrail & { readonly exceptions: Exceptions; readonly report: TrailReport };

function withKeys(
  { file, trails, eventDataStores }: TrailsChecked,
  used: ReadonlySet<string>,
  request: CheckRequest,
): CheckedSource {
  const { forCloudTrail, others } = file.keys;
  const keys = evaluatorOf(
    file,
    request,
  )(forCloudTrail.filter(({ id }) => !used.has(id))).map((key) => {
    const exceptions = exceptionsOf(key.source, [], givenTo(file, request), file.references);
    return { ...key, exceptions, report: keyReport(key, exceptions, request) };
  });
  const all = [...trails, ...eventDataStores, ...keys];
  return {
    trails: trails.map(({ report }) => report),
    keys: keys.map(({ report }) => report),
    eventDataStores: eventDataStores.map(({ report }) => report),
    otherKeys: others,
    conditional: () =>
      new Set(all.flatMap(({ source }) => (mayBeAbsent(source, contextOf(file, request)) ? [source.address] : []))),
    exceptions: file.exceptions,
    matchedExceptions: new Set(all.flatMap(({ exceptions }) => exceptions)),
    notes: [...file.notes(), ...trails.flatMap((trail) => trail.noteOnOrder ?? [])],
    declaredParameters: file.declaredParameters,
  };
}

const givenTo = (file: Sources, request: CheckRequest) => ({ document: request.exceptions, own: file.exceptions });

const contextOf = (file: Sources, { parameters, asOf }: CheckRequest): FileContext => ({ ...file, parameters, asOf });

const evaluatorOf = (file: Sources, request: CheckRequest) => {
  const context = contextOf(file, request);
  return (sources: readonly TrailSource[]): readonly EvaluatedTrail[] =>
    sources.flatMap((source) => {
      const evaluated = evaluateSource(source, context);
      return evaluated === null ? [] : [{ ...evaluated, source, owner: file.owner }];
    });
};

function withProvedRemedies(
  trails: readonly EvaluatedTrail[],
  { template }: Sources,
  request: CheckRequest,
): readonly EvaluatedTrail[] {
  const { proveRemedies, parameters } = request;
  if (proveRemedies === undefined || template === null) return trails;
  const known = new Map<JsonObject, readonly EvaluatedTrail[]>([[template.document, trails]]);
  const evaluate = (document: JsonObject): readonly EvaluatedTrail[] =>
    known.get(document) ?? template.with(document).flatMap((file) => evaluatorOf(file, request)(file.trails));
  const underFix = { document: template.document, evaluate, options: checkOptions(parameters) };
  return trails.map((trail) => proveRemedies(trail, underFix));
}

function guarded<T>(file: Sources, evaluate: () => T): T | InvalidSourceError {
  try {
    return evaluate();
  } catch (error) {
    return invalidSource(error, file.file);
  }
}

export interface EvaluatedTrail extends EvaluatedSource {
  readonly source: TrailSource;
  /** What deploys the file. */
  readonly owner: OwnerKind;
}

function trailReport(evaluated: EvaluatedTrail, exceptions: Exceptions, request: CheckRequest): TrailReport {
  const { identities, trail, key, findings, wording, source, owner } = evaluated;
  const { complianceType, standing, annotation } = verdictBy(
    trail,
    key,
    findings.filter(({ check, status }) => status !== 'unknown' || checkOf(check).isToldByDeployment !== true),
    request.parameters,
    exceptions,
    wording,
  );
  return {
    ...identityOf(identities),
    accountName: null,
    policySha256: null,
    owner,
    complianceType,
    standing,
    annotation: whereItFails(standing, evaluated, request.parameters) ?? annotation,
    findings: findings.map((finding) => reportFinding(finding, wording)),
    controls: controlsOf(findings),
    address: source.address,
    cdkPath: source.cdkPath,
    location: source.location,
  };
}

/** AWS makes the id that an event data store's ARN ends in. */
const storeReport = (evaluated: EvaluatedTrail, exceptions: Exceptions, request: CheckRequest): TrailReport =>
  eventDataStoreReport({ ...trailReport(evaluated, exceptions, request), trailArn: null });

/** What is true of the key whatever trail uses it. A remedy would name the trail that stands in, the check's document names none. */
function keyReport(evaluated: EvaluatedTrail, exceptions: Exceptions, request: CheckRequest): TrailReport {
  const findings = evaluated.findings
    .filter(({ check }) => checkOf(check).speaksOf === 'key')
    .map((finding) => ({ ...finding, remedy: [] }));
  const report = trailReport({ ...evaluated, findings }, exceptions, request);
  return {
    ...report,
    trailArn: null,
    findings: report.findings.map((finding) => {
      const isOpen = finding.status === 'fail' || finding.status === 'unknown';
      return isOpen ? { ...finding, remediation: checkOf(finding.check).remediation } : finding;
    }),
  };
}
