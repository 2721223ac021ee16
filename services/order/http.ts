/** The public door: POST /orders and GET /orders/{order_id}, as the contract has them. */
import { randomUUID } from "node:crypto";
import { METHODS, type IncomingMessage, type RequestListener } from "node:http";
import { hide, hiding, type BodyLimits, type ServiceContext } from "@tandem/runtime";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { getOrder } from "#generated/http/get-order.ts";
import { placeOrder as placeOrderRoute, type OrderAccepted } from "#generated/http/place-order.ts";
import type { OrderPublishes } from "#generated/services/order.ts";
import { checkBody, checkHeaders, MOST_FAULTS, type Checked } from "./faults.ts";
import { acceptJsonOnly, requireJson } from "./json-body.ts";
import { placeOrder } from "./place-order.ts";
import { Problem, type ProblemCode } from "./problem.ts";
import { readOrder } from "./read-order.ts";
import { readSchemas } from "./schemas.ts";
import { problemOf } from "./refusals.ts";

/** What the door needs of its service. */
export type DoorContext = Pick<ServiceContext<OrderPublishes>, "transact" | "clock" | "log">;

/** How the door behaves. */
export interface DoorSettings {
  /** What is read of a body at most. */
  readonly bodies: BodyLimits;
  /** Seconds until an order is cancelled if nothing was decided. */
  readonly deadlineSeconds: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The door as a listener for the service's HTTP server. */
export async function createDoor(context: DoorContext, settings: DoorSettings): Promise<RequestListener> {
  const app = fastify({
    bodyLimit: settings.bodies.bytes,
    // Fastify's id of a request is its correlation id: the caller's if it is a good one, else the id of the request.
    genReqId: correlationIdOf,
    frameworkErrors: (error, request, reply) => {
      // Awaiting a reply is only for those who want to know when it is sent.
      void refuse(context.log, request, reply, error);
    },
  });
  acceptJsonOnly(app, settings.bodies.jsonDepth);
  // Fastify answers 404 to a method that it does not know, on whatever path.
  for (const method of METHODS) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-correlation-id", request.id);
    // Before the body is read: a path that is not there is not there, whatever is sent to it.
    if (request.is404) throw new Problem("NOT_FOUND", "There is nothing at this path.");
  });
  app.setErrorHandler((error, request, reply) =>
    withoutSensitive(request, () => refuse(context.log, request, reply, error)),
  );
  addPlaceOrder(app, context, settings);
  addGetOrder(app, context);
  addGetSchema(app, await readSchemas());
  await app.ready();
  return (request, response) => app.routing(request, response);
}

function addPlaceOrder(app: FastifyInstance, { transact, clock, log }: DoorContext, settings: DoorSettings): void {
  const { path, method, validateBody, validateHeaders } = placeOrderRoute;
  app.route({
    method,
    url: pathOf(path),
    onRequest: async (request) => requireJson(request),
    handler: async (request, reply) =>
      withoutSensitive(request, async () => {
        const headers = satisfied("HEADERS_INVALID", "headers do", checkHeaders(validateHeaders, request.headers));
        const body = satisfied("BODY_INVALID", "body does", checkBody(validateBody, request.body));
        const correlationId = request.id;
        const { orderId, isNew } = await transact({ correlationId, causationId: correlationId }, (run) =>
          placeOrder(run, {
            body,
            idempotencyKey: headers["idempotency-key"],
            correlationId,
            placedAt: new Date(clock.now()),
            deadlineSeconds: settings.deadlineSeconds,
          }),
        );
        const requestId = requestIdOf(request.headers);
        log.info(
          { orderId, requestId, correlationId },
          isNew ? "order accepted" : "order accepted before under this key",
        );
        const accepted: OrderAccepted = { order_id: orderId, status: "processing" };
        return reply.code(202).header("location", `${path}/${orderId}`).header("retry-after", "1").send(accepted);
      }),
  });
  refuseOtherMethods(app, path, [method]);
}

function addGetOrder(app: FastifyInstance, { transact }: DoorContext): void {
  const { path, method } = getOrder;
  app.route<{ Params: { order_id: string } }>({
    method,
    url: pathOf(path),
    handler: async (request) => {
      const orderId = request.params.order_id;
      if (!UUID.test(orderId)) {
        throw new Problem("PATH_INVALID", "The order id must be a UUID, as POST /orders answered it.", {
          errors: [{ path: "order_id", message: "must be a UUID" }],
        });
      }
      // A transaction only because it tells a database that is away from any other failure.
      const cause = { correlationId: request.id, causationId: request.id };
      const status = await transact(cause, async ({ tx }) => readOrder(tx, orderId.toLowerCase()));
      if (!status) throw new Problem("ORDER_UNKNOWN", `There is no order ${orderId}.`);
      return status;
    },
  });
  refuseOtherMethods(app, path, [method, "HEAD"]);
}

/** The JSON Schema of each version of each event, where `ce-dataschema` says that it is. */
function addGetSchema(app: FastifyInstance, schemas: ReadonlyMap<string, string>): void {
  for (const [path, text] of schemas) {
    app.route({
      method: "GET",
      url: path,
      handler: async (_, reply) => reply.type("application/schema+json").send(text),
    });
    refuseOtherMethods(app, path, ["GET", "HEAD"]);
  }
}

/** Answers 405 where the path is right and the method is not. */
function refuseOtherMethods(app: FastifyInstance, path: string, allowed: readonly string[]): void {
  const refusal = () => {
    throw new Problem("METHOD_NOT_ALLOWED", `${path} takes ${allowed.join(" and ")}.`, {
      allow: allowed.join(", "),
    });
  };
  app.route({
    method: METHODS.filter((method) => !allowed.includes(method)),
    url: pathOf(path),
    // Before the body is read, whatever it is.
    onRequest: async () => refusal(),
    handler: refusal,
  });
}

/** The value, when it satisfies the contract. */
function satisfied<T>(code: ProblemCode, subject: string, checked: Checked<T>): T {
  if ("value" in checked) return checked.value;
  const { faults } = checked;
  const count =
    faults.length === 1 ? "1 fault" : `${faults.length}${faults.length < MOST_FAULTS ? "" : " or more"} faults`;
  throw new Problem(code, `The ${subject} not satisfy the contract: ${count}.`, { errors: faults });
}

/** A path of the contract as Fastify writes it. */
function pathOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

function correlationIdOf({ headers }: IncomingMessage): string {
  const given = headers["x-correlation-id"];
  const checked = checkHeaders(placeOrderRoute.validateHeaders, { "x-correlation-id": given });
  return ("value" in checked ? checked.value["x-correlation-id"] : undefined) ?? requestIdOf(headers) ?? randomUUID();
}

/** As the server of the runtime has seen to it; undefined on any other. */
function requestIdOf({ "x-request-id": id }: IncomingMessage["headers"]): string | undefined {
  return typeof id === "string" ? id : undefined;
}

/** Runs work in which no log line and no answer holds what the contract marks as sensitive in the body of a request. */
function withoutSensitive<T>(request: FastifyRequest, work: () => T): T {
  return hiding(() => {
    hide(placeOrderRoute.sensitive, request.body);
    return work();
  });
}

/** Answers with the problem that an error is to its caller. The log gets what the caller must not see. */
function refuse(log: DoorContext["log"], request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const problem = problemOf(error);
  const { retryAfterSeconds, allow } = problem.options;
  const requestId = requestIdOf(request.headers);
  const { status, code } = problem;
  const line = { requestId, correlationId: request.id, status, code, method: request.method };
  if (status >= 500) log.error({ ...line, err: error }, "a request failed");
  else log.debug(line, "a request was refused");
  reply.code(status).header("x-correlation-id", request.id).type("application/problem+json");
  if (retryAfterSeconds !== undefined) reply.header("retry-after", String(retryAfterSeconds));
  if (allow !== undefined) reply.header("allow", allow);
  return reply.send(problem.body(request.id, requestId));
}
