# What one writes who thinks of nothing: the yardstick of `npm run image:size`, built and measured in the same run. It is
# not one of our images, and nothing runs it.
ARG NODE_IMAGE=node:24
FROM ${NODE_IMAGE}
WORKDIR /app
COPY . .
# The secret is the authority of a proxy that stands between here and the registry, for whoever has one.
RUN --mount=type=secret,id=ca,required=false \
    if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
    npm ci
EXPOSE 3000
CMD ["npm", "run", "start:order"]
