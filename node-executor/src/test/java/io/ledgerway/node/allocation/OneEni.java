package io.ledgerway.node.allocation;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Eni;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.time.Machine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// The addresses of a node with one ENI, as the log says they are.
abstract class OneEni {

    static final EniId ENI = new EniId("eni-1");
    static final Address IDLE = new Address.Idle(ENI);
    static final AttachmentId A = new AttachmentId(new PodUid("a"), "eth0");
    static final AttachmentId B = new AttachmentId(new PodUid("b"), "eth0");
    static final AttachmentId C = new AttachmentId(new PodUid("c"), "eth0");

    final AtomicLong now = new AtomicLong();
    final Addresses addresses = new Addresses(now::get);

    static PodRequest request(AttachmentId attachment) {
        return new PodRequest(attachment, new SandboxId("s"), "ns", "pod", PodRequest.Dns.NONE);
    }

    static NodeState state(long sequence, Map<String, Address> known, Endpoint... endpoints) {
        return state(sequence, new Eni.Attached(1), known, endpoints);
    }

    static NodeState state(long sequence, Eni.State eni, Map<String, Address> known, Endpoint... endpoints) {
        var enis = new LinkedHashMap<EniId, Eni>();
        enis.put(
                ENI,
                new Eni(
                        ENI,
                        new MacAddress("00:16:3e:00:00:01"),
                        new VSwitchId("vsw"),
                        new IpAddress("10.0.0.1"),
                        eni));
        var all = new LinkedHashMap<IpAddress, Address>();
        known.forEach((ip, address) -> all.put(new IpAddress(ip), address));
        var ends = new LinkedHashMap<AttachmentId, Endpoint>();
        List.of(endpoints).forEach(endpoint -> ends.put(endpoint.request().attachment(), endpoint));
        return new NodeState(Optional.of(at(sequence)), enis, all, ends, NodeState.EMPTY.vSwitches(), Optional.empty());
    }

    static Map<String, Address> ips(Object... pairs) {
        var map = new LinkedHashMap<String, Address>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], (Address) pairs[i + 1]);
        }
        return map;
    }

    static Position at(long sequence) {
        return new Position(0, sequence, 1);
    }

    static Allocation of(String ip) {
        return new Allocation.SharedEni(ENI, List.of(new IpAddress(ip)));
    }

    /// Of what [#alone] has made last.
    Journal journal;

    final Alone alone() throws Exception {
        return alone(new MemoryFile());
    }

    final Alone alone(MemoryFile file) throws Exception {
        journal = open(file);
        return new Alone(addresses, journal, () -> {});
    }

    static Journal open(MemoryFile file) throws Exception {
        var owner = new Incarnation(new ClusterId("c"), new NodeName("n"), new InstanceId("i"));
        return Journal.open(file, owner, new BootId("boot"), new Machine());
    }

    static Address wished(String wish) {
        return new Address.Withdrawing(ENI, new WishId(wish));
    }
}
