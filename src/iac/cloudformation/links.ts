import type { KeyFacts } from '../../trail/facts.ts';
import type { Json, JsonObject } from '../json.ts';
import type { DeploymentPlace } from '../model.ts';
import type { Resource, Template } from './template.ts';

/** What the templates of one project have to do with one another, and with what is deployed already. */
export interface Links {
  /** `null`: nothing nests the template. */
  readonly parentOf: (template: Template) => Parent | null;
  /** The template of a nested stack; `null` where it is not given. */
  readonly nestedIn: (template: Template, id: string) => Template | null;
  /** The outputs that an import may mean: one, or several between which only conditions and places decide. */
  readonly exportsNamed: (importer: Template, name: string) => readonly ExportedOutput[];
  /** The resource whose generated name or id a reference is. */
  readonly declared: (reference: string) => Declared | null;
  /** Resources of other templates with a name that is settled, such as an alias. */
  readonly named: (seeker: Template, type: string, name: string) => readonly Declared[];
  /** Shares through AWS RAM, in other templates, of the key whose generated id a reference is. */
  readonly sharesOf: (seeker: Template, reference: string) => readonly Declared[];
  /** A key that is there already; the place may hold tokens. */
  readonly deployedKey: (reference: string, place: DeploymentPlace) => DeployedFacts | null;
  /** The value of an SSM parameter; `version` where the template pins one. */
  readonly ssmParameter: (name: string, version: string | null) => string | null;
}

/** The stack that nests another one. */
export interface Parent {
  readonly template: Template;
  /** What it gives the other's parameters, as the template writes it. */
  readonly parameters: JsonObject;
  readonly condition: string | null;
}

export interface ExportedOutput {
  readonly template: Template;
  readonly value: Json;
  readonly condition: string | null;
}

export interface Declared {
  readonly template: Template;
  readonly resource: Resource;
}

/** A deployed key, and the texts of its policies. */
export interface DeployedFacts {
  readonly facts: KeyFacts;
  readonly arn: string;
}

/** Of a template that stands alone. */
export const NO_LINKS: Links = {
  parentOf: () => null,
  nestedIn: () => null,
  exportsNamed: () => [],
  declared: () => null,
  named: () => [],
  sharesOf: () => [],
  deployedKey: () => null,
  ssmParameter: () => null,
};
