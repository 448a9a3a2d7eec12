import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type ScalarTag } from 'yaml';

/** A state as the Amazon States Language writes it. */
export interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly [field: string]: unknown;
}

export interface States {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export const BUCKET = 'runs-of-the-stack';

// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholder
const PARTITION = '${AWS::Partition}';

/** What CloudFormation makes of its functions, where the definition has some. */
const tags: ScalarTag[] = [
  { tag: '!Ref', resolve: (name) => (name === 'RunsBucket' ? BUCKET : name) },
  { tag: '!GetAtt', resolve: (name) => name },
  { tag: '!Sub', resolve: (text) => text.replaceAll(PARTITION, 'aws') },
];

/** The state machine that `deploy/central.yaml` deploys. */
export function centralDefinition(root: string): States {
  const template = readFileSync(join(root, 'deploy/central.yaml'), 'utf8');
  const { Resources } = parse(template, { customTags: tags, logLevel: 'error' });
  return Resources.StateMachine.Properties.Definition as States;
}
