import type { KeyFacts, TrailFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import type { OwnersChange } from './remedy/ownerWords.ts';
import type { RemedyStep } from './remedy/steps.ts';

/** The finding with its owner's way in place of what would change somebody else's trail or key by hand. */
export function handOver(finding: Finding, trail: TrailFacts, key: KeyFacts | null): Finding {
  const ofTrail = trail.owner ?? null;
  const ofKey = key?.owner ?? null;
  if (finding.remedy.length === 0 || (ofTrail === null && ofKey === null)) return finding;
  const handed = (step: RemedyStep): readonly RemedyStep[] => {
    // What an owner deploys nobody writes beside it.
    if (step.do === 'write-policy') return [];
    // Which key it gets is for its owner, too.
    if (step.do === 'repair' && step.plans === 'chosen-key') return [];
    const change = changeOf(step);
    if (change === null) return [step];
    const isOfTrail = change.what === 'trail-key' || change.what === 'logging';
    const own = isOfTrail ? ofTrail : ofKey;
    const owner = own ?? ofTrail ?? ofKey;
    // Control Tower uses the key, and deploys none: its state and rotation are for whoever made it.
    if (owner === null || (owner.by === 'control-tower' && (change.what === 'rotation' || change.what === 'key-state')))
      return [step];
    const owns = own !== null ? (isOfTrail ? 'trail' : 'key') : ofTrail !== null ? 'trail' : 'key';
    return [{ do: 'hand-over', owner, owns, change }];
  };
  return { ...finding, remedy: finding.remedy.map((way) => way.flatMap(handed)) };
}

/** What a step changes of a deployed trail or key; `null`: nothing that its owner's sources say. */
function changeOf(step: RemedyStep): OwnersChange | null {
  switch (step.do) {
    case 'set-key':
      return { what: 'trail-key', key: step.key };
    case 'start-logging':
      return { what: 'logging', command: step.command };
    case 'enable-key':
      return { what: 'key-state', command: step.command };
    case 'rotate-key':
      return { what: 'rotation' };
    case 'edit-policy': {
      const { do: _, ...edit } = step;
      return edit.edit === 'exempt-in-resource-control-policy' ? null : { what: 'key-policy', edit };
    }
    default:
      return null;
  }
}
