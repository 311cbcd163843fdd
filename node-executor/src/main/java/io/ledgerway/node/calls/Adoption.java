package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Missing;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Present;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.node.endpoint.KernelInventory;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Rule 20: what the log is told of the kernel after the node has lost its disk. The link's alias says whose it is.
///
/// @param present what the kernel has; the log adopts what it does not know
/// @param missing what the log has and the kernel has not
record Adoption(List<Present> present, List<Missing> missing) {

    /// An address that the log does not know is on an ENI that nobody can name.
    private static final EniId NO_ENI = new EniId("unknown");

    static Adoption of(NodeState state, KernelInventory kernel, Plumbing plumbing) {
        var present = new ArrayList<Present>();
        var inKernel = new HashSet<AttachmentId>();
        for (var found : kernel.endpoints()) {
            var attachment = attachment(found);
            inKernel.add(attachment);
            if (!found.addresses().isEmpty()) {
                var request = new PodRequest(attachment, new SandboxId(found.sandbox()), "", "", PodRequest.Dns.NONE);
                present.add(new Present(request, allocation(state, found), plumbing.linkName(found.key())));
            }
        }
        var missing = new ArrayList<Missing>();
        for (var endpoint : state.endpoints().values()) {
            var request = endpoint.request();
            if (!inKernel.contains(request.attachment())) {
                missing.add(new Missing(request.attachment(), request.sandbox()));
            }
        }
        return new Adoption(present, missing);
    }

    static Alone.InKernel inKernel(KernelInventory.Found found) {
        return new Alone.InKernel(attachment(found), new SandboxId(found.sandbox()), addresses(found));
    }

    List<Alone.InKernel> inKernel() {
        return present.stream()
                .map(each -> new Alone.InKernel(
                        each.request().attachment(),
                        each.request().sandbox(),
                        each.allocation().addresses()))
                .toList();
    }

    private static AttachmentId attachment(KernelInventory.Found found) {
        return new AttachmentId(new PodUid(found.key().podUid()), found.key().interfaceName());
    }

    private static List<IpAddress> addresses(KernelInventory.Found found) {
        return found.addresses().stream()
                .map(InetAddress::getHostAddress)
                .map(IpAddress::new)
                .toList();
    }

    private static Allocation allocation(NodeState state, KernelInventory.Found found) {
        var addresses = addresses(found);
        var known = state.addresses().get(addresses.getFirst());
        return state.allocation(known == null ? NO_ENI : known.eni(), addresses);
    }
}
