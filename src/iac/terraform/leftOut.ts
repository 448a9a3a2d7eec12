import { type JsonObject, member, objectsIn, textAt } from '../json.ts';
import { type Instance, planned, plannedText } from './plan.ts';

/** What a plan says that it leaves out, and what of it is not looked at, one sentence part each. */
export function leftOut(document: JsonObject, instances: readonly Instance[]): readonly string[] {
  const deferred = objectsIn(document, 'deferred_changes')
    .map((one) => member(one, 'resource_change'))
    .filter((change) => MATTERS.test(textAt(change, 'type') ?? ''))
    .map((change) => `\`${textAt(change, 'address')}\` is deferred to a later plan, and is not checked`);
  return [
    ...whyNotWhole(document),
    ...deferred,
    ...instances.filter(({ isData }) => !isData).flatMap((instance) => notChecked(instance) ?? []),
  ];
}

const MATTERS = /^aws_(cloudtrail|kms)(_|$)/;

function whyNotWhole(document: JsonObject): readonly string[] {
  if (member(document, 'errored') === true) return ['planning ended with an error: trails may be missing from it'];
  const isPart = member(document, 'complete') === false && objectsIn(document, 'deferred_changes').length === 0;
  return isPart ? ['it is a part of what is configured (`-target`): trails may be missing from it'] : [];
}

/** Resources through which Terraform deploys what others declare. */
function notChecked(instance: Instance): string | null {
  const { address, type } = instance;
  const byCloudControl = type === 'aws_cloudcontrolapi_resource' ? plannedText(instance, 'type_name') : null;
  if (/^awscc_cloudtrail_(trail|event_data_store)$/.test(type) || OF_CLOUDTRAIL.test(byCloudControl ?? ''))
    return `\`${address}\` is not checked, accepted are \`aws_cloudtrail\` and \`aws_cloudtrail_event_data_store\``;
  if (!/^(aws|awscc)_cloudformation_stack(_set)?$/.test(type) || !mayHoldTrails(instance)) return null;
  return `\`${address}\` deploys a template: trails and keys in it are checked only where the template itself is given`;
}

const OF_CLOUDTRAIL = /^AWS::CloudTrail::(Trail|EventDataStore)$/;

function mayHoldTrails(stack: Instance): boolean {
  const body = planned(stack, 'template_body');
  // Without a body it stands at an address.
  return !body.known || typeof body.value !== 'string' || /AWS::(CloudTrail|CloudFormation)::/.test(body.value);
}
