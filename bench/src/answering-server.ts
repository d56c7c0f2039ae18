import { createServer } from 'node:http';

// A child process of the client benchmark: answers every order with an answer made beforehand, and does nothing
// else, so that what is measured is the client.

const created = Buffer.from(
  '{"order_id":"2597b999-1111-2222-3333-444455556666","fill_count":"0.00","remaining_count":"1.00","ts_ms":1795228341849}',
);
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(201, {
      'content-type': 'application/json',
      'content-length': created.length,
    });
    response.end(created);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send!(typeof address === 'object' && address !== null ? address.port : 0);
});
process.on('disconnect', () => process.exit());
