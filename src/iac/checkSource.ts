import { controlsOf } from '../report/controlsOf.ts';
import type { TrailReport } from '../report/report.ts';
import { reportFinding } from '../report/trailReport.ts';
import { judgeByOwn } from '../rule/evaluate/verdict.ts';
import { type Exceptions, NO_EXCEPTIONS } from '../rule/exceptions/exceptions.ts';
import { TOO_DEEP } from '../rule/jsonText.ts';
import { checkOptions, type RuleParameters } from '../rule/parameters.ts';
import { checkOf } from '../trail/checks/index.ts';
import type { CheckOptions } from '../trail/finding.ts';
import type { OwnerKind } from '../trail/owner.ts';
import { expandLoops } from './cloudformation/loops.ts';
import { misspeltNotes } from './cloudformation/misspelt.ts';
import { type Deployment, readTemplate } from './cloudformation/template.ts';
import { keysOfTemplate, trailsOfTemplate } from './cloudformation/trails.ts';
import { InvalidSourceError } from './errors.ts';
import { type EvaluatedSource, evaluateSource, type FileContext, mayBeAbsent } from './evaluateSource.ts';
import { exceptionsIn, exceptionsOf } from './exceptions.ts';

import { identityOf, keyIn } from './identity.ts';
import type { JsonObject } from './json.ts';
import type { DeclaredKeys, TrailSource } from './model.ts';
import type { References } from './reference.ts';
import type { Source } from './source/readSource.ts';
import { leftOut } from './terraform/leftOut.ts';
import { trailsOfPlan } from './terraform/trails.ts';
import { whereItFails } from './whereItFails.ts';

/** What a file is evaluated by. */
interface CheckRequest {
  readonly parameters: RuleParameters;
  readonly exceptions: Exceptions;
  readonly deployment: Deployment;
  readonly asOf: Date;
  /** Keys for CloudTrail are evaluated alone also where a trail of the file uses them. */
  readonly everyKey?: boolean;
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
  /** Keys for CloudTrail that no trail of the file uses. */
  readonly keys: readonly TrailReport[];
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
interface Sources {
  /** Says that ARNs of the file settle its partition; `null`: nothing has to be told. */
  readonly takenPartition: string | null;
  readonly trails: readonly TrailSource[];
  readonly keys: DeclaredKeys;
  readonly references: References;
  readonly notTold: string;
  readonly notes: readonly string[];
  readonly declaredParameters: readonly string[];
  /** Those that resources of the file carry. */
  readonly exceptions: Exceptions;
}

/**
 * Evaluates every trail of a CloudFormation template or a Terraform plan, and every key for CloudTrail that none of them
 * uses, by the rule's own checks, with what the file settles; what it leaves open is `unknown`.
 *
 * @throws InvalidSourceError
 */
export function checkSource(source: Source, request: CheckRequest): CheckedSource {
  try {
    return check(source, request);
  } catch (error) {
    // Values are resolved by recursion.
    if (error instanceof RangeError) throw new InvalidSourceError(source.file, TOO_DEEP);
    throw error;
  }
}

function check(source: Source, request: CheckRequest): CheckedSource {
  const sources = source.is === 'template' ? templateSources(source, request) : planSources(source, request);
  const { parameters, deployment, asOf } = request;
  const text = JSON.stringify([source.document, deployment, parameters]);
  const context: FileContext = { ...sources, parameters, asOf, text };
  const owner: OwnerKind = source.is === 'template' ? 'cloudformation' : 'terraform';
  const evaluate = evaluateIn(context, owner);
  const given = { document: request.exceptions, own: sources.exceptions };
  const own = (one: TrailSource, identities: EvaluatedSource['identities']) =>
    exceptionsOf(one, identities, given, sources.references);
  const evaluated = sources.trails.flatMap(evaluate);
  const proved = source.is === 'template' ? withProvedRemedies(evaluated, source, request) : evaluated;
  const trails = proved.map((trail) => {
    const exceptions = own(trail.source, trail.identities);
    return { ...trail, exceptions, report: trailReport(trail, exceptions, request) };
  });
  const sparing = request.everyKey ? trails.filter(({ report }) => report.standing === 'excepted') : trails;
  const used = new Set(sparing.flatMap(({ identities }) => keyIn(identities) ?? []));
  const { forCloudTrail, others } = sources.keys;
  const keys = forCloudTrail
    .filter(({ address }) => !used.has(address))
    .flatMap(evaluate)
    .map((key) => {
      const exceptions = own(key.source, []);
      return { ...key, exceptions, report: keyReport(key, exceptions, request) };
    });
  return {
    trails: trails.map(({ report }) => report),
    keys: keys.map(({ report }) => report),
    otherKeys: others,
    conditional: () =>
      new Set([...trails, ...keys].flatMap(({ source: one }) => (mayBeAbsent(one, context) ? [one.address] : []))),
    exceptions: sources.exceptions,
    matchedExceptions: new Set([...trails, ...keys].flatMap(({ exceptions }) => exceptions)),
    notes: [...sources.notes, ...trails.flatMap((trail) => trail.noteOnOrder ?? [])],
    declaredParameters: sources.declaredParameters,
  };
}

const evaluateIn =
  (context: FileContext, owner: OwnerKind) =>
  (source: TrailSource): readonly EvaluatedTrail[] => {
    const evaluated = evaluateSource(source, context);
    return evaluated === null ? [] : [{ ...evaluated, source, owner }];
  };

function withProvedRemedies(
  trails: readonly EvaluatedTrail[],
  source: Extract<Source, { is: 'template' }>,
  request: CheckRequest,
): readonly EvaluatedTrail[] {
  const { proveRemedies, parameters, deployment, asOf } = request;
  if (proveRemedies === undefined) return trails;
  const known = new Map<JsonObject, readonly EvaluatedTrail[]>([[source.document, trails]]);
  const evaluate = (document: JsonObject): readonly EvaluatedTrail[] => {
    const evaluated = known.get(document);
    if (evaluated !== undefined) return evaluated;
    const sources = templateSources({ ...source, document }, request);
    const text = JSON.stringify([document, deployment, parameters]);
    return sources.trails.flatMap(evaluateIn({ ...sources, parameters, asOf, text }, 'cloudformation'));
  };
  const template = { document: source.document, evaluate, options: checkOptions(parameters) };
  return trails.map((trail) => proveRemedies(trail, template));
}

export interface EvaluatedTrail extends EvaluatedSource {
  readonly source: TrailSource;
  /** What deploys the file. */
  readonly owner: OwnerKind;
}

function trailReport(evaluated: EvaluatedTrail, exceptions: Exceptions, request: CheckRequest): TrailReport {
  const { identities, trail, key, findings, wording, source, owner } = evaluated;
  const { complianceType, standing, annotation } = judgeByOwn(
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

function templateSources(source: Extract<Source, { is: 'template' }>, { deployment, asOf }: CheckRequest): Sources {
  const template = readTemplate(expandLoops(source, deployment), deployment);
  return {
    trails: trailsOfTemplate(template),
    keys: keysOfTemplate(template),
    references: template.references,
    takenPartition: template.takenPartition,
    notTold: 'a template does not tell',
    notes: [
      ...template.notExpanded.map(
        (name) => `\`Resources.${name}\` is not expanded: trails that it makes are not checked`,
      ),
      ...misspeltNotes(template),
      ...(template.takenPartition === null ? [] : [template.takenPartition]),
      ...template.macros.map((name) => `the macro \`${name}\` is not run: what it changes is not checked`),
    ],
    declaredParameters: [...template.parameters.keys()],
    exceptions: exceptionsIn(template, asOf),
  };
}

function planSources(source: Extract<Source, { is: 'plan' }>, { deployment }: CheckRequest): Sources {
  const { trails, keys, references } = trailsOfPlan(source, deployment);
  return {
    trails,
    keys,
    references,
    takenPartition: null,
    notTold: 'a plan does not tell',
    notes: leftOut(source.document),
    declaredParameters: [],
    exceptions: NO_EXCEPTIONS,
  };
}
