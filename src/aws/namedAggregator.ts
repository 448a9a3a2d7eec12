import { InvalidParameterError } from '../rule/errors.ts';
import type { Reach } from './accounts.ts';
import type { Aggregator } from './read/aggregator.ts';

/** The Config aggregator that the rule parameter `aggregatorName` names, in the function's own account. */
export const namedAggregator = ({ home }: Pick<Reach, 'home'>, name: string): Aggregator => ({
  name,
  home,
  missing: (problem) => new InvalidParameterError('aggregatorName', problem),
});
