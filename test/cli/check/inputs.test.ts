// Slow: `npm run quick` leaves it out.
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TrailReport } from '../../../src/report/report.ts';
import { runs } from '../../runs.ts';
import { cli } from '../support.ts';

const trail = (key: string) =>
  `Resources:\n  Trail: {Type: AWS::CloudTrail::Trail, Properties: {S3BucketName: b, IsLogging: true${key}}}\n`;
const BAD = trail('');
const OPEN = trail(', KMSKeyId: alias/x');
const OTHER = 'apiVersion: v1\nkind: Pod\n';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** Runs `check` on paths in the folder. */
async function check(paths: readonly string[], options: readonly string[] = [], stdin = '') {
  const at = (path: string) => (path === '-' ? path : join(folder, path));
  const { code, stdout, stderr } = await cli(['check', ...paths.map(at), '--format', 'json', ...options], { stdin });
  const trails: readonly TrailReport[] = stdout === '' ? [] : JSON.parse(stdout).trails;
  const short = (text: string) => text.replaceAll(`${folder}/`, '').replaceAll(folder, '.');
  return {
    code,
    files: trails.map(({ location }) => short(location?.file ?? '')),
    said: short(stderr)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace('cloudtrail-kms: ', '')),
    isReported: stdout !== '',
  };
}

const SKIPPED_ONE = 'one file is no template and no plan, and skipped';

describe('what is read', () => {
  const FILES = {
    'a.yaml': BAD,
    'b/c.yml': OPEN,
    'b/d/e.template.json': JSON.stringify({ Resources: {} }),
    'b/pod.yaml': OTHER,
    'readme.md': '# read me',
    'node_modules/m/x.yaml': BAD,
    '.git/x.yaml': BAD,
    '.terraform/x.yaml': BAD,
  };
  const NO_TRAIL = (of: number) => `1 of ${of} templates and plans hold no trail`;
  test.each<[string, string[], string[], number, string[]]>([
    ['a file', ['a.yaml'], ['a.yaml'], 1, []],
    [
      'a folder, but for what others made',
      [''],
      ['a.yaml', 'b/c.yml'],
      1,
      [NO_TRAIL(3), '2 files are no template and no plan, and skipped'],
    ],
    ['a folder inside', ['b'], ['b/c.yml'], 0, [NO_TRAIL(2), SKIPPED_ONE]],
    ['a folder with a slash', ['b/'], ['b/c.yml'], 0, [NO_TRAIL(2), SKIPPED_ONE]],
    ['a pattern of one folder', ['*.yaml'], ['a.yaml'], 1, []],
    ['a pattern of any folder', ['**/*.y*ml'], ['a.yaml', 'b/c.yml'], 1, [SKIPPED_ONE]],
    ['a pattern inside a folder', ['b/*.y?l'], ['b/c.yml'], 0, []],
    ['a pattern of folders', ['*/*.yml'], ['b/c.yml'], 0, []],
    ['a pattern that everything in a folder matches', ['b/**'], ['b/c.yml'], 0, [NO_TRAIL(2), SKIPPED_ONE]],
    ['a pattern that matches what is no template', ['*.md'], [], 0, [SKIPPED_ONE]],
    ['a pattern that matches nothing', ['*.tf'], [], 2, ['`*.tf` matches no file']],
    [
      'a pattern below a folder that is not there',
      ['none/*.yaml'],
      [],
      2,
      ['cannot read `none`: no such file or directory'],
    ],
    [
      'a file and its folder: once',
      ['a.yaml', '', 'b/../a.yaml'],
      ['a.yaml', 'b/c.yml'],
      1,
      [NO_TRAIL(3), '2 files are no template and no plan, and skipped'],
    ],
    ['standard input and a file', ['-', 'a.yaml'], ['-', 'a.yaml'], 1, []],
    [
      'a folder, and in it a file by its name that is no template',
      ['b', 'b/pod.yaml'],
      ['b/c.yml'],
      2,
      [
        NO_TRAIL(2),
        '`b/pod.yaml` is neither a CloudFormation template nor a Terraform plan in JSON (`terraform show -json PLANFILE`)',
      ],
    ],
  ])('%s', async (_, paths, files, code, said) => {
    await write(FILES);
    const found = await check(paths, [], BAD);
    expect({ ...found, said: found.said.toSorted() }).toMatchObject({ files, code, said: said.toSorted() });
  });

  test('`--quiet` leaves the notes out and the problems in', async () => {
    await write(FILES);
    const { said, code } = await check(['', 'none.yaml'], ['--quiet']);
    expect(said).toEqual(['cannot read `none.yaml`: no such file or directory']);
    expect(code).toBe(2);
  });
});

describe('one bad input costs itself', () => {
  const NEITHER = 'is neither a CloudFormation template nor a Terraform plan in JSON (`terraform show -json PLANFILE`)';
  test.each<[string, Record<string, string>, string[], string[]]>([
    ['no template', { 'x.yaml': OTHER }, ['x.yaml'], [`\`x.yaml\` ${NEITHER}`]],
    [
      'two of them',
      { 'x.yaml': OTHER, 'y.json': '[]' },
      ['x.yaml', 'y.json'],
      [`\`x.yaml\` ${NEITHER}`, `\`y.json\` ${NEITHER}`],
    ],
    ['a file that is not there', {}, ['x.yaml'], ['cannot read `x.yaml`: no such file or directory']],
    [
      'a template that cannot be evaluated',
      { 'x.json': '{"Parameters":[],"Resources":{}}' },
      ['x.json'],
      ['`x.json` is no CloudFormation template: `Parameters` is no object'],
    ],
  ])('%s', async (_, files, paths, said) => {
    await write({ 'bad.yaml': BAD, ...files });
    expect(await check([...paths, 'bad.yaml'])).toEqual({ code: 2, files: ['bad.yaml'], said, isReported: true });
    expect(await check(['bad.yaml', ...paths])).toEqual({ code: 2, files: ['bad.yaml'], said, isReported: true });
    expect(await check(paths)).toMatchObject({ code: 2, said, isReported: false });
  });

  test('a report that cannot be written outranks it', async () => {
    await write({ 'bad.yaml': BAD, 'x.yaml': OTHER });
    const { code, said } = await check(['bad.yaml', 'x.yaml'], ['--output', join(folder, 'none/report')]);
    expect(said).toEqual([
      `\`x.yaml\` ${NEITHER}`,
      expect.stringMatching(/^cannot write `none\/report`: no such file or directory$/),
    ]);
    expect(code).toBe(3);
  });

  test('a parameter is not misspelt where a bad file may declare it', async () => {
    await write({ 'bad.yaml': BAD, 'x.yaml': OTHER });
    expect(await check(['bad.yaml', 'x.yaml'], ['--template-parameters', 'Stage=x'])).toMatchObject({
      code: 2,
      files: ['bad.yaml'],
      said: [`\`x.yaml\` ${NEITHER}`],
    });
  });
});

describe('folders with trouble: said once, nothing lost', () => {
  beforeEach(() => write({ 'in/bad.yaml': BAD }));

  test('a folder without templates', async () => {
    await write({ 'empty/readme.md': '# read me' });
    expect(await check(['empty'])).toMatchObject({
      code: 0,
      said: ['`empty` holds no template and no plan', SKIPPED_ONE],
      isReported: true,
    });
  });

  test('links that lead back, and one that leads to itself', async () => {
    await symlink('..', join(folder, 'in/up'));
    await symlink('in', join(folder, 'again'));
    await symlink('self.yaml', join(folder, 'in/self.yaml'));
    expect(await check([''])).toEqual({
      code: 1,
      files: ['again/bad.yaml'],
      said: [
        '`again/self.yaml` is a symbolic link that leads to itself',
        '`again/up` leads back to a folder that is read already',
        '`in` leads back to a folder that is read already',
      ],
      isReported: true,
    });
  });

  test('a link to a file that is not there', async () => {
    await symlink('none.yaml', join(folder, 'in/gone.yaml'));
    expect(await check([''])).toMatchObject({
      code: 2,
      files: ['in/bad.yaml'],
      said: ['cannot read `in/gone.yaml`: no such file or directory'],
    });
  });

  // Root reads everything.
  const unlessRoot = process.getuid?.() === 0 ? test.failing : test;
  unlessRoot('a file and a folder that nobody may read', async () => {
    await write({ 'in/closed.yaml': BAD, 'in/closed/x.yaml': BAD });
    await chmod(join(folder, 'in/closed.yaml'), 0);
    await chmod(join(folder, 'in/closed'), 0);
    const found = await check(['']);
    await chmod(join(folder, 'in/closed'), 0o700);
    expect(found).toMatchObject({
      code: 2,
      files: ['in/bad.yaml'],
      said: ['cannot read `in/closed`: permission denied', 'cannot read `in/closed.yaml`: permission denied'],
    });
  });

  const MANY = runs(2_000);
  test('many files', async () => {
    const many = Array.from({ length: MANY }, (_, at) => [`in/${at % 20}/${at}.yaml`, OTHER]);
    await write(Object.fromEntries(many));
    expect(await check([''])).toMatchObject({
      code: 1,
      files: ['in/bad.yaml'],
      said: [`${MANY} files are no template and no plan, and skipped`],
    });
  });

  test('a large file that is no template', async () => {
    await write({ 'in/large.yaml': `a: ${'x'.repeat(20_000_000)}`, 'in/large.json': `"${'x'.repeat(20_000_000)}"` });
    expect(await check([''])).toMatchObject({
      code: 1,
      files: ['in/bad.yaml'],
      said: ['2 files are no template and no plan, and skipped'],
    });
  });

  test('a broken file that was meant to be a template is named', async () => {
    await write({ 'in/broken.yaml': `${BAD}  T: [\n` });
    const { code, said } = await check(['']);
    expect(said).toEqual([
      expect.stringMatching(
        /^`in\/broken.yaml` is neither JSON nor YAML: .* it names a trail or a key, and is skipped/,
      ),
      SKIPPED_ONE,
    ]);
    expect(code).toBe(1);
  });
});

describe('other formats: the message names the command that makes an accepted file', () => {
  const PLAN = '`terraform plan -out plan.out && terraform show -json plan.out > plan.json`';
  const HCL = 'resource "aws_cloudtrail" "main" {\n  name = "main"\n}\n';
  const CDKTF = '{"//":{"metadata":{}},"provider":{"aws":[{}]},"resource":{"aws_cloudtrail":{"main":{}}}}';
  const STATE = '{"version":4,"terraform_version":"1.9.0","serial":3,"lineage":"x","resources":[]}';
  const SERVERLESS = 'service: audit\nprovider:\n  name: aws\nresources:\n  Resources: {}\n';
  test.each<[string, string, string]>([
    ['main.tf', HCL, PLAN],
    ['main.txt', HCL, PLAN],
    ['prod.tfvars', 'name = "main"\n', PLAN],
    ['cdk.tf.json', CDKTF, '`cdktf synth`'],
    ['stack.json', CDKTF, PLAN],
    ['terraform.tfstate', STATE, '`terraform show -json > state.json`'],
    ['terraform.tfstate.backup', STATE, '`terraform show -json > state.json`'],
    ['state.json', STATE, '`terraform show -json > state.json`'],
    ['serverless.yml', SERVERLESS, '`serverless package`'],
    ['audit.yml', SERVERLESS, '`serverless package`'],
    ['serverless.ts', 'export default {};\n', '`serverless package`'],
    ['cdk.json', '{"app":"npx ts-node bin/app.ts"}', '`cdk synth`'],
    ['plan.out', 'PK\u0003\u0004', '`terraform show -json PLANFILE`'],
  ])('%s', async (name, content, command) => {
    await write({ [name]: content, 'bad.yaml': BAD });
    const { code, said, files } = await check([name, 'bad.yaml']);
    expect(said).toEqual([expect.stringContaining(command)]);
    expect(said[0]?.startsWith(`\`${name}\` is `)).toBe(true);
    expect({ code, files }).toEqual({ code: 2, files: ['bad.yaml'] });
  });

  test('a template may be called as it likes', async () => {
    await write({ 'serverless.yml': BAD, 'cdk.json': JSON.stringify({ Resources: {} }) });
    expect(await check(['serverless.yml', 'cdk.json'])).toMatchObject({ code: 1, files: ['serverless.yml'] });
  });
});
