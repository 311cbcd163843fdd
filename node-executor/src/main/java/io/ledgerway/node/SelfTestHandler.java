package io.ledgerway.node;

import io.ledgerway.node.cni.CniCall;
import io.ledgerway.node.cni.CniHandler;
import io.ledgerway.node.cni.CniResult;
import io.ledgerway.node.endpoint.Allocation;
import io.ledgerway.node.endpoint.EndpointException;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.endpoint.Endpoints;
import io.ledgerway.node.endpoint.Eni;
import io.ledgerway.node.kernel.MacAddress;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Serves the self-test: its addresses come from a block for documentation, and nobody records them.
final class SelfTestHandler implements CniHandler {
    private static final String BLOCK = "198.51.100.";
    private static final int FIRST = 10;
    private static final int LAST = 250;

    private final Endpoints endpoints;
    private final Eni eni;
    private final int mtu;
    private final Map<EndpointKey, InetAddress> addresses = new LinkedHashMap<>();

    SelfTestHandler(Endpoints endpoints, MacAddress eniMac, int mtu) {
        this.endpoints = endpoints;
        this.eni = new Eni("eni-self-test", eniMac, 1, InetAddress.ofLiteral(BLOCK + "253"), Optional.empty());
        this.mtu = mtu;
    }

    private synchronized InetAddress addressOf(EndpointKey key) {
        if (addresses.size() > LAST - FIRST && !addresses.containsKey(key)) {
            throw new IllegalStateException("more scratch pods than scratch addresses");
        }
        return addresses.computeIfAbsent(key, k -> InetAddress.ofLiteral(BLOCK + (FIRST + addresses.size())));
    }

    private static EndpointKey key(CniCall.Attachment attachment) {
        return new EndpointKey(attachment.pod().uid(), attachment.interfaceName());
    }

    private EndpointSpec spec(CniCall.Attachment attachment, String netns) {
        EndpointKey key = key(attachment);
        return new EndpointSpec(
                key, attachment.containerId(), netns, new Allocation.SharedEni(eni, List.of(addressOf(key))), mtu);
    }

    @Override
    public CniResult add(CniCall.Add call) {
        try {
            return CniAnswers.result(
                    endpoints.add(spec(call.attachment(), call.netns())),
                    call.network().dns());
        } catch (EndpointException e) {
            throw CniAnswers.refusal(e);
        }
    }

    @Override
    public CniResult check(CniCall.Check call) {
        EndpointSpec spec = spec(call.attachment(), call.netns());
        try {
            CniAnswers.requireNone(endpoints.check(spec));
            return CniAnswers.result(endpoints.describe(spec), call.network().dns());
        } catch (EndpointException e) {
            throw CniAnswers.refusal(e);
        }
    }

    @Override
    public void delete(CniCall.Delete call) {
        EndpointKey key = key(call.attachment());
        try {
            endpoints.remove(key, call.attachment().containerId(), List.of(addressOf(key)));
        } catch (EndpointException e) {
            throw CniAnswers.refusal(e);
        }
    }

    @Override
    public void status(CniCall.Status call) {}

    @Override
    public void collect(CniCall.GarbageCollection call) {}
}
