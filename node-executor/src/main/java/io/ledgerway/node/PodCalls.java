package io.ledgerway.node;

import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.calls.CallFailed;
import io.ledgerway.node.calls.Calls;
import io.ledgerway.node.calls.PodCall;
import io.ledgerway.node.cni.CniCall;
import io.ledgerway.node.cni.CniErrorCode;
import io.ledgerway.node.cni.CniException;
import io.ledgerway.node.cni.CniHandler;
import io.ledgerway.node.cni.CniResult;
import io.ledgerway.node.cni.Dns;
import io.ledgerway.node.endpoint.EndpointException;
import java.util.Optional;
import java.util.function.Supplier;

/// CNI's words for the calls, and back.
final class PodCalls implements CniHandler {

    private final Calls calls;
    private final Supplier<Optional<String>> whyNoAdd;

    /// @param whyNoAdd why an ADD would fail now; nothing if it would not
    PodCalls(Calls calls, Supplier<Optional<String>> whyNoAdd) {
        this.calls = calls;
        this.whyNoAdd = whyNoAdd;
    }

    private interface Work<T> {
        T run() throws CallFailed, InterruptedException;
    }

    @Override
    public CniResult add(CniCall.Add call) {
        var dns = call.network().dns();
        return answer(() ->
                CniAnswers.result(calls.add(podCall(call.attachment(), call.netns(), dns), call.deadlineNanos()), dns));
    }

    @Override
    public void announce(CniCall.Delete call) {
        calls.announceDelete(podCall(call.attachment(), "", Dns.NONE));
    }

    @Override
    public void delete(CniCall.Delete call) {
        answer(() -> {
            calls.delete(podCall(call.attachment(), call.netns().orElse(""), Dns.NONE));
            return null;
        });
    }

    @Override
    public CniResult check(CniCall.Check call) {
        var dns = call.network().dns();
        return answer(() -> {
            var checked = calls.check(podCall(call.attachment(), call.netns(), dns));
            CniAnswers.requireNone(checked.differences());
            return CniAnswers.result(checked.expected(), dns);
        });
    }

    @Override
    public void status(CniCall.Status call) {
        var why = whyNoAdd.get();
        if (why.isPresent()) {
            throw new CniException(
                    CniErrorCode.NOT_AVAILABLE, "no pod can be given an address on this node: " + why.get());
        }
    }

    /// What the runtime does not name may be a pod that it is about to add, so nothing is freed on this word alone: an
    /// address is freed by DEL.
    @Override
    public void collect(CniCall.GarbageCollection call) {}

    private static PodCall podCall(CniCall.Attachment attachment, String netns, Dns dns) {
        return new PodCall(
                new AttachmentId(new PodUid(attachment.pod().uid()), attachment.interfaceName()),
                new SandboxId(attachment.containerId()),
                netns,
                attachment.pod().namespace(),
                attachment.pod().name(),
                new PodRequest.Dns(dns.nameservers(), dns.domain(), dns.search(), dns.options()));
    }

    private static <T> T answer(Work<T> work) {
        try {
            return work.run();
        } catch (CallFailed e) {
            var cause = e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage());
            throw new CniException(code(e.reason()), e.getMessage(), cause, e);
        } catch (EndpointException e) {
            throw CniAnswers.refusal(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CniException(CniErrorCode.TRY_AGAIN_LATER, "the executor is stopping; try again later");
        }
    }

    private static CniErrorCode code(CallFailed.Reason reason) {
        return switch (reason) {
            case TRY_AGAIN -> CniErrorCode.TRY_AGAIN_LATER;
            case NO_ADDRESS -> CniErrorCode.NO_ADDRESS;
            case NODE_NOT_ACCEPTED -> CniErrorCode.NODE_NOT_ACCEPTED;
            case NOT_CONNECTED -> CniErrorCode.NOT_AS_ADDED;
        };
    }
}
