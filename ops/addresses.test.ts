import { expect, it } from "vitest";
import { databaseUrlOf, natsServersOf, natsUrlOf, neededDatabaseUrl } from "./addresses.ts";

it("takes an empty variable for one that is not set", () => {
  for (const env of [{}, { NATS_URL: "", DATABASE_URL: "" }]) {
    expect(natsUrlOf(env)).toBe("nats://127.0.0.1:4222");
    expect(natsServersOf(env)).toEqual(["nats://127.0.0.1:4222"]);
    expect(databaseUrlOf(env)).toBeUndefined();
    expect(() => neededDatabaseUrl(env, "the books are there")).toThrow(
      "Set DATABASE_URL to the services' database: the books are there.",
    );
  }
});

it("takes several servers apart", () => {
  const env = { NATS_URL: "tls://a:4222,tls://b:4222?ca=ca.pem", DATABASE_URL: "postgres://db/tandem" };
  expect(natsServersOf(env)).toEqual(["tls://a:4222", "tls://b:4222?ca=ca.pem"]);
  expect(neededDatabaseUrl(env, "")).toBe("postgres://db/tandem");
});
