package io.ledgerway.node.cni;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// From a request to an answer: parse, wait for one's turn, call the handler, write the result or the error as the
/// specification has it.
final class Dispatcher {
    private static final Logger LOG = System.getLogger(Dispatcher.class.getName());
    private static final byte[] NOTHING = {};

    private final CniHandler handler;
    private final CallParser parser;
    /// By pod and interface: the calls of a pod's old and new sandbox concern the same attachment.
    private final KeyedOrder<String> order = new KeyedOrder<>();

    Dispatcher(CniHandler handler, CallParser parser) {
        this.handler = handler;
        this.parser = parser;
    }

    /// What the relay prints on standard output and exits with.
    record Answer(int exitStatus, byte[] output) {}

    Answer answer(byte[] frame) {
        CniVersion version = CniVersion.LATEST;
        try {
            CniRequest request = CniRequest.decode(frame);
            CniCommand command = CallParser.command(request);
            if (command == CniCommand.VERSION) {
                return success(versions());
            }
            NetworkConfiguration network = NetworkConfiguration.parse(request.stdin());
            version = network.version();
            return success(handle(parser.parse(request, command, network)));
        } catch (CniException e) {
            return failure(version, e);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a CNI call failed in a way that should not be possible", e);
            return failure(
                    version,
                    new CniException(
                            CniErrorCode.INTERNAL,
                            "the executor failed in a way that is a bug of Ledgerway; its log has the details",
                            e.toString(),
                            e));
        }
    }

    private byte[] handle(CniCall call) {
        return switch (call) {
            case CniCall.Add add ->
                inTurn(
                        add.attachment(),
                        () -> Json.write(handler.add(add).asJson(add.network().version())));
            case CniCall.Delete delete -> {
                handler.announce(delete);
                yield inTurn(delete.attachment(), () -> {
                    handler.delete(delete);
                    return NOTHING;
                });
            }
            case CniCall.Check check ->
                inTurn(check.attachment(), () -> {
                    compare(handler.check(check), check.previousResult());
                    return NOTHING;
                });
            case CniCall.Status status -> {
                handler.status(status);
                yield NOTHING;
            }
            case CniCall.GarbageCollection collection -> {
                handler.collect(collection);
                yield NOTHING;
            }
        };
    }

    private byte[] inTurn(CniCall.Attachment attachment, Supplier<byte[]> work) {
        return order.inTurn(
                attachment.pod().uid() + "/" + attachment.interfaceName(),
                work,
                () -> new CniException(
                        CniErrorCode.TRY_AGAIN_LATER,
                        KeyedOrder.MAX_WAITING + " calls about interface " + attachment.interfaceName()
                                + " of container " + attachment.containerId()
                                + " are waiting already; try again when they are answered"));
    }

    private static void compare(CniResult expected, Map<?, ?> previous) {
        List<String> missing = expected.missingIn(previous);
        if (!missing.isEmpty()) {
            throw new CniException(
                    CniErrorCode.NOT_AS_ADDED,
                    "the pod has what \"prevResult\" does not name: " + String.join(", ", missing)
                            + "; delete the pod and let it be made again");
        }
    }

    private static Answer success(byte[] output) {
        return new Answer(0, output);
    }

    static Answer failure(CniVersion version, CniException e) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cniVersion", version.toString());
        json.put("code", e.code().number());
        json.put("msg", e.getMessage());
        json.put("details", e.details());
        return new Answer(1, Json.write(json));
    }

    private static byte[] versions() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cniVersion", CniVersion.LATEST.toString());
        json.put("supportedVersions", CniVersion.all());
        return Json.write(json);
    }

    int callsInTurn() {
        return order.users();
    }
}
