package io.ledgerway.simulation.vpc;

import static java.util.stream.Collectors.joining;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.simulator.Fabric;
import io.ledgerway.simulator.InstanceView;
import io.ledgerway.simulator.NetworkInterfaceView;
import io.ledgerway.simulator.VSwitchView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// One VPC of the simulated cloud, made of this machine's network namespaces: a bridge per vSwitch with a router
/// between them in one namespace, a namespace per instance, a veth per plugged ENI. The VPC maps an address to the MAC
/// of the ENI that holds it, and drops and counts what an ENI sends under another name. With IPv6 the gateway answers
/// for every address, so that even neighbours speak through it.
///
/// Whatever it makes carries the id's prefix; [#close] leaves nothing of it, and [#open] first removes what a killed
/// box of the same id left.
public final class VpcInABox implements Fabric, AutoCloseable {

    /// What a VPC carries unless jumbo frames are turned on.
    public static final int USUAL_MTU = 1500;

    private final BoxId id;
    private final int mtu;
    private final BoxLock lock;
    private final Map<String, Port.VSwitch> vSwitches = new LinkedHashMap<>();
    private final Map<String, Port> ports = new LinkedHashMap<>();
    private final Map<IpAddress, String> holders = new LinkedHashMap<>();
    private String vpcId = "";
    private int portsMade;
    private SourceCheck unpluggedPorts = SourceCheck.NONE;

    private VpcInABox(BoxId id, int mtu, BoxLock lock) {
        this.id = id;
        this.mtu = mtu;
        this.lock = lock;
    }

    public static VpcInABox open(BoxId id) {
        return open(id, USUAL_MTU);
    }

    /// @param mtu of every link of the VPC, in bytes; 8500 with jumbo frames
    public static VpcInABox open(BoxId id, int mtu) {
        var lock = BoxLock.acquire(id);
        try {
            sweep(id);
            Namespaces.add(id.vpc());
            Shell.inNamespace(id.vpc(), BoxScripts.prepareVpc()).orThrow();
            return new VpcInABox(id, mtu, lock);
        } catch (RuntimeException e) {
            try {
                sweep(id);
            } catch (RuntimeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            lock.close();
            throw e;
        }
    }

    public BoxId id() {
        return id;
    }

    public int mtu() {
        return mtu;
    }

    /// The blocks of all vSwitches, of both families.
    public synchronized List<Cidr> blocks() {
        return vSwitches.values().stream()
                .flatMap(vSwitch -> vSwitch.subnets().stream().map(Port.Subnet::block))
                .toList();
    }

    @Override
    public synchronized void vSwitchCreated(VSwitchView view) {
        if (!vpcId.isEmpty() && !vpcId.equals(view.vpcId())) {
            throw new IllegalArgumentException(
                    "this box plays " + vpcId + "; vSwitch " + view.id() + " belongs to " + view.vpcId());
        }
        var subnets = new ArrayList<>(List.of(Port.Subnet.parse(view.cidr(), view.gateway())));
        if (!view.ipv6Cidr().isEmpty()) {
            subnets.add(Port.Subnet.parse(view.ipv6Cidr(), view.ipv6Gateway()));
        }
        var vSwitch = new Port.VSwitch(view.id(), "vsw" + vSwitches.size(), subnets);
        Shell.inNamespace(id.vpc(), BoxScripts.addVSwitch(vSwitch, mtu)).orThrow();
        vpcId = view.vpcId();
        vSwitches.put(view.id(), vSwitch);
    }

    @Override
    public synchronized void instanceCreated(InstanceView instance) {
        Namespaces.add(namespaceOf(instance.id()));
    }

    @Override
    public synchronized void instanceReleased(InstanceView instance) {
        Namespaces.end(namespaceOf(instance.id()));
    }

    @Override
    public synchronized void plugged(NetworkInterfaceView eni) {
        if (ports.containsKey(eni.id())) {
            throw new IllegalStateException("ENI " + eni.id() + " is plugged already");
        }
        var port = portFor(eni);
        requireFree(port);
        var plug = Shell.inNamespace(id.vpc(), BoxScripts.plug(port, mtu));
        if (!plug.succeeded()) {
            Shell.inNamespace(id.vpc(), BoxScripts.undoPlug(port)).orThrow();
            plug.orThrow();
        }
        remember(port);
    }

    @Override
    public synchronized void unplugged(NetworkInterfaceView eni) {
        var port = pluggedPort(eni.id());
        var counters = Shell.inNamespace(id.vpc(), BoxScripts.unplug(port))
                .orThrow()
                .lines()
                .findFirst()
                .orElse("{}");
        forget(port);
        for (var counted : NftCounters.parse(counters).values()) {
            unpluggedPorts = unpluggedPorts.plus(counted);
        }
    }

    @Override
    public synchronized void addressesChanged(NetworkInterfaceView eni) {
        var before = pluggedPort(eni.id());
        var after = before.with(addresses(eni));
        requireFree(after);
        Shell.inNamespace(id.vpc(), BoxScripts.changeAddresses(before, after)).orThrow();
        forget(before);
        remember(after);
    }

    /// The network namespace that plays the instance.
    public String namespaceOf(String instanceId) {
        return id.namespace(instanceId);
    }

    /// What the source checks of each plugged ENI have counted so far.
    public synchronized Map<String, SourceCheck> sourceChecks() {
        return NftCounters.of(id);
    }

    /// All that any ENI's source checks have counted since the box was opened, unplugged ones too.
    public synchronized SourceCheck sourceChecksInAll() {
        return sourceChecks().values().stream().reduce(unpluggedPorts, SourceCheck::plus);
    }

    @Override
    public synchronized void close() {
        sweep(id);
        lock.close();
    }

    private static void sweep(BoxId id) {
        Namespaces.withPrefix(id.prefix()).forEach(Namespaces::end);
    }

    private Port portFor(NetworkInterfaceView eni) {
        if (eni.type().equals("Member")) {
            throw new UnsupportedOperationException(
                    "ENI " + eni.id() + " is a member of a trunk: the box has no VLANs to plug it into");
        }
        var vSwitch = vSwitches.get(eni.vSwitchId());
        if (vSwitch == null) {
            throw new IllegalArgumentException(
                    "ENI " + eni.id() + " is in vSwitch " + eni.vSwitchId() + ", the box knows " + vSwitches.keySet());
        }
        var namespace = namespaceOf(eni.instanceId());
        return new Port(
                eni.id(),
                "port" + ++portsMade,
                vSwitch,
                namespace,
                freeNic(namespace),
                new MacAddress(eni.macAddress()),
                eni.type().equals("Primary"),
                addresses(eni));
    }

    private static List<IpAddress> addresses(NetworkInterfaceView eni) {
        return eni.addresses().stream().map(IpAddress::new).toList();
    }

    private String freeNic(String namespace) {
        var taken = ports.values().stream()
                .filter(port -> port.namespace().equals(namespace))
                .map(Port::nic)
                .toList();
        return IntStream.range(0, taken.size() + 1)
                .mapToObj(index -> "eth" + index)
                .filter(name -> !taken.contains(name))
                .findFirst()
                .orElseThrow();
    }

    private Port pluggedPort(String eniId) {
        var port = ports.get(eniId);
        if (port == null) {
            throw new IllegalStateException("ENI " + eniId + " is not plugged; plugged are " + ports.keySet());
        }
        return port;
    }

    /// An address with two holders would make the VPC deliver to one of them at random: refused loudly.
    private void requireFree(Port port) {
        for (var address : port.addresses()) {
            var holder = holders.get(address);
            if (holder != null && !holder.equals(port.eniId())) {
                throw new IllegalStateException(
                        address + " is asked for by ENI " + port.eniId() + " and held by ENI " + holder);
            }
            if (port.vSwitch().subnetOf(address).isEmpty()) {
                throw new IllegalArgumentException(address + " of ENI " + port.eniId() + " is outside of vSwitch "
                        + port.vSwitch().id() + " with "
                        + port.vSwitch().subnets().stream()
                                .map(subnet -> subnet.block().toString())
                                .collect(joining(", ")));
            }
        }
    }

    private void remember(Port port) {
        ports.put(port.eniId(), port);
        port.addresses().forEach(address -> holders.put(address, port.eniId()));
    }

    private void forget(Port port) {
        ports.remove(port.eniId());
        port.addresses().forEach(holders::remove);
    }
}
