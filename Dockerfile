# Rejoinder alone: one static program, nothing else, no root.
#
#   docker build -t rejoinder .
#   docker run --rm -u "$(id -u):$(id -g)" -v "$PWD:/site" rejoinder build

FROM rust:1.95-alpine AS build
# hadolint ignore=DL3018
RUN apk add --no-cache musl-dev gcc
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY themes themes
COPY content content
COPY benches benches
COPY tests tests
COPY site.yaml quotes.lock README.md ./
# On Alpine the target is musl, and Rust links it statically. All features, as in releases: nothing in here can be added later.
RUN cargo build --release --locked --all-features --bin rejoinder

FROM scratch
COPY --from=build /src/target/release/rejoinder /rejoinder
USER 65534:65534
WORKDIR /site
ENTRYPOINT ["/rejoinder"]
CMD ["--help"]
