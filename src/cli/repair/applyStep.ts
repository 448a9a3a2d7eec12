import type { Replaced } from '../../aws/keyPolicyWriter.ts';

/** One change, and how it is taken back. */
export interface Step {
  readonly name: string;
  /** @throws InfrastructureError when it stays unknown whether the change was made */
  run(): Promise<Replaced>;
  /**
   * Takes the change back, unless by now there is something else than what was written: then it is refused as `Changed`.
   *
   * Not a function: it cannot be taken back without harm, for the reason that is given.
   */
  readonly undo: (() => Promise<Replaced>) | { readonly harm: string };
  /** Refusals that pass by themselves while KMS tells its own servers of a new policy. */
  readonly passing: ReadonlySet<string>;
}
