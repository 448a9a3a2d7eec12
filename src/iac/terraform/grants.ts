import { grantOf } from '../../facts/grants.ts';
import type { Grant } from '../../trail/grant.ts';
import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import type { Atlas } from './place.ts';
import { type Instance, planned, plannedText } from './plan.ts';
import { isFor } from './policies.ts';

/** The grants that a plan surely gives on a key; each is called by its resource address. */
export function grantsOf(atlas: Atlas, key: Instance): readonly Grant[] {
  return atlas.plan.instances
    .filter((one) => !one.isData && one.type === 'aws_kms_grant' && isFor(atlas, one, key) === true)
    .flatMap((one): readonly Grant[] => {
      const granteePrincipal = plannedText(one, 'grantee_principal') ?? plannedText(one, 'grantee_service_principal');
      const operations = planned(one, 'operations');
      if (granteePrincipal === null || !operations.known || !isList(operations.value)) return [];
      return [
        grantOf({
          GrantId: one.address,
          GranteePrincipal: granteePrincipal,
          Operations: operations.value.filter((operation) => typeof operation === 'string'),
          RetiringPrincipal: plannedText(one, 'retiring_principal'),
          Constraints: constraintsOf(one),
        }),
      ];
    });
}

/** Constraints under the names that KMS gives them; what the plan leaves open asks for something that is not known. */
function constraintsOf(grant: Instance): JsonObject {
  const blocks = planned(grant, 'constraints');
  if (!blocks.known) return { constraints: true };
  const given = isList(blocks.value) ? blocks.value.filter(isObject) : [];
  const pairs = given.flatMap((block) => Object.entries(block));
  return Object.fromEntries(
    pairs
      .filter(([, value]) => !isEmpty(value))
      .map(([name, value]) => [name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase()), value]),
  );
}

/** The provider writes what the block leaves out as null or as an empty map. */
const isEmpty = (value: Json): boolean =>
  value === null || value === '' || (isObject(value) && Object.keys(value).length === 0);
