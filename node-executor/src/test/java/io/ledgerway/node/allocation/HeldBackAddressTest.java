package io.ledgerway.node.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Eni;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeldBackAddressTest {

    private static final EniId ENI = new EniId("eni-1");
    private static final IpAddress IP = new IpAddress("10.0.0.2");
    private static final AttachmentId A = new AttachmentId(new PodUid("a"), "eth0");

    private final Addresses addresses = new Addresses(() -> 0);

    private static Position at(long sequence) {
        return new Position(0, sequence, 1);
    }

    private static NodeState state(long sequence, Address address) {
        var enis = new LinkedHashMap<EniId, Eni>();
        enis.put(
                ENI,
                new Eni(
                        ENI,
                        new MacAddress("00:16:3e:00:00:01"),
                        new VSwitchId("vsw"),
                        new IpAddress("10.0.0.1"),
                        new Eni.Attached(1)));
        var known = new LinkedHashMap<IpAddress, Address>();
        known.put(IP, address);
        return new NodeState(
                Optional.of(at(sequence)),
                enis,
                known,
                NodeState.EMPTY.endpoints(),
                NodeState.EMPTY.vSwitches(),
                Optional.empty());
    }

    @Test
    void whatLooksFreeRestsUntilTheStateShowsWhatTheLogHasMadeOfTheLoss() {
        addresses.accept(state(1, new Address.Idle(ENI)));
        addresses.holdBack();
        assertEquals(0, addresses.free());

        addresses.accept(state(2, new Address.Idle(ENI)));
        assertEquals(0, addresses.free(), "a state from before the loss was heard says nothing");
        addresses.lossIsHeard(at(4));
        addresses.accept(state(3, new Address.Idle(ENI)));
        assertEquals(Optional.empty(), addresses.propose(A));
        addresses.accept(state(4, new Address.Idle(ENI)));

        assertEquals(1, addresses.free());
    }

    @Test
    void aStateThatShowsItAlreadyNeedNotChangeAgain() {
        addresses.accept(state(5, new Address.Idle(ENI)));
        addresses.holdBack();

        addresses.lossIsHeard(at(4));

        assertEquals(1, addresses.free());
    }

    @Test
    void whatTheKernelWasFoundToHoldRestsTooWhenTheJournalIsBegunAnew() {
        addresses.accept(state(1, new Address.Idle(ENI)));
        addresses.lay(IP, ENI, new Laid.InKernel(A, Optional.empty()));
        addresses.holdBack();

        addresses.logIsHeard();

        assertEquals(0, addresses.free());
    }
}
