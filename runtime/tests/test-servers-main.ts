/** The servers of a test system in a process of their own, for tests of what is left when that is killed. */
import { startTestServers } from "../testing/servers/servers.ts";

const { natsUrl, databaseUrl, stop } = await startTestServers();
process.stdout.write(`${JSON.stringify({ natsUrl, databaseUrl })}\n`);
process.stdin.resume();
process.stdin.once("end", () => void stop());
