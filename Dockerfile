# The images of the reference system: order, inventory, payment, ops (provisioner, steward, tools), nats, and gateway.
#   docker compose build          docs/containers.md says what is in them and why
ARG NODE_IMAGE=node:24-bookworm-slim
ARG NATS_IMAGE=nats:2-alpine

# --- the packages that the bundles are made of; no script of theirs runs -------------------------------------------
FROM ${NODE_IMAGE} AS installed
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY runtime/package.json runtime/
COPY codegen/package.json codegen/
# The secret is the authority of a proxy that stands between here and the registry, for whoever has one.
RUN --mount=type=cache,target=/npm --mount=type=secret,id=ca,required=false \
    if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
    npm ci --ignore-scripts --cache /npm

# --- one tree of files for each image, and one that all of them share ----------------------------------------------
FROM installed AS staged
COPY . .
ARG SOURCE_DATE_EPOCH=0
ARG VERSION=0.1.0
RUN node launch.mjs deploy/image/main.ts /out

# --- what all share: a Node without its symbols and the libraries that it loads; no distribution, no shell ----------
FROM scratch AS base
COPY --from=staged /out/base/ /
ENV PATH=/nodejs/bin NODE_ENV=production HTTP_HOST=0.0.0.0 HTTP_PORT=3000
EXPOSE 3000
WORKDIR /app
USER 65532:65532
# Alive, and not ready: whatever restarts an unhealthy container must not do so because its broker is away.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["node", "/app/health.mjs", "/health/live"]
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.vendor="Tandem" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

FROM base AS order
COPY --from=staged /out/order/ /
LABEL org.opencontainers.image.title="tandem-order" \
      org.opencontainers.image.description="Takes orders over HTTP and alone decides about them."
CMD ["node", "services/order/main.mjs"]

FROM base AS inventory
COPY --from=staged /out/inventory/ /
LABEL org.opencontainers.image.title="tandem-inventory" \
      org.opencontainers.image.description="Owns stock and reservations."
CMD ["node", "services/inventory/main.mjs"]

FROM base AS payment
COPY --from=staged /out/payment/ /
LABEL org.opencontainers.image.title="tandem-payment" \
      org.opencontainers.image.description="Owns charges and refunds."
CMD ["node", "services/payment/main.mjs"]

# The command `tandem` as the program of a container: provision, steward, status, verify.
FROM base AS ops
COPY --from=staged /out/ops/ /
LABEL org.opencontainers.image.title="tandem-ops" \
      org.opencontainers.image.description="Provisions, looks after and inspects a running system."
ENTRYPOINT ["node", "/app/ops/main.mjs"]
CMD ["--help"]

# For the demo alone: it plays the provider of payments, and takes no money.
FROM base AS gateway
COPY --from=staged --chown=65532:65532 /out/empty/ /var/lib/gateway/
COPY --from=staged /out/gateway/ /
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["node", "/app/health.mjs", "/health"]
LABEL org.opencontainers.image.title="tandem-gateway" \
      org.opencontainers.image.description="A fake payment gateway, for demonstrations only." \
      dev.tandem.demo-only="true"
CMD ["node", "lab/gateway/main.mjs", "--host", "0.0.0.0", "--port", "3000", "--ledger", "/var/lib/gateway/ledger.jsonl"]

# The broker, as a user of its own: a volume has the owner of the folder that it is mounted over.
FROM ${NATS_IMAGE} AS nats
COPY --from=staged --chown=65532:65532 /out/empty/ /data/
USER 65532:65532
