package io.ledgerway.schemas;

import static io.ledgerway.schemas.Values.instant;
import static io.ledgerway.schemas.Values.time;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.schemas.event.v1.JournalAbandoned;
import io.ledgerway.schemas.event.v1.JournalBooted;
import io.ledgerway.schemas.event.v1.JournalBound;
import io.ledgerway.schemas.event.v1.JournalCooled;
import io.ledgerway.schemas.event.v1.JournalReady;
import io.ledgerway.schemas.event.v1.JournalReleased;
import io.ledgerway.schemas.event.v1.JournalRemoved;
import io.ledgerway.schemas.event.v1.JournalWithdrawalConfirmed;

/// The entries of a node's journal, as the journal's file, the node API and the log carry them.
public final class Journals {

    private Journals() {}

    public static io.ledgerway.schemas.event.v1.Journalled entry(Journalled value) {
        var to = io.ledgerway.schemas.event.v1.Journalled.newBuilder()
                .setSequence(value.sequence())
                .setAt(time(value.at()));
        switch (value.fact()) {
            case JournalFact.Booted f ->
                to.setBooted(JournalBooted.newBuilder().setBootId(f.boot().value()));
            case JournalFact.Bound f ->
                to.setBound(JournalBound.newBuilder()
                        .setRequest(Values.request(f.request()))
                        .setAllocation(Values.allocation(f.allocation())));
            case JournalFact.Ready f ->
                to.setReady(JournalReady.newBuilder()
                        .setAttachment(Values.attachment(f.attachment()))
                        .setSandboxId(f.sandbox().value())
                        .setHostInterface(f.hostInterface()));
            case JournalFact.Released f ->
                to.setReleased(JournalReleased.newBuilder()
                        .setAttachment(Values.attachment(f.attachment()))
                        .setSandboxId(f.sandbox().value()));
            case JournalFact.Removed f ->
                to.setRemoved(JournalRemoved.newBuilder()
                        .setAttachment(Values.attachment(f.attachment()))
                        .setSandboxId(f.sandbox().value()));
            case JournalFact.Cooled f ->
                to.setCooled(JournalCooled.newBuilder().addAllAddresses(Values.texts(f.addresses())));
            case JournalFact.Abandoned f ->
                to.setAbandoned(JournalAbandoned.newBuilder()
                        .setRequest(Values.request(f.request()))
                        .setWhy(f.why()));
            case JournalFact.WithdrawalConfirmed f ->
                to.setWithdrawalConfirmed(JournalWithdrawalConfirmed.newBuilder()
                        .setWishId(f.wish().value())
                        .addAllAddresses(Values.texts(f.addresses())));
        }
        return to.build();
    }

    /// @throws IllegalArgumentException if the entry holds no fact that this version knows
    public static Journalled entry(io.ledgerway.schemas.event.v1.Journalled value) {
        return new Journalled(value.getSequence(), instant(value.getAt()), fact(value));
    }

    private static JournalFact fact(io.ledgerway.schemas.event.v1.Journalled value) {
        return switch (value.getFactCase()) {
            case BOOTED -> new JournalFact.Booted(new BootId(value.getBooted().getBootId()));
            case BOUND ->
                new JournalFact.Bound(
                        Values.request(value.getBound().getRequest()),
                        Values.allocation(value.getBound().getAllocation()));
            case READY ->
                new JournalFact.Ready(
                        Values.attachment(value.getReady().getAttachment()),
                        new SandboxId(value.getReady().getSandboxId()),
                        value.getReady().getHostInterface());
            case RELEASED ->
                new JournalFact.Released(
                        Values.attachment(value.getReleased().getAttachment()),
                        new SandboxId(value.getReleased().getSandboxId()));
            case REMOVED ->
                new JournalFact.Removed(
                        Values.attachment(value.getRemoved().getAttachment()),
                        new SandboxId(value.getRemoved().getSandboxId()));
            case COOLED ->
                new JournalFact.Cooled(Values.addresses(value.getCooled().getAddressesList()));
            case ABANDONED ->
                new JournalFact.Abandoned(
                        Values.request(value.getAbandoned().getRequest()),
                        value.getAbandoned().getWhy());
            case WITHDRAWAL_CONFIRMED ->
                new JournalFact.WithdrawalConfirmed(
                        new WishId(value.getWithdrawalConfirmed().getWishId()),
                        Values.addresses(value.getWithdrawalConfirmed().getAddressesList()));
            case FACT_NOT_SET ->
                throw new IllegalArgumentException(
                        "entry " + value.getSequence() + " of a journal holds no fact that this version knows");
        };
    }
}
