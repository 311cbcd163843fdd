package io.ledgerway.simulation.matrix;

import java.net.StandardProtocolFamily;
import java.util.Set;

/// A way to connect pods: a row of the matrix.
public interface Wiring extends AutoCloseable {

    String name();

    Set<StandardProtocolFamily> families();

    /// Whether several pods use one ENI, each with an address of its own; otherwise each pod gets a whole one.
    boolean sharesEnis();

    /// Gives the pod its network; what fails is thrown.
    void connect(PodPlace pod);

    /// Ends what it has running; what it made ends with its namespaces.
    @Override
    void close();
}
