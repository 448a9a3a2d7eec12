import { isList, isObject, type Json } from '../json.ts';
import { refer, type Scope, same } from './scope.ts';

/** Whether a condition of the template holds in this world. */
export function holds(scope: Scope, condition: Json | undefined): boolean {
  if (!isObject(condition)) return condition === true || condition === 'true';
  const [name] = Object.keys(condition);
  const argument = name === undefined ? undefined : condition[name];
  const list = isList(argument) ? argument : [];
  switch (name) {
    case 'Condition':
      return typeof argument === 'string' && namedHolds(scope, argument);
    case 'Fn::Equals':
      return same(scope, scope.resolve(list[0]), scope.resolve(list[1]));
    case 'Fn::Not':
      return !holds(scope, list[0]);
    // Every part is looked at, so that whatever it compares is known.
    case 'Fn::And':
      return list.map((part) => holds(scope, part)).every(Boolean);
    case 'Fn::Or':
      return list.map((part) => holds(scope, part)).some(Boolean);
    default:
      return open(scope, JSON.stringify(condition).slice(0, 100));
  }
}

function namedHolds(scope: Scope, name: string): boolean {
  const { conditions } = scope.template;
  const id = `condition ${name}`;
  if (!Object.hasOwn(conditions, name) || scope.open.has(id)) return open(scope, name);
  scope.open.add(id);
  try {
    return holds(scope, conditions[name]);
  } finally {
    scope.open.delete(id);
  }
}

/** A condition that nothing here can decide: both answers are possible. */
function open(scope: Scope, name: string): boolean {
  const value = refer(scope, {
    id: `condition ${name}`,
    name: `condition ${name}`,
    kind: 'text',
    choices: ['true', 'false'],
    settledBy: 'deployment',
  });
  return value === 'true';
}
