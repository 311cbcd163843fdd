package io.ledgerway.architecture.planted.node.cni;

import jakarta.ws.rs.GET;
import picocli.CommandLine.Command;

@Command
interface TalksOverHttp {
    @GET
    String get();
}
