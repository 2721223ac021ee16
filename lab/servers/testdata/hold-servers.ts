// Starts both servers, says so, and holds them until something ends it. Run by orphans.system.test.ts.
import { startNatsServer } from "../nats-server.ts";
import { startPostgres } from "../postgres.ts";

const [nats, postgres] = await Promise.all([startNatsServer(), startPostgres({ fsync: false })]);
console.log(JSON.stringify({ pids: [nats.pid, postgres.pid], directories: [nats.directory, postgres.directory] }));
