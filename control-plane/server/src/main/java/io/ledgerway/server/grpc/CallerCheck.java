package io.ledgerway.server.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.schemas.NodeApiHeaders;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jboss.logging.Logger;

/// Lets a call through only with a node certificate of this cluster, judged call by call; the rest of the node API
/// takes the caller from here and never from a message.
@GlobalInterceptor
@Singleton
final class CallerCheck implements ServerInterceptor {

    private static final Logger LOG = Logger.getLogger(CallerCheck.class);
    private static final String JUDGED = "ledgerway.judged";

    /// A node may say here who it takes itself for; it is refused when its certificate is another node's.
    static final Metadata.Key<String> NODE = Metadata.Key.of(NodeApiHeaders.NODE, Metadata.ASCII_STRING_MARSHALLER);

    private final ClusterId cluster;
    private final ClientAuthority authority;
    private final InstantSource clock;

    /// What a connection's certificate was found to be, kept with its TLS session.
    private record Judged(long generation, Caller caller) {}

    CallerCheck(NodeApiSettings settings) {
        this.cluster = settings.cluster();
        this.clock = settings.clock();
        this.authority = new ClientAuthority(settings.clientAuthority(), clock);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Caller caller;
        try {
            caller = judge(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
            refuseOther(headers.get(NODE), caller);
        } catch (NodeCertificate.Refused e) {
            return refuse(call, Status.PERMISSION_DENIED.withDescription(e.getMessage()));
        } catch (GeneralSecurityException | SSLPeerUnverifiedException e) {
            return refuse(call, Status.UNAUTHENTICATED.withDescription(e.getMessage()));
        }
        return Contexts.interceptCall(caller.in(Context.current()), call, headers, next);
    }

    private Caller judge(SSLSession session)
            throws GeneralSecurityException, SSLPeerUnverifiedException, NodeCertificate.Refused {
        if (session == null) {
            throw new SSLPeerUnverifiedException(
                    "the node API answers on its TLS port only, to callers with a node certificate");
        }
        long generation = authority.generation();
        if (session.getValue(JUDGED) instanceof Judged judged
                && judged.generation() == generation
                && clock.instant().isBefore(judged.caller().until())) {
            return judged.caller();
        }
        var chain = chain(session);
        authority.verify(chain);
        var leaf = chain.getFirst();
        var caller = new Caller(
                NodeCertificate.incarnation(leaf, cluster), leaf.getNotAfter().toInstant());
        session.putValue(JUDGED, new Judged(generation, caller));
        return caller;
    }

    private static void refuseOther(String claimed, Caller caller) throws NodeCertificate.Refused {
        var certified = caller.incarnation().node().value();
        if (claimed != null && !claimed.equals(certified)) {
            throw new NodeCertificate.Refused("the caller is node " + claimed + " and shows the certificate of node "
                    + certified + "; a node speaks only for itself");
        }
    }

    private static List<X509Certificate> chain(SSLSession session) throws SSLPeerUnverifiedException {
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            throw new SSLPeerUnverifiedException("the caller showed no certificate; a node shows the one that names"
                    + " its cluster, instance and name");
        }
    }

    private static <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, Status status) {
        LOG.infof("refused %s: %s", call.getMethodDescriptor().getFullMethodName(), status.getDescription());
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
