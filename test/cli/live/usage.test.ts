import { cli } from '../support.ts';

describe('bad usage: exit code 2 and one line, before anything is asked', () => {
  test.each<[string, string[], string]>([
    ['a Region that is none', ['--regions', 'us-east'], '`--regions` holds `us-east`, accepted are Regions'],
    ['a Region with a typing error', ['--regions', 'us-est-1'], '`--regions` holds `us-est-1`'],
    ['a Region too many commas', ['--regions', 'us-east-1,,eu-west-1'], '`--regions` holds ``'],
    ['no Region', ['--regions', ''], '`--regions` holds ``'],
    ['an availability zone', ['--regions', 'us-east-1a'], '`--regions` holds `us-east-1a`'],
    ['a short account id', ['--accounts', '12345678901'], '`--accounts` holds `12345678901`, accepted are account ids'],
    ['an account id with dashes', ['--accounts', '1111-2222-3333'], '`--accounts` holds `1111-2222-3333`'],
    [
      'the ARN of a role',
      ['--role-name', 'arn:aws:iam::111122223333:role/Reader'],
      '`--role-name` is `arn:aws:iam::111122223333:role/Reader`, accepted is the name of a role',
    ],
    ['an empty role name', ['--role-name', ''], '`--role-name` is ``'],
    ['an empty profile', ['--profile', ''], '`--profile` is empty'],
    ['an empty aggregator', ['--aggregator', ''], '`--aggregator` is empty'],
    [
      'Regions twice',
      ['--regions', 'us-east-1', '--all-regions'],
      '`--regions` and `--all-regions` exclude each other',
    ],
    [
      'accounts twice',
      ['--accounts', '111122223333', '--organization', '--role-name', 'r'],
      '`--accounts` and `--organization` exclude each other',
    ],
    ['an organization without a role', ['--organization'], '`--organization` reads other accounts'],
    [
      'something else to read',
      ['--read', 'bucket'],
      '`--read` holds `bucket`, accepted are `bucket-policy`, `key-events`, `history`, `log-group`, `topic`, `previous-keys`, `event-data-stores`',
    ],
    ['an unknown flag', ['--region', 'us-east-1'], "unknown option '--region'"],
    ['an argument too many', ['us-east-1'], 'too many arguments'],
  ])('%s', async (_, args, message) => {
    for (const command of ['scan', 'collect']) {
      const { code, stdout, stderr } = await cli([command, ...args]);
      expect(stderr).toContain(message);
      expect(stderr).toMatch(/^cloudtrail-kms: [^\n]+\n$/);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    }
  });

  test.each<[string, string[], string]>([
    ['an unknown parameter', ['--parameters', '{"x":"1"}'], '`x` is no parameter of this rule'],
    ['parameters that are not JSON', ['--parameters', '{'], '`--parameters` is not JSON'],
    ['exceptions that are not there', ['--exceptions', 'none.json'], 'cannot read `none.json`'],
    ['a severity that is none', ['--minimum-severity', 'BAD'], "'BAD' is invalid"],
    ['a format that is none', ['--format', 'xml'], "'xml' is invalid"],
  ])('scan: %s', async (_, args, message) => {
    const { code, stdout, stderr } = await cli(['scan', ...args]);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test.each(['us-gov-west-1', 'cn-northwest-1', 'us-isob-east-1', 'eusc-de-east-1', 'ap-southeast-7', 'me-central-1'])(
    'the Region %s is taken',
    async (region) => {
      // The next complaint is about the role.
      const { stderr } = await cli(['scan', '--regions', region, '--role-name', '']);
      expect(stderr).toContain('--role-name');
    },
  );
});

test.each(['scan', 'collect'])('%s explains itself', async (command) => {
  const { code, stdout } = await cli([command, '--help']);
  expect(stdout).toMatch(/--profile <name>[\s\S]*--all-regions[\s\S]*--role-name <name>[\s\S]*Examples:/);
  expect(code).toBe(0);
});
