import { isList } from '../json.ts';
import type { ShareModel } from '../model.ts';
import type { Atlas } from './place.ts';
import { type Instance, planned, plannedText } from './plan.ts';
import { isFor } from './policies.ts';
import { targetsOf } from './targets.ts';
import { openArgument, settledFlag } from './values.ts';

/** Shares through AWS RAM that a plan makes of a key, or may make of it; each is called by its resource address. */
export const sharesOf = (atlas: Atlas, key: Instance): readonly ShareModel[] =>
  ofType(atlas, 'aws_ram_resource_association').flatMap((association) => {
    const isOfKey = isFor(atlas, association, key, 'resource_arn');
    if (isOfKey === false) return [];
    const share = shareOf(atlas, association);
    const allowsExternal = share === null ? null : settledFlag(share, 'allow_external_principals', false);
    return [
      {
        name: share?.address ?? association.address,
        principals: principalsOf(atlas, association, share),
        sources: share === null ? null : sourcesOf(share),
        allowsExternal: allowsExternal?.settled ? allowsExternal.value : null,
        doubt: isOfKey === null ? openArgument(association, 'resource_arn') : null,
      },
    ];
  });

const ofType = ({ plan }: Atlas, type: string): readonly Instance[] =>
  plan.instances.filter((instance) => !instance.isData && instance.type === type);

/** The share that an association belongs to; `null` where it is not in the plan. */
function shareOf(atlas: Atlas, association: Instance): Instance | null {
  const arn = plannedText(association, SHARE);
  const shares = ofType(atlas, 'aws_ram_resource_share');
  if (arn !== null)
    return shares.find((share) => [plannedText(share, 'arn'), plannedText(share, 'id')].includes(arn)) ?? null;
  const { instances, open } = targetsOf(atlas.plan, association, SHARE);
  const [only, ...others] = instances;
  return only !== undefined && others.length === 0 && open.length === 0 && shares.includes(only) ? only : null;
}

const SHARE = 'resource_share_arn';

/** `null`: one of them is open, or may belong to the share. */
function principalsOf(atlas: Atlas, association: Instance, share: Instance | null): readonly string[] | null {
  const principals: string[] = [];
  for (const one of ofType(atlas, 'aws_ram_principal_association')) {
    const its = shareOf(atlas, one);
    const arn = plannedText(one, SHARE);
    if (its === null || share === null) {
      if (arn !== null && arn !== plannedText(association, SHARE)) continue;
      if (arn === null) return null;
    } else if (its !== share) continue;
    const principal = plannedText(one, 'principal');
    if (principal === null) return null;
    principals.push(principal);
  }
  // Principals of a share that is elsewhere may be elsewhere too.
  return share === null && principals.length === 0 ? null : principals;
}

function sourcesOf(share: Instance): readonly string[] | null {
  const sources = planned(share, 'sources');
  if (!sources.known) return null;
  return isList(sources.value) ? sources.value.filter((source) => typeof source === 'string') : [];
}
