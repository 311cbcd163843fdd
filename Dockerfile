# The images of Ledgerway. They take what `./ledgerway build` made in this folder; nothing is compiled here.
#
#   docker build --target control-plane -t ledgerway/control-plane:0.1.0 .
#   docker build --target node-executor -t ledgerway/node-executor:0.1.0 .
#   docker build --target cloud         -t ledgerway/cloud:0.1.0 .          (the simulated ECS, for trying things out)
#
# BASE is a JRE 25 on Debian or Ubuntu. Packages are fetched only if it lacks the tools.
ARG BASE=eclipse-temurin:25-jre

FROM ${BASE} AS control-plane
COPY control-plane/server/target/quarkus-app/ /opt/ledgerway/
USER 10001
EXPOSE 7080 7443
CMD ["java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=70", "-jar", "/opt/ledgerway/quarkus-run.jar"]

FROM ${BASE} AS tools
RUN command -v ip && command -v mount && command -v nft && command -v openssl \
    || { apt-get update && apt-get install -y --no-install-recommends iproute2 mount nftables openssl && rm -rf /var/lib/apt/lists/*; }
COPY docker/writable-sysctls /opt/ledgerway/
ENTRYPOINT ["/opt/ledgerway/writable-sysctls"]

FROM tools AS cloud
COPY control-plane/simulation/target/lib/ /opt/ledgerway/lib/
COPY control-plane/simulation/target/ledgerway-simulation-*.jar /opt/ledgerway/lib/
EXPOSE 8080 8081
CMD ["java", "-XX:+UseSerialGC", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", "/opt/ledgerway/lib/*", \
     "io.ledgerway.simulation.cloud.CloudInABox", "--help"]

FROM tools AS node-executor
COPY node-executor/target/lib/ /opt/ledgerway/lib/
COPY node-executor/target/ledgerway-node-executor-*.jar /opt/ledgerway/lib/
COPY node-executor/jvm.args node-executor/target/ledgerway-cni ledgerway docker/pod /opt/ledgerway/
# Where a container runtime looks for plugins, so that the image is a whole node too.
RUN chmod 0755 /opt/ledgerway/ledgerway-cni /opt/ledgerway/ledgerway /opt/ledgerway/pod \
    && mkdir -p /opt/cni/bin && ln -s /opt/ledgerway/ledgerway-cni /opt/cni/bin/ledgerway-cni \
    && ln -s /opt/ledgerway/pod /usr/local/bin/pod
CMD ["java", "@/opt/ledgerway/jvm.args", "-cp", "/opt/ledgerway/lib/*", "io.ledgerway.node.NodeExecutor"]
