import { parseEvent } from '../../apply/events';

test('a line of the playbook is an event or plain text', () => {
  expect(parseEvent('{"event": "task", "task": "Lay down the tree"}')).toEqual({
    event: 'task',
    task: 'Lay down the tree',
  });
  expect(parseEvent('[WARNING]: something')).toBeUndefined();
  expect(parseEvent('{"event": "task", "ta')).toBeUndefined();
});
