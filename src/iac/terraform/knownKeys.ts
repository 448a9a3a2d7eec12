import { type KnownKey, unsettled } from '../model.ts';
import { grantsOf } from './grants.ts';
import type { Atlas } from './place.ts';
import { type Instance, planned, plannedText } from './plan.ts';
import { policyOfKey } from './policies.ts';
import { sharesOf } from './shares.ts';

/** A key that stands elsewhere, from the data source that read it. */
export function knownKey(atlas: Atlas, source: Instance, reference: string): KnownKey {
  const text = (name: string): string | null => plannedText(source, name);
  const multiRegion = planned(source, 'multi_region');
  const attached = policyOfKey(atlas, source);
  return {
    is: 'known',
    address: source.address,
    reference,
    arn: text('arn'),
    metadata: {
      state: text('key_state'),
      manager: text('key_manager'),
      spec: text('key_spec') ?? text('customer_master_key_spec'),
      usage: text('key_usage'),
      origin: text('origin'),
      deletionDate: dateOf(text('deletion_date')),
      validTo: dateOf(text('valid_to')),
      isMultiRegion: multiRegion.known && typeof multiRegion.value === 'boolean' ? multiRegion.value : null,
      relatedKeys: multiRegion.known && multiRegion.value === false ? [] : null,
    },
    grants: grantsOf(atlas, source),
    shares: sharesOf(atlas, source),
    // A data source does not read the policy; a resource of the plan may set it.
    policy:
      attached.is === 'given' ? attached.policy : unsettled(`the policy of \`${source.address}\` is not in the plan`),
  };
}

const dateOf = (text: string | null): Date | null =>
  text === null || Number.isNaN(Date.parse(text)) ? null : new Date(text);
