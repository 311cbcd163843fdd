package io.ledgerway.server.grpc;

import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.schemas.NodeCodec;
import io.ledgerway.schemas.Values;
import io.ledgerway.schemas.node.v1.AllocateIpResponse;
import io.ledgerway.schemas.node.v1.CandidateRefused;
import io.ledgerway.schemas.node.v1.DrainJournalResponse;
import io.ledgerway.schemas.node.v1.Queued;
import io.ledgerway.schemas.node.v1.ReconcileKernelResponse;
import io.ledgerway.schemas.node.v1.RegisterNodeResponse;
import io.ledgerway.schemas.node.v1.ReleaseIpResponse;
import io.ledgerway.schemas.node.v1.ReportEndpointResponse;
import io.ledgerway.server.run.Commands.Reply;

/// The domain's answers as the node API's messages. An answer that a command cannot have is a bug.
final class Answers {

    private Answers() {}

    static RegisterNodeResponse registered(Reply reply) {
        var to = RegisterNodeResponse.newBuilder().setPosition(NodeStateDiff.position(reply.position()));
        return switch (reply.answer()) {
            case NodeAnswer.Done a -> to.build();
            case NodeAnswer.Rejected a ->
                to.setRejected(Values.rejection(a.rejection())).build();
            case NodeAnswer.Granted a -> throw impossible("a registration", a);
            case NodeAnswer.Queued a -> throw impossible("a registration", a);
            case NodeAnswer.CandidateRefused a -> throw impossible("a registration", a);
            case NodeAnswer.Released a -> throw impossible("a registration", a);
            case NodeAnswer.Drained a -> throw impossible("a registration", a);
        };
    }

    static AllocateIpResponse allocated(Reply reply) {
        var to = AllocateIpResponse.newBuilder().setPosition(NodeStateDiff.position(reply.position()));
        return switch (reply.answer()) {
            case NodeAnswer.Granted a -> to.setGranted(NodeCodec.granted(a)).build();
            case NodeAnswer.Queued a ->
                to.setQueued(Queued.newBuilder()
                                .setWaitsFor(a.waitsFor().map(IntentId::value).orElse("")))
                        .build();
            case NodeAnswer.Rejected a ->
                to.setRejected(Values.rejection(a.rejection())).build();
            case NodeAnswer.CandidateRefused a ->
                to.setCandidateRefused(CandidateRefused.newBuilder().setWhy(a.why()))
                        .build();
            case NodeAnswer.Done a -> throw impossible("an allocation", a);
            case NodeAnswer.Released a -> throw impossible("an allocation", a);
            case NodeAnswer.Drained a -> throw impossible("an allocation", a);
        };
    }

    static ReleaseIpResponse released(Reply reply) {
        var to = ReleaseIpResponse.newBuilder().setPosition(NodeStateDiff.position(reply.position()));
        return switch (reply.answer()) {
            case NodeAnswer.Released a -> to.setFreed(a.freed()).build();
            case NodeAnswer.Drained a -> throw impossible("a release", a);
            case NodeAnswer.Rejected a ->
                to.setRejected(Values.rejection(a.rejection())).build();
            case NodeAnswer.Done a -> throw impossible("a release", a);
            case NodeAnswer.Granted a -> throw impossible("a release", a);
            case NodeAnswer.Queued a -> throw impossible("a release", a);
            case NodeAnswer.CandidateRefused a -> throw impossible("a release", a);
        };
    }

    static ReportEndpointResponse reported(Reply reply) {
        var to = ReportEndpointResponse.newBuilder().setPosition(NodeStateDiff.position(reply.position()));
        return switch (reply.answer()) {
            case NodeAnswer.Done a -> to.build();
            case NodeAnswer.Rejected a ->
                to.setRejected(Values.rejection(a.rejection())).build();
            case NodeAnswer.Granted a -> throw impossible("a report", a);
            case NodeAnswer.Queued a -> throw impossible("a report", a);
            case NodeAnswer.CandidateRefused a -> throw impossible("a report", a);
            case NodeAnswer.Released a -> throw impossible("a report", a);
            case NodeAnswer.Drained a -> throw impossible("a report", a);
        };
    }

    static DrainJournalResponse drained(Reply reply) {
        var to = DrainJournalResponse.newBuilder().setPosition(NodeStateDiff.position(reply.position()));
        return switch (reply.answer()) {
            case NodeAnswer.Drained a -> to.setThrough(a.through()).build();
            case NodeAnswer.Rejected a ->
                to.setRejected(Values.rejection(a.rejection())).build();
            case NodeAnswer.Done a -> throw impossible("a drain", a);
            case NodeAnswer.Granted a -> throw impossible("a drain", a);
            case NodeAnswer.Queued a -> throw impossible("a drain", a);
            case NodeAnswer.CandidateRefused a -> throw impossible("a drain", a);
            case NodeAnswer.Released a -> throw impossible("a drain", a);
        };
    }

    static ReconcileKernelResponse reconciled(Reply reply) {
        var to = ReconcileKernelResponse.newBuilder().setPosition(NodeStateDiff.position(reply.position()));
        return switch (reply.answer()) {
            case NodeAnswer.Done a -> to.build();
            case NodeAnswer.Rejected a ->
                to.setRejected(Values.rejection(a.rejection())).build();
            case NodeAnswer.Drained a -> throw impossible("a comparison", a);
            case NodeAnswer.Granted a -> throw impossible("a comparison", a);
            case NodeAnswer.Queued a -> throw impossible("a comparison", a);
            case NodeAnswer.CandidateRefused a -> throw impossible("a comparison", a);
            case NodeAnswer.Released a -> throw impossible("a comparison", a);
        };
    }

    private static IllegalStateException impossible(String what, NodeAnswer answer) {
        return new IllegalStateException(what + " was answered with " + answer);
    }
}
