/**
 * The broker and the database for those who own them: the provisioner, the command line, tests. A service
 * needs none of this and may lack the permissions.
 */
export { openAdmin } from "./nats/admin.ts";
export type * from "./nats/admin-shapes.ts";
export { provisionDatabase, roleOf, type ServiceDatabase } from "./postgres/roles.ts";
