// The health check of every image: asks the process on its own port, and ends with 0 for an answer of 200.
//   node /app/health.mjs [PATH]
import { get } from "node:http";

const request = get(
  { port: process.env.HTTP_PORT, path: process.argv[2] ?? "/health/live", timeout: 3_000, agent: false },
  (response) => {
    process.exit(response.statusCode === 200 ? 0 : 1);
  },
);
for (const event of ["timeout", "error"]) {
  request.on(event, () => {
    process.exit(1);
  });
}
