package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.node.endpoint.EndpointSpec;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// What only this node knows of its living pods: the namespace each sandbox is in, and what was built there. The paths
/// are kept on disk beside the state, because a repair after a restart needs them.
public final class Sandboxes {

    private final Map<SandboxId, String> netns = new LinkedHashMap<>();
    private final Map<AttachmentId, EndpointSpec> built = new LinkedHashMap<>();
    private final Runnable onChange;

    /// @param onChange called when the paths are not those on disk any more
    public Sandboxes(Map<String, String> stored, Runnable onChange) {
        stored.forEach((sandbox, path) -> netns.put(new SandboxId(sandbox), path));
        this.onChange = onChange;
    }

    void built(AttachmentId attachment, EndpointSpec spec) {
        synchronized (this) {
            var before = built.put(attachment, spec);
            if (before != null && !before.sandbox().equals(spec.sandbox())) {
                netns.remove(new SandboxId(before.sandbox()));
            }
            netns.put(new SandboxId(spec.sandbox()), spec.netns());
        }
        onChange.run();
    }

    void removed(AttachmentId attachment, SandboxId sandbox) {
        boolean changed;
        synchronized (this) {
            changed = netns.remove(sandbox) != null;
            var spec = built.get(attachment);
            if (spec != null && spec.sandbox().equals(sandbox.value())) {
                built.remove(attachment);
            }
        }
        if (changed) {
            onChange.run();
        }
    }

    synchronized Optional<EndpointSpec> spec(AttachmentId attachment) {
        return Optional.ofNullable(built.get(attachment));
    }

    synchronized Optional<String> netns(SandboxId sandbox) {
        return Optional.ofNullable(netns.get(sandbox));
    }

    /// Forgets the paths of sandboxes that nobody speaks of any more.
    void keep(Set<SandboxId> inLog) {
        synchronized (this) {
            var known = new HashSet<>(inLog);
            built.values().forEach(spec -> known.add(new SandboxId(spec.sandbox())));
            netns.keySet().retainAll(known);
        }
        onChange.run();
    }

    /// The paths by sandbox id, to be stored.
    public synchronized SequencedMap<String, String> stored() {
        var paths = new LinkedHashMap<String, String>();
        netns.forEach((sandbox, path) -> paths.put(sandbox.value(), path));
        return paths;
    }
}
