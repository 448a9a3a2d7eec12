import type { PolicyIssue } from './decision.ts';
import type { GrammarCode } from './statement.ts';

export type Members = Readonly<Record<string, unknown>>;

/** Takes what is found in a statement while it is parsed. */
export interface Report {
  /** Something that has no effect, or not the one that it seems to have. */
  issue(kind: PolicyIssue['kind'], message: string): void;
  /** Something that IAM's grammar refuses. */
  refuse(code: GrammarCode, message: string, kind?: PolicyIssue['kind']): void;
  /** Something that makes the statement mean nobody knows what, and that AWS may take. */
  leaveOpen(message: string): void;
}

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
