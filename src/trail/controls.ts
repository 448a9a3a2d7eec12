import { BENCHMARK, type FrameworkEntry, type Subject } from './controls/framework.ts';
import { IN_EVERY_REPORT } from './controls/inEveryReport.ts';
import { ON_REQUEST } from './controls/onRequest.ts';

/** A control of a published framework that checks speak to. */
export interface Control {
  /** With its version, or with those that number it alike. */
  readonly framework: string;
  readonly id: string;
}

/** One version of a framework. */
export interface Edition {
  readonly name: string;
  /** What `--framework` calls it. */
  readonly key: string;
}

/** A control as the table has it: one row for each thing that it asks for. */
export interface ControlRow extends Control {
  readonly subject: Subject;
  readonly editions: readonly Edition[];
  /** What shows that the control asks for it. */
  readonly source: string;
  readonly isInEveryReport: boolean;
}

const SUBJECTS: readonly Subject[] = ['encrypted', 'kept', 'private', 'rotated'];

function rowsOf(framework: FrameworkEntry): readonly ControlRow[] {
  const { name, key, versions, source } = framework;
  const common = {
    framework: versions === undefined ? name : `${name} ${versions.join(', ')}`,
    editions: versions?.map((version) => ({ name: `${name} ${version}`, key: `${key}-${version}` })) ?? [{ name, key }],
    source,
    isInEveryReport: IN_EVERY_REPORT.includes(framework),
  };
  return SUBJECTS.flatMap((subject) => (framework[subject] ?? []).map((id) => ({ ...common, id, subject })));
}

/** Every control that a check speaks to. */
export const CONTROLS: readonly ControlRow[] = [...IN_EVERY_REPORT, ...ON_REQUEST].flatMap(rowsOf);

const about = (subject: Subject): readonly ControlRow[] => CONTROLS.filter((row) => row.subject === subject);

export const ENCRYPTED = about('encrypted');
/** "Ensure CloudTrail logs are encrypted at rest using KMS CMKs" asks for the key, its Region and its policy. */
export const CIS_ENCRYPTED = ENCRYPTED.filter(({ framework }) => framework.startsWith(BENCHMARK));
export const KEPT = about('kept');
export const ROTATED = about('rotated');
export const PRIVATE = about('private');
