/** The inventory service as a process: owns stock and reservations. */
import { runService } from "@tandem/runtime";
import { inventory } from "#generated/services/inventory.ts";
import { inventoryHandlers } from "./handlers.ts";

await runService(inventory, {
  description: "owns stock and reservations",
  schema: new URL("./schema.sql", import.meta.url),
  handlers: inventoryHandlers,
  httpPort: 3_001,
});
