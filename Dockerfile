# The headless service: Node, what was built, and nothing else. Runs as a user without rights, and with a root that is read-only.
# Node has the version that tools/node names. Conversations lie in /data; anything beyond loopback demands a token unless
# REQUIRE_TOKEN=false is said, as docker-compose.yml does.

FROM node:24.21.0-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY tools ./tools
RUN npm ci --ignore-scripts --include=dev --include=optional --no-audit --no-fund
COPY tsconfig.json electron.vite.config.ts ./
COPY scripts ./scripts
COPY resources ./resources
COPY src ./src
RUN npm run build && npm run -s node -- scripts/make-notices.ts

FROM node:24.21.0-slim
ENV NODE_ENV=production \
    SERVICE_HOST=0.0.0.0 \
    SERVICE_PORT=8000 \
    PERSONA_DATA_DIR=/data \
    npm_config_cache=/tmp/npm
WORKDIR /app
# Everything the program needs of its packages is inside out/; the embedded engine is installed into /data where it is asked for.
COPY --from=build /build/package.json ./
COPY --from=build /build/out ./out
COPY --from=build /build/tools/embedded-engine ./tools/embedded-engine
COPY --from=build /build/resources/warden.sh ./resources/
COPY --from=build /build/resources/notices ./resources/notices
COPY --from=build /build/resources/memory ./resources/memory
COPY LICENSE ./
COPY docker ./docker
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["node", "docker/health.mjs"]
CMD ["node", "out/main/headless.js"]
