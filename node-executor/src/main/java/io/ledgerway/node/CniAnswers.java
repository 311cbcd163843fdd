package io.ledgerway.node;

import io.ledgerway.node.cni.CniErrorCode;
import io.ledgerway.node.cni.CniException;
import io.ledgerway.node.cni.CniResult;
import io.ledgerway.node.cni.Dns;
import io.ledgerway.node.endpoint.Difference;
import io.ledgerway.node.endpoint.EndpointException;
import io.ledgerway.node.endpoint.EndpointResult;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The kernel half's results and refusals in the words of CNI; neither half knows the other.
public final class CniAnswers {
    private static final int POSITION_OF_POD_LINK = 1;

    private CniAnswers() {}

    public static CniResult result(EndpointResult endpoint, Dns dns) {
        List<CniResult.Address> addresses = new ArrayList<>();
        List<CniResult.Route> routes = new ArrayList<>();
        for (int i = 0; i < endpoint.addresses().size(); i++) {
            InetAddress address = endpoint.addresses().get(i);
            Optional<String> gateway = Optional.of(endpoint.podGateways().get(i).getHostAddress());
            addresses.add(new CniResult.Address(
                    address.getHostAddress() + "/" + address.getAddress().length * 8, gateway, POSITION_OF_POD_LINK));
            routes.add(new CniResult.Route(address instanceof Inet4Address ? "0.0.0.0/0" : "::/0", gateway));
        }
        return new CniResult(
                List.of(
                        new CniResult.Interface(
                                endpoint.nodeLink(), endpoint.nodeMac().toString(), "", endpoint.mtu()),
                        new CniResult.Interface(
                                endpoint.podLink(), endpoint.podMac().toString(), endpoint.netns(), endpoint.mtu())),
                addresses,
                routes,
                dns);
    }

    public static CniException refusal(EndpointException e) {
        return switch (e.reason()) {
            case NETNS_INVALID ->
                refusal(
                        CniErrorCode.INVALID_ENVIRONMENT,
                        "CNI_NETNS cannot be used; it must be the path of the pod's network namespace",
                        e);
            case ENI_MISSING ->
                refusal(
                        CniErrorCode.TRY_AGAIN_LATER,
                        "the ENI of this pod's address is not on the node; the pod is tried again, see the node's"
                                + " story if it stays so",
                        e);
            case NAME_TAKEN ->
                refusal(
                        CniErrorCode.NAME_TAKEN,
                        "the interface name is taken; take the other CNI plugin that made it out of the chain, or"
                                + " delete the interface",
                        e);
            case UNSUPPORTED ->
                refusal(
                        CniErrorCode.INVALID_CONFIGURATION,
                        "this node's driver cannot connect what the pod was given; choose another mode for it",
                        e);
            case KERNEL_REFUSED ->
                refusal(CniErrorCode.KERNEL_REFUSED, "the kernel of this node refused; see details for the object", e);
            case BUSY -> refusal(CniErrorCode.TRY_AGAIN_LATER, "the node is busy; the pod is tried again", e);
        };
    }

    private static CniException refusal(CniErrorCode code, String message, EndpointException cause) {
        return new CniException(code, message, cause.getMessage(), cause);
    }

    /// For CHECK: refuses if there are differences.
    public static void requireNone(List<Difference> differences) {
        if (!differences.isEmpty()) {
            throw new CniException(
                    CniErrorCode.NOT_AS_ADDED,
                    "the pod's network is not as ADD made it; delete the pod and let it be made again, or restart the"
                            + " executor, which repairs it",
                    String.join(
                            "; ", differences.stream().map(Difference::toString).toList()),
                    null);
        }
    }
}
