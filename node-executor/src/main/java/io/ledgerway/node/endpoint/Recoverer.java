package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.KernelException;
import io.ledgerway.node.kernel.KernelSession;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.node.kernel.NlSocket;
import io.ledgerway.node.kernel.Rule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The restart: one dump of the node, one of each pod, and only what differs is made again.
final class Recoverer {
    private final Applier applier;
    private final Remover remover;
    private final List<EndpointKey> healthy = new ArrayList<>();
    private final List<Recovery.Repaired> repaired = new ArrayList<>();
    private final List<Recovery.Failed> failed = new ArrayList<>();
    private final List<String> swept = new ArrayList<>();

    Recoverer(Applier applier, Remover remover) {
        this.applier = applier;
        this.remover = remover;
    }

    Recovery recover(List<EndpointPlan> plans, KernelSession session) {
        NamespaceView node = NamespaceView.ofNode(session);
        KernelInventory inventory = KernelInventory.of(node);
        Set<EndpointKey> desired = new HashSet<>();
        Set<InetAddress> desiredAddresses = new HashSet<>();
        for (EndpointPlan plan : plans) {
            desired.add(plan.spec().key());
            desiredAddresses.addAll(plan.spec().allocation().addresses());
        }
        // Leftovers first: one of them may hold the name or the rules that a desired endpoint needs.
        sweep(inventory, desiredAddresses, session);
        swept.addAll(CarriedLinks.settleReturned(session));
        plans.forEach(plan -> recover(plan, node, session));
        List<KernelInventory.Found> undesired = inventory.endpoints().stream()
                .filter(found -> !desired.contains(found.key()))
                .toList();
        return new Recovery(healthy, repaired, failed, undesired, swept);
    }

    private void recover(EndpointPlan plan, NamespaceView node, KernelSession session) {
        EndpointKey key = plan.spec().key();
        applier.carried().remember(key, plan.spec().netns());
        try (NetNs pod = Applier.openPod(plan.spec(), session)) {
            Comparison comparison = Applier.compare(node, pod, session);
            List<Difference> differences = comparison.differences(plan);
            if (differences.isEmpty()) {
                healthy.add(key);
                return;
            }
            if (comparison.isSameAttachment(plan.attachment())) {
                applier.repair(plan, comparison, pod, session);
            } else {
                applier.ensure(plan, session);
            }
            repaired.add(new Recovery.Repaired(key, differences));
        } catch (EndpointException e) {
            failed.add(new Recovery.Failed(key, e));
        } catch (KernelException e) {
            failed.add(new Recovery.Failed(key, Applier.failed("recover", key, e)));
        }
    }

    private void sweep(KernelInventory inventory, Set<InetAddress> desiredAddresses, KernelSession session) {
        NlSocket socket = session.onNode();
        for (KernelInventory.Found found : inventory.removed()) {
            Set<InetAddress> leftover = new HashSet<>(found.addresses());
            leftover.removeAll(desiredAddresses);
            applier.withdraw(found.key(), found.link().index(), leftover, socket);
            delete(found.link(), session);
        }
        for (Link link : inventory.unfinished()) {
            delete(link, session);
        }
        for (Rule rule : inventory.orphanedRules()) {
            if (!desiredAddresses.contains(rule.block().address())) {
                Applier.applyTolerating(socket, List.of(rule.delete()));
                swept.add(rule.toString());
            }
        }
    }

    private void delete(Link link, KernelSession session) {
        remover.deleteLink(new Remover.Withdrawal.Link(link.index(), link.name()), session, 1);
        swept.add("link " + link.name());
    }
}
