import { unreadError } from '../../src/facts/readings.ts';
import { reportFinding } from '../../src/report/trailReport.ts';
import { undecided } from '../../src/trail/checkResult.ts';
import { readIt } from '../../src/trail/remedies.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/k';
const Request = {
  Principal: 'the role of the function',
  AccountId: '111122223333',
  Action: 'kms:GetKeyPolicy',
  Resource: KEY,
};
const USER = 'arn:aws:sts::111122223333:assumed-role/a/b';
const SERVICE_CONTROL = `User: ${USER} is not authorized to perform: kms:ListGrants on x with an explicit deny in a service control policy`;

describe('the permission that whoever reads lacks, from the refusal to the report', () => {
  test.each([
    [
      'a denial without AWS’s words',
      { Code: 'AccessDeniedException', Message: null, Request },
      { principal: 'the role of the function', action: 'kms:GetKeyPolicy', resource: KEY },
    ],
    [
      'a denial in AWS’s words, by a policy that no permission outweighs',
      { Code: 'AccessDeniedException', Message: SERVICE_CONTROL, Request },
      { principal: USER, action: 'kms:ListGrants', resource: KEY },
    ],
    [
      'a key of an account without a role to read it: nobody asked',
      { Code: 'NotReadableAcrossAccounts', Message: 'it takes a role', Request },
      { principal: null, action: 'kms:GetKeyPolicy', resource: KEY },
    ],
    ['another error', { Code: 'ThrottlingException', Message: 'Rate exceeded', Request }, undefined],
    [
      'a key that is not shared',
      { Code: 'NotVisibleAcrossAccounts', Message: 'gone or not shared', Request },
      undefined,
    ],
    ['a snapshot that was filled by hand', { Code: 'AccessDenied', Message: 'no', Request: null }, undefined],
  ])('%s', (_, error, expected) => {
    const unread = unreadError(error, 'kms:GetKeyPolicy');
    const { message, remedy, evidence } = undecided(unread.reason, readIt(unread));
    const finding = {
      check: 'policy-well-formed',
      severity: 'HIGH',
      status: 'unknown',
      message,
      remedy,
      evidence,
    } as const;
    expect(reportFinding(finding).missingPermission).toEqual(expected);
  });
});
