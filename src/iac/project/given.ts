import type { Source } from '../source/readSource.ts';

export type TemplateSource = Extract<Source, { is: 'template' }>;

/** A file to check, and what is known of how it is deployed. */
export interface GivenSource<S extends Source = Source> {
  readonly source: S;
  /** Absolute, with `/` between its parts: by it nested stacks name their templates. */
  readonly path: string;
  /** What the manifest of a cloud assembly tells of the stack. */
  readonly stack?: AssemblyStack;
  /** Paths of the files that the stack's assembly uploads, by the names that they get. */
  readonly assets?: ReadonlyMap<string, string>;
}

export type GivenTemplate = GivenSource<TemplateSource>;

export interface AssemblyStack {
  /** `null`: not told. */
  readonly accountId: string | null;
  readonly region: string | null;
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export const isTemplate = (given: GivenSource): given is GivenTemplate => given.source.is === 'template';
