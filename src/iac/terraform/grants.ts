import type { Grant } from '../../trail/facts.ts';
import { isList } from '../json.ts';
import type { Atlas } from './place.ts';
import { type Instance, planned, plannedText } from './plan.ts';
import { isFor } from './policies.ts';

/** The grants that a plan surely gives on a key; each is called by its resource address. */
export function grantsOf(atlas: Atlas, key: Instance): readonly Grant[] {
  return atlas.plan.instances
    .filter((one) => !one.isData && one.type === 'aws_kms_grant' && isFor(atlas, one, key) === true)
    .flatMap((one): readonly Grant[] => {
      const granteePrincipal = plannedText(one, 'grantee_principal');
      const operations = planned(one, 'operations');
      if (granteePrincipal === null || !operations.known || !isList(operations.value)) return [];
      return [
        {
          grantId: one.address,
          granteePrincipal,
          operations: operations.value.filter((operation) => typeof operation === 'string'),
          issuingAccount: null,
          retiringPrincipal: plannedText(one, 'retiring_principal'),
        },
      ];
    });
}
