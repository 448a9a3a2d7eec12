import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from './support/bundle.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { against } from './support/sam.ts';

const page = readFileSync(join(root, 'docs/deploy-organization.md'), 'utf8');
/** The commands of the page about stack sets, in its order, with values for what stands for something. */
const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.replaceAll(/ \\\n\s*/g, ' ').split('\n'))
  .filter((line) => /^aws (cloudformation (create|delete)-stack-(set|instances)|s3 cp) /.test(line))
  .map((line) =>
    line
      .replaceAll(/\bBUCKET\b/g, 'code')
      .replaceAll('ROLE_ARN', 'arn:aws:iam::111122223333:role/function')
      .replaceAll('BUS_ARN', 'arn:aws:events:us-east-1:111122223333:event-bus/keys')
      .replaceAll('OU_OF_THE_LOG_ARCHIVE', 'ou-ex01-exampleou'),
  );

describe('the stack sets of docs/deploy-organization.md', () => {
  let moto: Moto;
  let folder: string;
  const run = (script: string) => against(moto, folder, 'bash', ['--norc', '-euo', 'pipefail', '-c', script]);
  const read = async (script: string) => JSON.parse((await run(script)).said);

  before(async () => {
    moto = await startMoto();
    folder = mkdtempSync(join(tmpdir(), 'stack-sets-'));
    symlinkSync(join(root, 'deploy'), join(folder, 'deploy'));
    // What CloudFormation makes of the rule's template is nothing that moto makes.
    mkdirSync(join(folder, '.aws-sam'));
    const processed = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
    writeFileSync(join(folder, '.aws-sam/processed.json'), JSON.stringify(processed));
    const { code, said } = await run('aws s3 mb s3://code');
    assert.equal(code, 0, said);
  });
  after(() => {
    moto.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('there are three, with instances in whole units', () => {
    assert.equal(commands.filter((command) => command.includes('create-stack-set ')).length, 3);
    assert.equal(commands.filter((command) => command.includes('create-stack-instances ')).length, 3);
  });

  for (const command of commands)
    it(command, async () => {
      const { code, said } = await run(command);
      assert.equal(code, 0, said);
      const [, name = ''] = /--stack-set-name (\S+)/.exec(command) ?? [];
      if (!command.includes('create-stack-instances ')) return;
      const { StackSet } = await read(`aws cloudformation describe-stack-set --stack-set-name ${name}`);
      assert.equal(StackSet.PermissionModel, 'SERVICE_MANAGED');
      const { Summaries } = await read(`aws cloudformation list-stack-set-operations --stack-set-name ${name}`);
      assert.deepEqual(
        Summaries.map(({ Action, Status }: Record<string, string>) => [Action, Status]),
        [['CREATE', 'SUCCEEDED']],
      );
    });
});
