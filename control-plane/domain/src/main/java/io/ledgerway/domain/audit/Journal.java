package io.ledgerway.domain.audit;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The log's records and intervals, found by what they are about. Every list is in log order and has a limit: beyond
/// it the oldest are left out.
public interface Journal {

    /// The most records that one question brings.
    int MOST_RECORDS = 1000;

    /// The most holdings that one question brings.
    int MOST_HOLDINGS = 100_000;

    /// Around one moment an address has one holder, or two where a clock may be wrong; more only in a conflict.
    int FEW_HOLDINGS = 8;

    Optional<JournalEntry> at(Position position);

    List<JournalEntry> ofPod(PodUid pod);

    /// What made, settled or waited for this cloud request.
    List<JournalEntry> ofIntent(IntentId intent);

    /// The life of an ENI.
    List<JournalEntry> ofEni(EniId eni);

    List<JournalEntry> ofNode(NodeName node);

    /// What names the address.
    List<JournalEntry> ofAddress(IpAddress address);

    /// The pods that had this name, the one that was heard of last first.
    List<PodUid> podsNamed(Subjects.PodName name);

    /// The record that brought the address to its node, the last one before `position` in the same partition.
    Optional<JournalEntry> assignmentBefore(IpAddress address, Position position);

    /// The record that made the address idle again, the first one behind `position` in the same partition.
    Optional<JournalEntry> coolingAfter(IpAddress address, Position position);

    List<Holding> holdingsOf(PodUid pod);

    /// All holdings of the address, the earliest first.
    List<Holding> holdingsOf(IpAddress address);

    /// The first few of those holdings, in the order of their ends, that end behind `time`; open ones come last.
    List<Holding> holdingsEndingAfter(IpAddress address, Instant time);

    /// Who holds what now, ordered by address.
    List<Holding> openHoldings();

    /// Every holding there ever was, by its beginning: at most [#MOST_HOLDINGS].
    List<Holding> allHoldings();

    /// Every conflict there is: none, or an alarm.
    List<Conflict> conflicts();

    /// All assignments of the address to ENIs, the earliest first.
    List<Assignment> assignmentsOf(IpAddress address);

    List<Conflict> conflictsOf(IpAddress address);

    /// What the log has heard from the node; empty before it has registered.
    Optional<Contact> contactOf(NodeName node);

    /// The times of which it is not known what the node did, the earliest told first.
    List<Gap> gapsOf(NodeName node);

    /// The latest records that contradict what the log knows: none, or an alarm.
    List<JournalEntry> unexplained();
}
