import { KMSClient } from '@aws-sdk/client-kms';
import { createClients } from '../../src/aws/clients.ts';

const role = (name: string) => ({ accessKeyId: name, secretAccessKey: 'secret', sessionToken: 'token' });

test('a service has one client a Region', () => {
  const clients = createClients();
  expect(clients.get(KMSClient, 'us-east-1')).toBe(clients.get(KMSClient, 'us-east-1'));
  expect(clients.get(KMSClient, 'us-east-1')).not.toBe(clients.get(KMSClient, 'eu-west-1'));
});

test('the clients of the sixteen roles used last are kept, of their own or of another role’s', () => {
  const clients = createClients();
  const roles = Array.from({ length: 17 }, (_, index) => role(`r${index}`));
  const [first, second, ...others] = roles;
  if (first === undefined || second === undefined) throw new Error('there are roles');
  const [ofFirst, ofSecond] = [clients.as(first), clients.as(second)];
  for (const other of others.slice(0, 14)) ofFirst.as(other);
  expect(clients.as(first)).toBe(ofFirst);
  for (const other of others.slice(14)) clients.as(other);
  expect(clients.as(first)).toBe(ofFirst);
  expect(clients.as(second)).not.toBe(ofSecond);
});
