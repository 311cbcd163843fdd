package io.ledgerway.server.http;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/// Where the log stands, partition by partition.
@Path("/v1/log")
@Produces(MediaType.APPLICATION_JSON)
public class LogResource {

    private final LogView log;

    LogResource(LogView log) {
        this.log = log;
    }

    @GET
    public List<LogView.Partition> partitions() {
        return log.partitions();
    }
}
