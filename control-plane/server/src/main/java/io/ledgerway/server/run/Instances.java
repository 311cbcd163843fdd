package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.InstanceId;
import java.util.List;
import java.util.Map;

/// The cloud's word on instances: one call, blocking, without a retry of its own.
public interface Instances {

    /// One call names no more of them.
    int MOST_AT_ONCE = 100;

    /// Those that the cloud shows; one that is missing is not there. What it shows may be seconds old.
    Cloud.Answer<Map<InstanceId, State>> states(List<InstanceId> instances);

    enum State {
        RUNNING,
        STOPPED,
        /// On its way from one to the other, or something that is not known here: no evidence of anything.
        CHANGING
    }
}
